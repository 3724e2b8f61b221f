/// What a raw HCI socket lets through (the kernel's struct hci_filter).
struct HCIFilter: Hashable, Sendable {
    /// Packet types by bit: 1 << 4 is events.
    var types: UInt32
    /// Event codes by bit, 0 to 63.
    var events: UInt64
    /// The one opcode whose answers pass; 0 for all.
    var opcode: UInt16 = 0

    /// What a scanner needs: Command Complete 0x0e, Command Status 0x0f, Hardware Error 0x10, LE Meta 0x3e. (The kernel
    /// looks at the low six bits of an event code: 0xff, vendor events, would be bit 63.)
    static let scanner = HCIFilter(types: 1 << 4, events: [0x0e, 0x0f, 0x10, 0x3e].reduce(0) { $0 | 1 << UInt64($1) })

    /// Exactly 16 bytes: u32, u32[2], u16 in native order and two bytes of padding. Since Linux 6.9 the kernel refuses the
    /// 14 bytes that others send (EINVAL).
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        withUnsafeBytes(of: types) { bytes += $0 }
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: events)) { bytes += $0 }
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: events >> 32)) { bytes += $0 }
        withUnsafeBytes(of: opcode) { bytes += $0 }
        return bytes + [0, 0]
    }
}
