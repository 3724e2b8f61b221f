/// Why a till's port cannot be read; its description is one line: what, where, why, what to do next.
package enum PortError: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(path: String)
    /// `owner` says whom the port belongs to and who asked, such as `group dialout, mode 660; we are user footbridge`.
    case notPermitted(path: String, owner: String? = nil)
    /// Another program holds the port; `holder` names it when /proc says.
    case busy(path: String, holder: String? = nil)
    case notATerminal(path: String)
    /// The speed, number of bits or parity is none that Linux or the adapter has.
    case unusableSettings(path: String, reason: String)
    /// The device has gone (hang-up, unplugged).
    case gone(path: String)
    /// Several adapters fit the configured USB numbers; `paths` are their names by socket.
    case ambiguous(usb: String, paths: [String])
    /// No adapter with these USB numbers is plugged in.
    case noSuchAdapter(usb: String)
    /// The other end of a network feed does not answer, or has closed it.
    case unreachable(address: String, reason: String)
    /// The address to listen on cannot be had.
    case cannotListen(address: String, reason: String)
    /// Any other failed call, with its `errno` text.
    case failed(path: String, call: String, reason: String)

    package var description: String {
        switch self {
        case .missing(let path):
            "\(path): no such port; check that the adapter is plugged in, and see /dev/serial/by-path for its name"
        case .notPermitted(let path, let owner):
            "\(path): permission denied\(owner.map { " (\($0))" } ?? ""); add the service's user to the group that owns "
                + "the port (usually dialout) and start the service again"
        case .busy(let path, let holder):
            "\(path): \(holder ?? "another program") holds the port; "
                + (holder == nil ? "find it with: sudo fuser -v \(path)" : "end it, or give the till another port")
        case .notATerminal(let path):
            "\(path): not a serial port; configure a tty, or a capture for a file"
        case .unusableSettings(let path, let reason):
            "\(path): \(reason)"
        case .gone(let path):
            "\(path): the port has gone; plug the adapter into the same socket"
        case .ambiguous(let usb, let paths):
            "usb \(usb): \(paths.count) adapters fit; set tty to the one that is meant: \(paths.joined(separator: ", "))"
        case .noSuchAdapter(let usb):
            "usb \(usb): no such adapter; plug it in, and see lsusb for the numbers of those that are there"
        case .unreachable(let address, let reason):
            "\(address): \(reason); check that the other end runs and that the cable is in"
        case .cannotListen(let address, let reason):
            "\(address): cannot listen here: \(reason); use an address of this box (see: ip address) and a free port"
        case .failed(let path, let call, let reason):
            "\(path): \(call): \(reason)"
        }
    }
}
