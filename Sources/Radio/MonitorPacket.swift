/// The header of a packet on HCI_CHANNEL_MONITOR (hci_mon.h): opcode, adapter index and length, little-endian u16 each.
package struct MonitorPacket: Hashable, Sendable {
    static let headerBytes = 6

    /// The opcodes that pass our filter.
    package enum Kind: UInt16, Hashable, Sendable {
        case newIndex = 0
        case deletedIndex = 1
        case event = 3
        case openIndex = 8
        case closeIndex = 9
        case indexInfo = 10
    }

    package var kind: Kind
    package var index: UInt16
    /// Bytes behind the header.
    package var count: Int

    /// Nil for a packet of another kind, one shorter than its header, or one whose length is not that of the packet.
    package init?(_ packet: Span<UInt8>) {
        guard packet.count >= Self.headerBytes else { return nil }
        let fields = (0..<3).map { UInt16(packet[2 * $0]) | UInt16(packet[2 * $0 + 1]) << 8 }
        guard let kind = Kind(rawValue: fields[0]), Int(fields[2]) == packet.count - Self.headerBytes else {
            return nil
        }
        self.kind = kind
        index = fields[1]
        count = Int(fields[2])
    }
}
