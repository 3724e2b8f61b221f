package import Advertising

/// How many things could not be read to their end, by reason; a value of fixed size that never allocates.
package struct MalformedCounts: Sendable {
    private var counts = InlineArray<10, UInt64>(repeating: 0)

    package init() {}

    package subscript(reason: MalformedReason) -> UInt64 {
        get { counts[Self.index(reason)] }
        set { counts[Self.index(reason)] = newValue }
    }

    package var total: UInt64 {
        MalformedReason.allCases.reduce(0) { $0 + self[$1] }
    }

    /// Without faults in what an advertiser wrote, which say nothing about the controller.
    package var ofEvents: UInt64 { total - self[.advertisingData] }

    private static func index(_ reason: MalformedReason) -> Int {
        switch reason {
        case .shortEvent: 0
        case .eventLength: 1
        case .reportCount: 2
        case .truncatedReport: 3
        case .eventType: 4
        case .addressType: 5
        case .dataLength: 6
        case .dataStatus: 7
        case .trailingBytes: 8
        case .advertisingData: 9
        }
    }
}

extension MalformedCounts: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        MalformedReason.allCases.allSatisfy { left[$0] == right[$0] }
    }

    package func hash(into hasher: inout Hasher) {
        for reason in MalformedReason.allCases { hasher.combine(self[reason]) }
    }
}
