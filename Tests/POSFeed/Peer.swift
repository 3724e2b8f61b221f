import Glibc
import POSFeed

/// The other end of a TCP connection in a test: a till, or the real printer. Blocking, with a generous deadline.
final class Peer: Sendable {
    let descriptor: Int32

    /// Connects to a port of this machine.
    init(connectingTo port: UInt16) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Peer.loopback(port)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        self.descriptor = descriptor
        Peer.limit(descriptor)
        if result != 0 { throw Failure(code: errno) }
    }

    init(descriptor: Int32) {
        self.descriptor = descriptor
        Peer.limit(descriptor)
    }

    deinit { close(descriptor) }

    struct Failure: Error {
        let code: Int32
    }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Exactly so many bytes, or fewer when the other side ends or says nothing for 20 s.
    func receive(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < count {
            let got = recv(descriptor, &buffer, min(buffer.count, count - bytes.count), 0)
            guard got > 0 else { break }
            bytes += buffer[..<got]
        }
        return bytes
    }

    /// Everything until the other side ends.
    func receiveAll() -> [UInt8] { receive(.max) }

    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }

    private static func limit(_ descriptor: Int32) {
        var time = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }
}

/// A socket that listens on a port of this machine that the kernel chose: the real printer, or a journal's source.
final class Listener {
    let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Peer.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 4) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        if !result { throw Peer.Failure(code: errno) }
    }

    deinit { close(descriptor) }

    func accept() throws -> Peer {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waited, 1, 20_000) > 0 else { throw Peer.Failure(code: ETIMEDOUT) }
        return Peer(descriptor: Glibc.accept(descriptor, nil, nil))
    }

    /// A port that nobody listens on (any more).
    static func freePort() throws -> UInt16 { try Listener().port }
}
