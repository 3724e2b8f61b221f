// The headers of BlueZ bring the socket types too, and may come to own them (statically linked builds).
import CBlueZ
import Glibc
import Threads

/// A controller behind a unix stream socket.
final class UnixStreamTransport: HCITransport {
    private let path: String
    private let descriptor: Int32
    private let bell: Doorbell

    /// MSG_NOSIGNAL, which Swift does not find in Glibc where the room also imports libbluetooth's headers.
    private static let noSignal: Int32 = 0x4000
    /// How long a controller that reads nothing may hold up a command.
    private static let writeTimeOutMilliseconds: Int32 = 2000

    /// Connects; a unix socket answers at once.
    init(path: String, bell: Doorbell) throws(RadioError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { space in
            guard bytes.count < space.count else { return false }
            space.copyBytes(from: bytes)
            return true
        }
        guard fits else { throw .pathTooLong(path: path) }
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let opened = socket(AF_UNIX, type, 0)
        guard opened >= 0 else { throw .unreachable(path: path, reason: Self.reason(errno)) }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(opened, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else {
            let reason = Self.reason(errno)
            close(opened)
            throw .unreachable(path: path, reason: reason)
        }
        self.path = path
        descriptor = opened
        self.bell = bell
    }

    deinit {
        close(descriptor)
    }

    func wait(timeout: Duration?) throws(RadioError) -> TransportReadiness {
        do throws(HCISocket.Failure) {
            guard let ready = try SocketWait.ready(descriptor, bell: bell, timeout: timeout) else { return .woken }
            // An error or a hang-up shows in the read that follows.
            return ready.isTimeOut ? .timedOut : .readable
        } catch { throw .readFailed(path: path, reason: Self.reason(error.code)) }
    }

    func read(into buffer: inout [UInt8]) throws(RadioError) -> Int {
        let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        if count > 0 { return count }
        if count == 0 { throw .closed(path: path) }
        switch errno {
        case EAGAIN, EINTR: return 0
        case ECONNRESET: throw .closed(path: path)
        default: throw .readFailed(path: path, reason: Self.reason(errno))
        }
    }

    func write(_ packet: [UInt8]) throws(RadioError) {
        var written = 0
        while written < packet.count {
            let count = packet.withUnsafeBytes { bytes in
                bytes.baseAddress.map { send(descriptor, $0 + written, bytes.count - written, Self.noSignal) }
                    ?? 0
            }
            if count >= 0 {
                written += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&waited, 1, Self.writeTimeOutMilliseconds) > 0 else {
                    throw .writeFailed(path: path, reason: "the controller takes no commands")
                }
            case EPIPE, ECONNRESET: throw .closed(path: path)
            default: throw .writeFailed(path: path, reason: Self.reason(errno))
            }
        }
    }

    private static func reason(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
