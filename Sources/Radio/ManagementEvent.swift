/// An event of the kernel's management interface (mgmt-api.txt): event code, adapter index and length, little-endian u16
/// each, then parameters.
package enum ManagementEvent: Hashable, Sendable {
    /// The end of a command: its own answer, or a status.
    case answered(opcode: UInt16, index: UInt16, ManagementStatus, parameters: [UInt8])
    case changed(AdapterEvent)

    /// The events that concern us; no other passes the socket's filter.
    enum Code: UInt16, CaseIterable, Sendable {
        case commandComplete = 0x0001
        case commandStatus = 0x0002
        case indexAdded = 0x0004
        case indexRemoved = 0x0005
        case newSettings = 0x0006
        case discovering = 0x0013
        case monitorRemoved = 0x002c
    }

    static let headerBytes = 6

    /// Nil for another event, or for one that is shorter than its fields or longer than its packet.
    package init?(_ packet: Span<UInt8>) {
        guard packet.count >= Self.headerBytes, let code = Code(rawValue: Self.integer16(packet, 0)),
            Int(Self.integer16(packet, 4)) == packet.count - Self.headerBytes
        else { return nil }
        let index = Self.integer16(packet, 2)
        let count = packet.count - Self.headerBytes
        func parameter(_ offset: Int) -> UInt8 { packet[Self.headerBytes + offset] }
        switch code {
        case .commandComplete, .commandStatus:
            guard count >= 3 else { return nil }
            let parameters = (3..<count).map(parameter)
            self = .answered(
                opcode: Self.integer16(packet, Self.headerBytes), index: index, .init(rawValue: parameter(2)),
                parameters: parameters)
        case .indexAdded: self = .changed(.added(index))
        case .indexRemoved: self = .changed(.removed(index))
        case .newSettings:
            guard count >= 4 else { return nil }
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(parameter($1)) << UInt32(8 * $1) }
            self = .changed(.settings(index, AdapterSettings(rawValue: bits)))
        case .discovering:
            // Address type, then the state.
            guard count >= 2 else { return nil }
            self = .changed(.discovering(index, parameter(1) != 0))
        case .monitorRemoved:
            guard count >= 2 else { return nil }
            self = .changed(.monitorRemoved(index, handle: Self.integer16(packet, Self.headerBytes)))
        }
    }

    private static func integer16(_ packet: Span<UInt8>, _ offset: Int) -> UInt16 {
        UInt16(packet[offset]) | UInt16(packet[offset + 1]) << 8
    }
}
