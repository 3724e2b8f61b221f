import CBlueZ
import CLinux
import Glibc

/// A kernel HCI socket: one packet a read. Every call gives errno as its error.
struct HCISocket: ~Copyable {
    /// What errno said.
    struct Failure: Error, Hashable {
        var code: Int32
    }

    /// Any adapter: for the control and monitor channels (HCI_DEV_NONE).
    static let noAdapter: UInt16 = 0xffff
    /// A second of a busy store, with the kernel's 0.5 to 0.8 kB for each small packet: the default of 208 kB holds 300.
    static let receiveBuffer: Int32 = 4 << 20

    // asm-generic/socket.h and linux/sock_diag.h; Glibc does not import them.
    private static let soReceiveBufferForce: Int32 = 33
    private static let soMemoryInfo: Int32 = 55
    private static let memoryInfoBytes: socklen_t = 36

    let descriptor: Int32

    /// An unbound socket: good for the ioctls.
    init() throws(Failure) {
        let type = Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        descriptor = socket(AF_BLUETOOTH, type, Int32(BTPROTO_HCI))
        guard descriptor >= 0 else { throw Failure(code: errno) }
    }

    /// Takes over a socket that keeps packets apart and does not block.
    init(adopting descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    borrowing func bind(index: UInt16, channel: Int32) throws(Failure) {
        var address = sockaddr_hci()
        address.hci_family = sa_family_t(AF_BLUETOOTH)
        address.hci_dev = index
        address.hci_channel = UInt16(channel)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_hci>.size))
            }
        }
        guard bound == 0 else { throw Failure(code: errno) }
    }

    /// As large as we may: beyond the system's limit with CAP_NET_ADMIN, else up to it.
    borrowing func enlargeReceiveBuffer() {
        var bytes = Self.receiveBuffer
        let size = socklen_t(MemoryLayout<Int32>.size)
        if setsockopt(descriptor, SOL_SOCKET, Self.soReceiveBufferForce, &bytes, size) != 0 {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, size)
        }
    }

    /// Lets only what passes `filter` into the socket's buffer.
    borrowing func attach(_ filter: SocketFilter) throws(Failure) {
        let bytes = filter.bytes
        guard fb_attach_socket_filter(descriptor, bytes, UInt16(filter.instructions.count)) == 0 else {
            throw Failure(code: errno)
        }
    }

    /// Sets a raw socket's filter.
    /// - Returns: whether the kernel took it whole. Without CAP_NET_RAW it silently leaves out LE events, and the socket
    ///   stays mute for ever.
    borrowing func set(_ filter: HCIFilter) throws(Failure) -> Bool {
        var bytes = filter.bytes
        guard setsockopt(descriptor, SOL_HCI, HCI_FILTER, &bytes, socklen_t(bytes.count)) == 0 else {
            throw Failure(code: errno)
        }
        var taken = [UInt8](repeating: 0, count: bytes.count)
        var count = socklen_t(taken.count)
        guard getsockopt(descriptor, SOL_HCI, HCI_FILTER, &taken, &count) == 0 else { throw Failure(code: errno) }
        return taken.prefix(14) == bytes.prefix(14)
    }

    /// Packets lost because the buffer was full (SO_MEMINFO): the kernel tells in no other way. Wraps at 2^32.
    var dropped: UInt32 {
        // SK_MEMINFO_VARS figures, of which the last counts the drops.
        var figures: (UInt64, UInt64, UInt64, UInt64, UInt32) = (0, 0, 0, 0, 0)
        var count = Self.memoryInfoBytes
        guard getsockopt(descriptor, SOL_SOCKET, Self.soMemoryInfo, &figures, &count) == 0,
            count >= Self.memoryInfoBytes
        else { return 0 }
        return figures.4
    }

    /// One packet, cut at the buffer's end; 0 when there is none now.
    borrowing func receive(into buffer: inout [UInt8]) throws(Failure) -> Int {
        let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count > 0 { return count }
        // A socket of packets reads 0 bytes once its adapter is gone and the error has been told.
        if count == 0 { throw Failure(code: EPIPE) }
        switch errno {
        case EAGAIN, EINTR: return 0
        case let code: throw Failure(code: code)
        }
    }

    /// One packet, waiting at most two seconds for room.
    borrowing func send(_ packet: [UInt8]) throws(Failure) {
        while true {
            let count = Glibc.send(descriptor, packet, packet.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&waited, 1, 2000) > 0 else { throw Failure(code: ETIMEDOUT) }
            case let code: throw Failure(code: code)
            }
        }
    }
}
