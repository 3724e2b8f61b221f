/// Why a till's port cannot be read; its description is one line: what, where, why, what to do next.
package enum PortError: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(path: String)
    case notPermitted(path: String)
    /// Another program holds the port.
    case busy(path: String)
    case notATerminal(path: String)
    /// The speed, number of bits or parity is none that Linux has.
    case unusableSettings(path: String, reason: String)
    /// The device has gone (hang-up, unplugged).
    case gone(path: String)
    /// Any other failed call, with its `errno` text.
    case failed(path: String, call: String, reason: String)

    package var description: String {
        switch self {
        case .missing(let path):
            "\(path): no such port; check that the adapter is plugged in, and see /dev/serial/by-path for its name"
        case .notPermitted(let path):
            "\(path): permission denied; add the service's user to the group that owns the port (usually dialout)"
        case .busy(let path):
            "\(path): another program holds the port; find it with: fuser -v \(path)"
        case .notATerminal(let path):
            "\(path): not a serial port; configure a tty, or a capture for a file"
        case .unusableSettings(let path, let reason):
            "\(path): \(reason)"
        case .gone(let path):
            "\(path): the port has gone; plug the adapter into the same socket"
        case .failed(let path, let call, let reason):
            "\(path): \(call): \(reason)"
        }
    }
}
