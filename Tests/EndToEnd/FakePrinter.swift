import Glibc

@testable import footbridge

/// A network printer: takes everything and answers each DLE EOT. Its work is done by `serve()`, which never waits.
final class FakePrinter {
    private let listener: Int32
    let port: UInt16
    private var connections: [Int32] = []
    private(set) var printed: [UInt8] = []

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 8) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard bound else { throw DemoFailure("bind: \(String(cString: strerror(errno)))") }
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
        _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        for connection in connections { close(connection) }
        close(listener)
    }

    func serve() {
        let fresh = accept(listener, nil, nil)
        if fresh >= 0 {
            _ = fcntl(fresh, F_SETFL, O_NONBLOCK)
            connections.append(fresh)
        }
        connections.removeAll { connection in
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(connection, &buffer, buffer.count, 0)
            if count > 0 {
                printed += buffer[..<count]
                let asked = zip(buffer[..<count], buffer[1..<max(1, count)]).count { $0 == 0x10 && $1 == 0x04 }
                for _ in 0..<asked { send(connection, [0x12], 1, Int32(MSG_NOSIGNAL)) }
                return false
            }
            guard count == 0 || errno != EAGAIN else { return false }
            close(connection)
            return true
        }
    }

    /// A connection to a port of this machine; -1 when nobody listens.
    static func connect(to port: UInt16) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            return -1
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        return descriptor
    }

    /// A port that nobody listens on.
    static func freePort() throws -> UInt16 { try FakePrinter().port }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }
}
