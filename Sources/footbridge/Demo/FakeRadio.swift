import CLinux
import Glibc
import Simulation

/// A Bluetooth controller behind a unix socket that speaks H4. The daemon connects, initialises it and listens; when the daemon
/// goes away the controller is reset, and waits for the next.
final class FakeRadio {
    let name: String
    let path: String
    private let legacyOnly: Bool
    private let listener: Int32
    private var connection: Int32 = -1
    private var controller: FakeController
    private var outgoing: [UInt8] = []

    private(set) var sent = 0
    /// Advertisements that no scanning host heard.
    private(set) var unheard = 0

    /// A host that reads nothing loses advertisements, as it does with a real controller.
    private static let outgoingLimit = 256 * 1024

    init(name: String, path: String, legacyOnly: Bool) throws {
        self.name = name
        self.path = path
        self.legacyOnly = legacyOnly
        controller = Self.controller(legacyOnly: legacyOnly)
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard listener >= 0 else { throw DemoFailure("socket: \(String(cString: strerror(errno)))") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw DemoFailure("\(path): too long for a socket; choose a shorter --out")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(listener, 4) == 0 else {
            throw DemoFailure("\(path): cannot listen: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        if connection >= 0 { close(connection) }
        close(listener)
        unlink(path)
    }

    /// What the event loop waits for.
    var descriptor: Int32 { connection >= 0 ? connection : listener }
    var isScanning: Bool { connection >= 0 && controller.isScanning }

    /// Accepts, answers commands, sends what waits. Never blocks.
    func serve() {
        if connection < 0 {
            connection = fb_accept_cloexec(listener)
            guard connection >= 0 else { return }
            _ = fcntl(connection, F_SETFL, O_NONBLOCK)
            controller = Self.controller(legacyOnly: legacyOnly)
            outgoing = []
        }
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            if count > 0 {
                outgoing += controller.receive(buffer[..<count])
            } else if count < 0, errno == EAGAIN || errno == EINTR {
                break
            } else {
                return disconnect()
            }
        }
        flush()
    }

    /// Gives the host one packet, if it scans.
    func hear(_ packet: [UInt8]) {
        guard isScanning, outgoing.count < Self.outgoingLimit else {
            unheard += 1
            return
        }
        outgoing += packet
        sent += 1
    }

    func flush() {
        guard connection >= 0, !outgoing.isEmpty else { return }
        let count = outgoing.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count > 0 {
            outgoing.removeFirst(count)
        } else if errno != EAGAIN, errno != EINTR {
            disconnect()
        }
    }

    private func disconnect() {
        close(connection)
        connection = -1
        outgoing = []
        controller = Self.controller(legacyOnly: legacyOnly)
    }

    private static func controller(legacyOnly: Bool) -> FakeController {
        var options = FakeController.Options()
        options.supportsExtended = !legacyOnly
        return FakeController(options: options)
    }
}
