/// Event codes of Core Vol 4 Part E 7.7 that the kernel edge tells apart.
enum HCIEvent {
    static let hardwareError: UInt8 = 0x10
    static let leMeta: UInt8 = 0x3e
    /// Advertising Report, Directed Advertising Report, Extended Advertising Report.
    static let advertisingSubevents: [UInt8] = [0x02, 0x0b, 0x0d]
}
