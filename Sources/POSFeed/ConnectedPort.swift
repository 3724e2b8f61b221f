import CLinux
import Glibc

/// A connection that the box opened to a journal feed. It is only read.
struct ConnectedPort: StreamPort, ~Copyable {
    let path: String
    let descriptor: Int32
    var endsRegularly: Bool { true }

    /// Connects, at most for 5 s or until `bell` rings.
    init(_ address: NetworkAddress, bell: Int32) throws(PortError) {
        path = address.description
        let descriptor = StreamSocket.open(address)
        guard descriptor >= 0 else { throw .failed(path: path, call: "socket", reason: StreamSocket.reason(errno)) }
        var failure = StreamSocket.connect(descriptor, address)
        if failure == EINPROGRESS {
            var waited = [
                pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: bell, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&waited, 2, 5000)
            failure = ready > 0 && waited[0].revents != 0 ? StreamSocket.error(descriptor) : ETIMEDOUT
        }
        guard failure == 0 else {
            close(descriptor)
            throw .unreachable(address: path, reason: StreamSocket.reason(failure))
        }
        StreamSocket.keepAlive(descriptor)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func lineErrors() -> LineErrors? { nil }
}

/// The few calls on TCP sockets that the ports share. All sockets are close-on-exec and non-blocking.
enum StreamSocket {
    static func open(_ address: NetworkAddress) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        return socket(address.family, kind, 0)
    }

    /// 0 when connected, EINPROGRESS when it goes on, else why not.
    static func connect(_ descriptor: Int32, _ address: NetworkAddress) -> Int32 {
        address.withSocketAddress { Glibc.connect(descriptor, $0, $1) } == 0 ? 0 : errno
    }

    /// A socket that listens at `address` and nowhere else.
    static func listen(_ address: NetworkAddress) throws(PortError) -> Int32 {
        let descriptor = open(address)
        guard descriptor >= 0 else {
            throw .failed(path: address.description, call: "socket", reason: reason(errno))
        }
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        if address.family == AF_INET6 { set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        let bound = address.withSocketAddress { bind(descriptor, $0, $1) }
        guard bound == 0, Glibc.listen(descriptor, 16) == 0 else {
            let code = errno
            close(descriptor)
            throw .cannotListen(address: address.description, reason: reason(code))
        }
        return descriptor
    }

    /// The next connection that waits, -1 when there is none.
    static func accept(_ descriptor: Int32) -> Int32 {
        let accepted = fb_accept_cloexec(descriptor)
        if accepted >= 0 { _ = fcntl(accepted, F_SETFL, O_NONBLOCK) }
        return accepted
    }

    /// A peer that vanished without a word is noticed after two minutes.
    static func keepAlive(_ descriptor: Int32) {
        set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPIDLE, 60)
        set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPINTVL, 15)
        set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPCNT, 4)
    }

    /// The next close sends a reset: the peer learns that its data did not arrive.
    static func resetOnClose(_ descriptor: Int32) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    /// The error that a connection ended with, 0 when there is none.
    static func error(_ descriptor: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
    }

    static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
