/// A command to the kernel's management interface (mgmt-api.txt).
struct ManagementCommand: Hashable, Sendable {
    var opcode: UInt16
    /// The adapter, or `HCISocket.noAdapter`.
    var index: UInt16
    var parameters: [UInt8] = []
    /// Completes `refused to ...`.
    var doing: String

    /// Opcode, index and length, little-endian u16 each, then the parameters.
    var bytes: [UInt8] {
        Self.bytes(opcode) + Self.bytes(index) + Self.bytes(UInt16(parameters.count)) + parameters
    }

    static let readIndexList = ManagementCommand(
        opcode: 0x0003, index: HCISocket.noAdapter, doing: "list the adapters")

    static func readController(_ index: UInt16) -> ManagementCommand {
        ManagementCommand(opcode: 0x0004, index: index, doing: "describe the adapter")
    }

    static func setPowered(_ isPowered: Bool, _ index: UInt16) -> ManagementCommand {
        ManagementCommand(
            opcode: 0x0005, index: index, parameters: [isPowered ? 1 : 0],
            doing: isPowered ? "switch the adapter on" : "switch the adapter off")
    }

    /// Set Low Energy. The kernel talks to the controller, which must be powered, before it answers.
    static func setLowEnergy(_ isOn: Bool, _ index: UInt16) -> ManagementCommand {
        ManagementCommand(
            opcode: 0x000d, index: index, parameters: [isOn ? 1 : 0],
            doing: isOn ? "switch Bluetooth LE on" : "switch Bluetooth LE off")
    }

    /// Set Default System Configuration: the kernel's scan for advertisement monitors listens all of the time (interval
    /// and window both 60 ms; by default the window is half of the interval), and does not take turns with a scan that
    /// hears only paired devices.
    static func listenAllOfTheTime(_ index: UInt16) -> ManagementCommand {
        let slots: UInt16 = 0x60
        return ManagementCommand(
            opcode: 0x004c, index: index,
            parameters: configuration(0x0013, bytes(slots)) + configuration(0x0014, bytes(slots))
                + configuration(0x001f, [0]),
            doing: "scan all of the time")
    }

    /// Read Default System Configuration.
    static func readConfiguration(_ index: UInt16) -> ManagementCommand {
        ManagementCommand(opcode: 0x004b, index: index, doing: "tell how it scans")
    }

    /// Add Advertisement Patterns Monitor: while there is one, the kernel scans. The kernel refuses one without a pattern
    /// and takes at most 16 patterns.
    static func addMonitor(_ patterns: [AdvertisementPattern], _ index: UInt16) -> ManagementCommand {
        let taken = patterns.prefix(16)
        return ManagementCommand(
            opcode: 0x0052, index: index, parameters: [UInt8(taken.count)] + taken.flatMap(\.bytes),
            doing: "scan for us")
    }

    /// Read Advertisement Monitor Features: supported and enabled u32, room for monitors u16, for patterns u8, how many
    /// monitors there are u16, and their handles.
    static func readMonitorFeatures(_ index: UInt16) -> ManagementCommand {
        ManagementCommand(opcode: 0x0051, index: index, doing: "tell what it scans for")
    }

    /// Whether the answer to `readMonitorFeatures` says that there is no room for one more.
    static func isMonitorTableFull(_ features: [UInt8]) -> Bool {
        guard features.count >= 13 else { return false }
        let room = UInt16(features[8]) | UInt16(features[9]) << 8
        return UInt16(features[11]) | UInt16(features[12]) << 8 >= room
    }

    static func removeMonitor(_ handle: UInt16, _ index: UInt16) -> ManagementCommand {
        ManagementCommand(
            opcode: 0x0053, index: index, parameters: bytes(handle), doing: "end the scan for us")
    }

    /// One entry of a system configuration: type, length, value.
    private static func configuration(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        bytes(type) + [UInt8(value.count)] + value
    }

    private static func bytes(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xff), UInt8(value >> 8)] }
}

/// Bytes at a place of one AD structure, for controllers that match in hardware: where the kernel cannot hand that on to
/// the controller, any pattern lets everything through.
struct AdvertisementPattern: Hashable, Sendable {
    /// AD type (Assigned Numbers 2.3).
    var type: UInt8
    /// Where in the AD structure's data.
    var offset: UInt8
    /// At most 31 bytes.
    var value: [UInt8]

    /// iBeacon and Apple's overflow mask (manufacturer data of company 0x004c), Eddystone's service data, and the flags
    /// that phones advertise with.
    static let ours = [
        AdvertisementPattern(type: 0xff, offset: 0, value: [0x4c, 0x00, 0x02, 0x15]),
        AdvertisementPattern(type: 0xff, offset: 0, value: [0x4c, 0x00, 0x01]),
        AdvertisementPattern(type: 0x16, offset: 0, value: [0xaa, 0xfe]),
        AdvertisementPattern(type: 0x01, offset: 0, value: [0x02]),
        AdvertisementPattern(type: 0x01, offset: 0, value: [0x06]),
        AdvertisementPattern(type: 0x01, offset: 0, value: [0x1a]),
    ]

    /// Type, offset, length, and the value padded to 31 bytes.
    var bytes: [UInt8] {
        let cut = value.prefix(31)
        return [type, offset, UInt8(cut.count)] + cut + [UInt8](repeating: 0, count: 31 - cut.count)
    }
}
