package import Advertising
package import Subjects

/// Decides what of the radio's packets a recording may hold; a value, without a file.
///
/// In a recording of our own nothing of a stranger gets in, not even what stood in the same event: such an event is
/// taken apart and our report is written as an event of its own.
package struct CaptureFilter: Sendable {
    package enum Scope: Hashable, Sendable {
        /// What resolves to a subject: a person who opted in, staff, a beacon.
        case own
        /// Everything on the air.
        case everybody
    }

    private let scope: Scope
    /// Our reports of the packet that is being read.
    private var own: [[UInt8]] = []
    /// Every one of them came whole, alone.
    private var isPlain = true

    /// Reports of our own that were kept.
    package private(set) var kept = 0
    /// Packets that were left out.
    package private(set) var leftOut = 0

    package init(_ scope: Scope) {
        self.scope = scope
    }

    /// See `ReportObserver`.
    package mutating func observe(
        _ report: AdvertisingReport, _ data: Span<UInt8>, isJoined: Bool, whose: Resolution
    ) {
        guard scope == .own, case .subject = whose else { return }
        own += AdvertisingEvent.packets(report, data)
        isPlain = isPlain && !isJoined
        kept += 1
    }

    /// The packets to write for this one: itself, parts of it, or none.
    package mutating func packets(
        for packet: Span<UInt8>, outcome: AdvertisingReportParser.Outcome
    ) -> [[UInt8]] {
        defer {
            own.removeAll(keepingCapacity: true)
            isPlain = true
        }
        if scope == .everybody {
            kept += 1
            return [Self.copy(packet)]
        }
        guard !own.isEmpty else {
            leftOut += 1
            return []
        }
        return isPlain && outcome == .reports(1) ? [Self.copy(packet)] : own
    }

    private static func copy(_ packet: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(packet.count)
        for index in 0..<packet.count { bytes.append(packet[index]) }
        return bytes
    }
}
