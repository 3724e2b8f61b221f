/// Joins the parts of extended advertisements that a controller reports in several events.
///
/// Parts belong together when address type, address, advertising set and event type agree. Whole advertisements, which
/// are nearly all, pass through without a copy. What strangers send in parts is held for a second at most and bounded
/// in bytes and number. Parts of an anonymous advertiser are joined only when nothing stands between them, because two
/// such advertisers cannot be told apart.
package struct FragmentAssembler: Sendable {
    /// What became of a report.
    package enum Outcome: Hashable, Sendable {
        /// The data was complete (at once or with this part) and given to `body`.
        case delivered
        /// The advertisement ended here, cut off by the controller; what there was has been given to `body`.
        case truncated
        /// More parts are to come; this one is kept.
        case held
        /// The parts together are longer than an advertisement can be; all dropped.
        case oversized
    }

    /// The longest advertising data: 1,650 bytes (Core Vol 4 Part E 7.8.57).
    package static let maximumBytes = 1650

    private struct Key: Equatable {
        var addressType: AddressType
        var address: BluetoothAddress
        var sid: UInt8?
        /// Connectable, scannable, directed, scan response: the parts of one advertisement agree in these.
        var properties: UInt16
    }

    private struct Assembly {
        var key: Key
        var since: Duration
        /// The report's number: an anonymous part must follow directly.
        var serial: UInt64
        var bytes: [UInt8]
    }

    private var open: [Assembly] = []
    private var serial: UInt64 = 0
    private let maximumOpen: Int
    private let maximumAge: Duration

    /// Advertisements given up: too old, pushed out by others, or interrupted.
    package private(set) var abandoned: UInt64 = 0

    package init(maximumOpen: Int = 32, maximumAge: Duration = .seconds(1)) {
        self.maximumOpen = max(1, maximumOpen)
        self.maximumAge = maximumAge
    }

    /// How many advertisements wait for more parts.
    package var openCount: Int { open.count }

    /// Takes the next report and calls `body` with the whole data when there is some to give.
    ///
    /// - `at`: monotonic time of the report; it must not go backwards.
    package mutating func add(
        _ report: AdvertisingReport, _ data: Span<UInt8>, at: Duration, _ body: (Span<UInt8>) -> Void
    ) -> Outcome {
        serial &+= 1
        if open.isEmpty, report.dataStatus == .complete || report.isLegacy {
            body(data)
            return .delivered
        }
        expire(at)
        if report.isLegacy {
            body(data)
            return report.dataStatus == .truncated ? .truncated : .delivered
        }
        let key = Key(
            addressType: report.addressType, address: report.address, sid: report.sid,
            properties: report.eventType & 0x0f)
        guard let slot = open.firstIndex(where: { $0.key == key }) else {
            return begin(key, report, data, at, body)
        }
        var assembly = open.remove(at: slot)
        guard assembly.bytes.count + data.count <= Self.maximumBytes else {
            abandoned += 1
            return .oversized
        }
        for index in 0..<data.count { assembly.bytes.append(data[index]) }
        switch report.dataStatus {
        case .incomplete:
            assembly.serial = serial
            open.append(assembly)
            return .held
        case .complete:
            body(assembly.bytes.span)
            return .delivered
        case .truncated:
            body(assembly.bytes.span)
            return .truncated
        }
    }

    private mutating func begin(
        _ key: Key, _ report: AdvertisingReport, _ data: Span<UInt8>, _ at: Duration, _ body: (Span<UInt8>) -> Void
    ) -> Outcome {
        switch report.dataStatus {
        case .complete:
            body(data)
            return .delivered
        case .truncated:
            body(data)
            return .truncated
        case .incomplete:
            if open.count >= maximumOpen {
                open.removeFirst()
                abandoned += 1
            }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(2 * AdvertisingReportParser.extendedDataLimit)
            for index in 0..<data.count { bytes.append(data[index]) }
            open.append(Assembly(key: key, since: at, serial: serial, bytes: bytes))
            return .held
        }
    }

    /// Drops what is too old, and the anonymous advertisement that another report interrupted.
    private mutating func expire(_ now: Duration) {
        let before = open.count
        open.removeAll { assembly in
            now - assembly.since > maximumAge
                || assembly.key.addressType == .anonymous && assembly.serial &+ 1 != serial
        }
        abandoned += UInt64(before - open.count)
    }
}
