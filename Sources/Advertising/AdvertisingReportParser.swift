/// Takes the advertising reports out of one HCI packet; allocates nothing.
///
/// Understood: LE Meta events (0x3E) with subevent 0x02 (LE Advertising Report), 0x0B (LE Directed Advertising Report)
/// and 0x0D (LE Extended Advertising Report), Core Vol 4 Part E 7.7.65.2, .11 and .13. Reports of an event are read one
/// after the other (each with all its fields), which is what controllers send.
package enum AdvertisingReportParser {
    /// What became of a packet.
    package enum Outcome: Hashable, Sendable {
        /// Another kind of packet, or another event.
        case notAnAdvertisement
        /// So many reports were given, and nothing was wrong.
        case reports(Int)
        /// Something was wrong after so many reports, which were given.
        case malformed(MalformedReason, reports: Int)
    }

    package static let eventPacket: UInt8 = 0x04
    package static let metaEvent: UInt8 = 0x3e
    package static let legacyReport: UInt8 = 0x02
    package static let directedReport: UInt8 = 0x0b
    package static let extendedReport: UInt8 = 0x0d

    /// The most data that a legacy PDU carries, in bytes.
    package static let legacyDataLimit = 31
    /// The most data that one extended report carries, in bytes.
    package static let extendedDataLimit = 229

    /// Parses one H4 packet, type byte first, and calls `body` for each report with the report's advertising data.
    package static func parse(
        _ packet: Span<UInt8>, _ body: (AdvertisingReport, Span<UInt8>) -> Void
    ) -> Outcome {
        guard packet.count > 0, packet[0] == eventPacket else { return .notAnAdvertisement }
        guard packet.count >= 3 else { return .malformed(.shortEvent, reports: 0) }
        guard packet[1] == metaEvent else { return .notAnAdvertisement }
        let claimed = Int(packet[2])
        let parameters = packet.extracting(3..<min(packet.count, 3 + claimed))
        let exact = packet.count == 3 + claimed
        guard parameters.count >= 1 else { return .malformed(.shortEvent, reports: 0) }
        let subevent = parameters[0]
        guard subevent == legacyReport || subevent == directedReport || subevent == extendedReport else {
            return .notAnAdvertisement
        }
        guard parameters.count >= 2 else { return .malformed(.shortEvent, reports: 0) }
        let expected = Int(parameters[1])
        guard expected > 0 else { return .malformed(.reportCount, reports: 0) }
        var offset = 2
        var given = 0
        while given < expected {
            let rest = parameters.extracting(offset..<parameters.count)
            let step: Step =
                switch subevent {
                case legacyReport: legacy(rest, body)
                case directedReport: directed(rest, body)
                default: extended(rest, body)
                }
            switch step {
            case .consumed(let bytes):
                offset += bytes
                given += 1
            case .fault(let reason):
                return .malformed(reason, reports: given)
            }
        }
        guard exact else { return .malformed(.eventLength, reports: given) }
        guard offset == parameters.count else { return .malformed(.trailingBytes, reports: given) }
        return .reports(given)
    }

    private enum Step {
        case consumed(Int)
        case fault(MalformedReason)
    }

    /// event type, address type, address (6), data length, data, RSSI.
    private static func legacy(_ bytes: Span<UInt8>, _ body: (AdvertisingReport, Span<UInt8>) -> Void) -> Step {
        guard bytes.count >= 9 else { return .fault(.truncatedReport) }
        guard let eventType = EventType.legacy(bytes[0]) else { return .fault(.eventType) }
        guard bytes[1] <= 3, let addressType = AddressType(rawValue: bytes[1]) else { return .fault(.addressType) }
        let length = Int(bytes[8])
        guard length <= legacyDataLimit else { return .fault(.dataLength) }
        guard bytes.count >= 9 + length + 1 else { return .fault(.truncatedReport) }
        let report = AdvertisingReport(
            address: BluetoothAddress(rawValue: bytes.littleEndian48(at: 2)), addressType: addressType,
            eventType: eventType, rssi: AdvertisingReport.level(bytes[9 + length]))
        body(report, bytes.extracting(9..<(9 + length)))
        return .consumed(10 + length)
    }

    /// event type, address type, address (6), direct address type, direct address (6), RSSI; no data.
    private static func directed(_ bytes: Span<UInt8>, _ body: (AdvertisingReport, Span<UInt8>) -> Void) -> Step {
        guard bytes.count >= 16 else { return .fault(.truncatedReport) }
        guard bytes[0] == 1 else { return .fault(.eventType) }
        guard bytes[1] <= 3, let addressType = AddressType(rawValue: bytes[1]) else { return .fault(.addressType) }
        let report = AdvertisingReport(
            address: BluetoothAddress(rawValue: bytes.littleEndian48(at: 2)), addressType: addressType,
            eventType: EventType.directed, rssi: AdvertisingReport.level(bytes[15]))
        body(report, bytes.extracting(16..<16))
        return .consumed(16)
    }

    /// event type (2), address type, address (6), primary PHY, secondary PHY, SID, TX power, RSSI, periodic interval
    /// (2), direct address type, direct address (6), data length, data.
    private static func extended(_ bytes: Span<UInt8>, _ body: (AdvertisingReport, Span<UInt8>) -> Void) -> Step {
        guard bytes.count >= 24 else { return .fault(.truncatedReport) }
        let eventType = bytes.littleEndian16(at: 0)
        guard EventType.isKnown(eventType) else { return .fault(.eventType) }
        guard let addressType = AddressType(rawValue: bytes[2]) else { return .fault(.addressType) }
        let status: AdvertisingReport.DataStatus
        switch eventType >> 5 & 3 {
        case 0: status = .complete
        case 1: status = .incomplete
        case 2: status = .truncated
        default: return .fault(.dataStatus)
        }
        let length = Int(bytes[23])
        let isLegacy = eventType & EventType.legacyBit != 0
        guard length <= (isLegacy ? legacyDataLimit : extendedDataLimit) else { return .fault(.dataLength) }
        guard bytes.count >= 24 + length else { return .fault(.truncatedReport) }
        let report = AdvertisingReport(
            address: BluetoothAddress(rawValue: bytes.littleEndian48(at: 3)), addressType: addressType,
            eventType: eventType, rssi: AdvertisingReport.level(bytes[13]), dataStatus: status,
            sid: bytes[11] <= 0x0f ? bytes[11] : nil, primaryPHY: bytes[9], secondaryPHY: bytes[10],
            txPower: bytes[12] == 127 ? nil : Int8(bitPattern: bytes[12]))
        body(report, bytes.extracting(24..<(24 + length)))
        return .consumed(24 + length)
    }
}
