import CLinux
import Glibc

/// A serial port that a technician's command listens on: held like the daemon holds it, and never written to.
package final class PortProbe {
    private let port: TTYPort
    private var baseline: LineErrors?

    /// - Throws: `PortError.busy` while the daemon has the port.
    package init(path: String, settings: LineSettings) throws(PortError) {
        let port = try TTYPort(path: path, settings: settings)
        baseline = port.lineErrors()
        self.port = port
    }

    package var path: String { port.path }

    /// Sets the line again; what was not read yet is thrown away.
    package func change(to settings: LineSettings) throws(PortError) {
        try port.change(to: settings)
        baseline = port.lineErrors()
    }

    /// Line errors since the call before, nil when the adapter counts none.
    package func errors() -> LineErrors? {
        guard let baseline, let present = port.lineErrors() else { return nil }
        self.baseline = present
        return present - baseline
    }

    /// What comes within `timeout`, as soon as it comes; nothing when it stays silent.
    package func read(timeout: Duration) throws(PortError) -> [UInt8] {
        guard PortProbe.first(of: [self], timeout: timeout) != nil else { return [] }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(port.descriptor, &buffer, buffer.count)
        if count > 0 { return Array(buffer[..<count]) }
        if count < 0, errno == EAGAIN || errno == EINTR { return [] }
        throw count == 0 ? .gone(path: port.path) : TTYPort.error(port.path, "read", errno)
    }

    /// The first of several ports on which something comes, nil when all stay silent.
    package static func first(of probes: [PortProbe], timeout: Duration) -> PortProbe? {
        var waited = probes.map { pollfd(fd: $0.port.descriptor, events: Int16(POLLIN), revents: 0) }
        let milliseconds = Int32(clamping: Int((timeout / .milliseconds(1)).rounded()))
        guard poll(&waited, nfds_t(waited.count), milliseconds) > 0 else { return nil }
        return zip(probes, waited).first { $1.revents != 0 }?.0
    }

    /// The serial ports of this box that a till can hang on, by socket where they have such a name: USB adapters, and the
    /// ports on the board that are really there.
    package static func candidates() -> [String] {
        let usb = USBAdapter.ports().map(\.path)
        let board = PortHolder.entries("/sys/class/tty").filter { name in
            name.hasPrefix("ttyS") && !["0", nil].contains(PortHolder.firstLine("/sys/class/tty/\(name)/type"))
        }
        return usb + board.map { "/dev/\($0)" }
    }
}
