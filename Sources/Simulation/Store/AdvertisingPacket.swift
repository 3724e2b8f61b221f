/// H4 packets of one advertisement, as controllers report it: built once, then stamped with each receiver's level.
///
/// Bluetooth Core 5.4, Vol 4 Part E, 7.7.65.2 (LE Advertising Report) and 7.7.65.13 (LE Extended Advertising Report).
struct AdvertisingPacket: Sendable {
    /// `nil` for an extended advertisement, which a legacy-only controller does not hear.
    private let legacy: [UInt8]?
    private let extended: [UInt8]

    /// Where the level stands in an extended report with one entry.
    private static let extendedLevel = 18

    enum PDU: Sendable {
        case connectable
        case nonConnectable
        /// An auxiliary PDU on 1M, advertising set 1.
        case extendedNonConnectable
    }

    /// `address`: 48 bits, most significant byte first; a random address. `data`: at most 31 bytes in a legacy PDU, at most 229 in
    /// an extended one; more is cut.
    init(pdu: PDU, address: UInt64, data: [UInt8]) {
        let data = Array(data.prefix(pdu == .extendedNonConnectable ? 229 : 31))
        let littleEndian = (0..<6).map { UInt8(truncatingIfNeeded: address >> UInt64(8 * $0)) }
        let eventType: [UInt8] =
            switch pdu {
            case .connectable: [0x13, 0x00]
            case .nonConnectable: [0x10, 0x00]
            case .extendedNonConnectable: [0x00, 0x00]
            }
        let isExtended = pdu == .extendedNonConnectable
        var report: [UInt8] = [0x04, 0x3E, UInt8(26 + data.count), 0x0D, 1]
        report += eventType + [0x01] + littleEndian
        report += [0x01, isExtended ? 0x01 : 0x00, isExtended ? 0x01 : 0xFF, 0x7F, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        report.append(UInt8(data.count))
        extended = report + data
        guard !isExtended else {
            legacy = nil
            return
        }
        report = [0x04, 0x3E, UInt8(12 + data.count), 0x02, 1, pdu == .connectable ? 0x00 : 0x03, 0x01]
        legacy = report + littleEndian + [UInt8(data.count)] + data + [0x7F]
    }

    /// The packet of a controller of that kind that hears the advertisement at `level` dBm; `nil` when it can't hear it.
    func heard(level: Int8, legacyOnly: Bool) -> [UInt8]? {
        if legacyOnly {
            guard var packet = legacy else { return nil }
            packet[packet.count - 1] = UInt8(bitPattern: level)
            return packet
        }
        var packet = extended
        packet[Self.extendedLevel] = UInt8(bitPattern: level)
        return packet
    }
}
