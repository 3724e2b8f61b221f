import Advertising
import CBlueZ

/// An HCI command: its opcode (OGF << 10 | OCF) and the H4 packet that carries it.
package struct HCICommand: Hashable, Sendable {
    package let opcode: UInt16
    package let parameters: [UInt8]

    package init(opcode: UInt16, parameters: [UInt8] = []) {
        self.opcode = opcode
        self.parameters = parameters
    }

    private init(_ ogf: Int32, _ ocf: Int32, _ parameters: [UInt8] = []) {
        self.init(opcode: UInt16(truncatingIfNeeded: ogf << 10 | ocf), parameters: parameters)
    }

    /// The H4 packet, type byte 0x01 first.
    package var packet: [UInt8] {
        [0x01, UInt8(opcode & 0xff), UInt8(opcode >> 8), UInt8(truncatingIfNeeded: parameters.count)] + parameters
    }
}

extension HCICommand {
    /// Scan interval and window in units of 0.625 ms: 60 ms each, so that the radio listens all the time.
    private static let scanInterval: [UInt8] = [0x60, 0x00]

    /// OCFs of the extended scan commands (Core Vol 4 Part E 7.8.64, 7.8.65); BlueZ's 5.66 headers lack them.
    private static let setExtendedScanParameters: Int32 = 0x41
    private static let setExtendedScanEnable: Int32 = 0x42

    /// 0x0C03
    static let reset = HCICommand(OGF_HOST_CTL, OCF_RESET)
    /// 0x1001
    static let readLocalVersion = HCICommand(OGF_INFO_PARAM, OCF_READ_LOCAL_VERSION)
    /// 0x1002
    static let readLocalCommands = HCICommand(OGF_INFO_PARAM, OCF_READ_LOCAL_COMMANDS)
    /// 0x2003
    static let readLEFeatures = HCICommand(OGF_LE_CTL, OCF_LE_READ_LOCAL_SUPPORTED_FEATURES)

    /// 0x1009: the harmless question whether the controller still lives.
    static let readAddress = HCICommand(OGF_INFO_PARAM, OCF_READ_BD_ADDR)

    /// 0x2005: the address that active scanning shows.
    static func setRandomAddress(_ address: BluetoothAddress) -> HCICommand {
        HCICommand(OGF_LE_CTL, OCF_LE_SET_RANDOM_ADDRESS, address.littleEndianBytes)
    }

    /// 0x0C01: hardware error (bit 15) and LE meta (bit 61); command complete and command status can't be masked
    /// (7.3.1).
    static let setEventMask = HCICommand(
        OGF_HOST_CTL, OCF_SET_EVENT_MASK, [0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x20])

    /// 0x2001: the advertising report (bit 1), and the extended one (bit 12) when its commands are used (7.8.1).
    static func setLEEventMask(extended: Bool) -> HCICommand {
        HCICommand(OGF_LE_CTL, OCF_LE_SET_EVENT_MASK, [0x02, extended ? 0x10 : 0x00, 0, 0, 0, 0, 0, 0])
    }

    /// 0x2041 or 0x200B: 100 % duty, 1M PHY, every advertiser.
    ///
    /// Passive scanning sends nothing, so the own address type (public) never shows. Active scanning asks for scan
    /// responses under the random address (own address type 1), which must have been set.
    static func setScanParameters(extended: Bool, active: Bool = false) -> HCICommand {
        let own: UInt8 = active ? 0x01 : 0x00
        let type: UInt8 = active ? 0x01 : 0x00
        if extended {
            let phy1M: UInt8 = 0x01
            return HCICommand(
                OGF_LE_CTL, setExtendedScanParameters, [own, 0x00, phy1M, type] + scanInterval + scanInterval)
        }
        return HCICommand(
            OGF_LE_CTL, OCF_LE_SET_SCAN_PARAMETERS, [type] + scanInterval + scanInterval + [own, 0x00])
    }

    /// 0x2042 or 0x200C: on or off, duplicates reported, until told otherwise.
    static func setScan(_ on: Bool, extended: Bool) -> HCICommand {
        let enable: UInt8 = on ? 1 : 0
        return extended
            ? HCICommand(OGF_LE_CTL, setExtendedScanEnable, [enable, 0x00, 0x00, 0x00, 0x00, 0x00])
            : HCICommand(OGF_LE_CTL, OCF_LE_SET_SCAN_ENABLE, [enable, 0x00])
    }

    /// The name of a command that this program sends, for messages.
    package static func name(_ opcode: UInt16) -> String {
        switch opcode {
        case 0x0c03: "Reset"
        case 0x1001: "Read Local Version"
        case 0x1002: "Read Local Supported Commands"
        case 0x1009: "Read BD_ADDR"
        case 0x2003: "LE Read Local Supported Features"
        case 0x0c01: "Set Event Mask"
        case 0x2001: "LE Set Event Mask"
        case 0x2005: "LE Set Random Address"
        case 0x200b: "LE Set Scan Parameters"
        case 0x200c: "LE Set Scan Enable"
        case 0x2041: "LE Set Extended Scan Parameters"
        case 0x2042: "LE Set Extended Scan Enable"
        default: "command"
        }
    }
}
