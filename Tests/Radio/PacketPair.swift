import Glibc

@testable import Radio

/// Two connected sockets that keep packets apart, as the kernel's HCI sockets do. One end is handed to the code under
/// test, which closes it; the other plays the kernel.
final class PacketPair {
    let ours: Int32
    private var kernel: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        socketpair(AF_UNIX, type, 0, &ends)
        ours = ends[0]
        kernel = ends[1]
    }

    deinit { hangUp() }

    func send(_ packet: [UInt8]) { Glibc.send(kernel, packet, packet.count, 0x4000) }

    /// The next packet that came from our side, nil when there is none.
    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = recv(kernel, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// All packets that came from our side, waiting for the first at most ten seconds.
    func receiveAwaited() -> [UInt8]? {
        var waited = pollfd(fd: kernel, events: Int16(POLLIN), revents: 0)
        poll(&waited, 1, 10_000)
        return receive()
    }

    func hangUp() {
        if kernel >= 0 { close(kernel) }
        kernel = -1
    }
}
