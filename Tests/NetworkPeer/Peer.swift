import Glibc

/// The other end of a TCP connection in a test: a till, or the real printer. Blocking, with a generous deadline, but for
/// `receiveWaiting`.
package final class Peer: Sendable {
    package let descriptor: Int32

    /// Connects to a port of this machine.
    package init(connectingTo port: UInt16, _ loopback: Loopback = .v4) throws {
        let descriptor = socket(loopback.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let (result, _) = loopback.withAddress(port) { connect(descriptor, $0, $1) }
        let code = errno
        self.descriptor = descriptor
        Peer.limit(descriptor)
        if result != 0 { throw Failure(code: code) }
    }

    package init(descriptor: Int32) {
        self.descriptor = descriptor
        Peer.limit(descriptor)
    }

    deinit { close(descriptor) }

    package struct Failure: Error {
        package let code: Int32
    }

    package func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Exactly so many bytes, or fewer when the other side ends or says nothing for 20 s.
    package func receive(_ count: Int) -> [UInt8] {
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
    package func receiveAll() -> [UInt8] { receive(.max) }

    /// What has come already, without waiting; nil when the other side has ended.
    package func receiveWaiting() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count > 0 { return Array(buffer[..<count]) }
        return count < 0 && errno == EAGAIN ? [] : nil
    }

    package func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    private static func limit(_ descriptor: Int32) {
        var time = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }
}
