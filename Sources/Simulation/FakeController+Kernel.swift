/// What Linux's own Bluetooth host asks of an LE-only controller when it brings the adapter up and down and scans
/// (net/bluetooth/hci_sync.c), beyond what a scanner needs. Commands without effect on a scan are only taken.
extension FakeController {
    /// The return parameters, status first; 0x01 (Unknown HCI Command) for what this controller does not have.
    func executeForKernel(_ opcode: UInt16) -> [UInt8] {
        if options.isDualMode {
            if let values = Self.classicAnswers[opcode] { return [0x00] + values }
            if Self.classicTaken.contains(opcode) { return [0x00] }
        }
        if let values = Self.answers[opcode] { return [0x00] + values }
        if Self.taken.contains(opcode) { return [0x00] }
        guard options.supportsExtended else { return [0x01] }
        if let values = Self.extendedAnswers[opcode] { return [0x00] + values }
        return Self.extendedTaken.contains(opcode) ? [0x00] : [0x01]
    }

    /// Return parameters of Read Local Supported Commands: a bit for each command that is more than taken by every
    /// controller (6.27).
    var supportedCommands: [UInt8] {
        var octets = [UInt8](repeating: 0, count: 64)
        octets[5] = 0b1100_0000  // event mask, reset
        octets[14] = 0b1010_1000  // versions, features, buffer size
        octets[15] = 0b0000_0010  // address
        octets[25] = 0b1111_0111  // LE event mask, buffer size, features, random address, advertising
        octets[26] = 0b1111_1111  // advertising data and enable, scan parameters and enable, connections, accept list
        octets[27] = 0b1111_1111
        octets[28] = 0b0000_1111
        if options.supportsExtended {
            octets[36] = 0b1111_1110  // advertising sets
            octets[37] = 0b0111_1111  // advertising sets, extended scan parameters and enable
        }
        return octets
    }

    private static let answers: [UInt16: [UInt8]] = [
        0x0c14: Array("Footbridge virtual controller".utf8) + [UInt8](repeating: 0, count: 219),  // local name
        0x0c23: [0, 0, 0],  // class of device
        0x0c25: [0, 0],  // voice setting
        0x0c38: [1],  // number of inquiry access codes
        0x1003: [0, 0, 0, 0, 0b0110_0000, 0, 0, 0],  // features: LE, no BR/EDR
        0x1005: [0, 0, 0, 0, 0, 0, 0],  // no BR/EDR buffers
        0x2002: [27, 0, 8],  // LE buffers
        0x2007: [7],  // transmit power of advertisements
        0x200f: [16],  // size of the accept list
        0x2018: [0x5a, 0xc3, 0x96, 0x3c, 0x69, 0xa5, 0x0f, 0xf0],  // random number
        0x201c: [0xff, 0x03, 0, 0, 0, 0, 0, 0],  // states
        0x2023: [27, 0, 0x48, 0x01],  // suggested data length
        0x202a: [16],  // size of the resolving list
        0x202f: [251, 0, 0x48, 0x08, 251, 0, 0x48, 0x08],  // longest data
    ]

    private static let classicAnswers: [UInt16: [UInt8]] = [
        0x0c39: [1, 0x33, 0x8b, 0x9e],  // inquiry access codes: the general one
        0x1003: [0, 0, 0, 0, 0b0100_0000, 0, 0, 0],  // features: LE beside BR/EDR
        0x1005: [0xfd, 0x03, 0x40, 8, 0, 0, 0],  // BR/EDR buffers
    ]

    /// Clear event filters, accept timeout, scan enable, authentication enable.
    private static let classicTaken: Set<UInt16> = [0x0c05, 0x0c16, 0x0c1a, 0x0c20]

    /// Set event mask page 2, write LE host support, local name and class; advertising (nobody hears
    /// it), accept and resolving lists, data length, PHY.
    private static let taken: Set<UInt16> = [
        0x0c13, 0x0c24, 0x0c63, 0x0c6d, 0x2006, 0x2008, 0x2009, 0x200a, 0x2010, 0x2011, 0x2012, 0x2024, 0x2029,
        0x202d, 0x202e, 0x2031,
    ]

    private static let extendedAnswers: [UInt16: [UInt8]] = [
        0x2036: [0],  // extended advertising parameters: the transmit power taken
        0x203a: [31, 0],  // longest advertising data
        0x203b: [1],  // advertising sets
        0x204b: [0xec, 10],  // transmit power, -20 to 10 dBm
    ]

    private static let extendedTaken: Set<UInt16> = [0x2035, 0x2037, 0x2038, 0x2039, 0x203c, 0x203d]
}
