/// Why a controller could not be brought to scan.
package enum ControllerError: Error, Hashable, Sendable {
    /// No answer to a command within so long (real time).
    case timeOut(opcode: UInt16, after: Duration)
    /// The controller refused a command with an HCI error code (Core Vol 1 Part F).
    case refused(opcode: UInt16, status: UInt8)
    /// The answer to a command is shorter than its fields.
    case shortAnswer(opcode: UInt16, bytes: Int)
    /// The controller says that it has failed inside (event 0x10).
    case hardware(code: UInt8)
}

extension ControllerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .timeOut(let opcode, let after):
            "controller did not answer \(Self.command(opcode)) within \(after): is it powered and does it speak H4?"
        case .refused(let opcode, let status):
            "controller refused \(Self.command(opcode)): \(Self.statusText(status)); \(Self.remedy(status))"
        case .shortAnswer(let opcode, let bytes):
            "controller answered \(Self.command(opcode)) with \(bytes) bytes, too few: its firmware is not supported"
        case .hardware(let code):
            "controller reports hardware error 0x\(Self.hex(code)): it is reset and scanned again"
        }
    }

    private static func command(_ opcode: UInt16) -> String {
        "\(HCICommand.name(opcode)) (0x\(hex(UInt8(opcode >> 8)))\(hex(UInt8(opcode & 0xff))))"
    }

    private static func hex(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "0" + text : text
    }

    private static func statusText(_ status: UInt8) -> String {
        let meaning =
            switch status {
            case 0x01: "unknown command"
            case 0x03: "hardware failure"
            case 0x07: "memory capacity exceeded"
            case 0x0c: "command disallowed"
            case 0x11: "unsupported feature or parameter"
            case 0x12: "invalid parameters"
            case 0x1f: "unspecified error"
            case 0x3a: "controller busy"
            default: "error"
            }
        return "0x\(hex(status)) \(meaning)"
    }

    private static func remedy(_ status: UInt8) -> String {
        switch status {
        case 0x01, 0x11, 0x12: "this controller cannot scan for LE advertisements, use another one"
        case 0x0c: "another program may be using the controller, stop it"
        default: "it is tried again; if that persists, replug or replace the controller"
        }
    }
}
