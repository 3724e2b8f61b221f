import Glibc

/// A socket that listens on a port of this machine that the kernel chose: the real printer, or a journal's source.
package final class Listener {
    package let descriptor: Int32
    package let port: UInt16

    package init(_ loopback: Loopback = .v4) throws {
        let descriptor = socket(loopback.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        self.descriptor = descriptor
        let (listens, port) = loopback.withAddress(0) { address, length in
            bind(descriptor, address, length) == 0 && listen(descriptor, 8) == 0
                && getsockname(descriptor, address, &length) == 0
        }
        self.port = port
        if !listens { throw Peer.Failure(code: errno) }
    }

    deinit { close(descriptor) }

    /// The next connection, awaited for at most 20 s.
    package func accept() throws -> Peer {
        guard let peer = acceptWaiting(20_000) else { throw Peer.Failure(code: ETIMEDOUT) }
        return peer
    }

    /// A connection that has come within so many milliseconds, nil when none has.
    package func acceptWaiting(_ milliseconds: Int32 = 0) -> Peer? {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waited, 1, milliseconds) > 0 else { return nil }
        let connection = Glibc.accept(descriptor, nil, nil)
        return connection < 0 ? nil : Peer(descriptor: connection)
    }

    /// A port that nobody listens on (any more).
    package static func freePort(_ loopback: Loopback = .v4) throws -> UInt16 { try Listener(loopback).port }
}
