import CLinux
import Foundation
import Glibc
import Synchronization
import Threads

/// A local socket on which the running daemon says how it is: connect, read one JSON object, end of file. Mode 0660: the group
/// may ask.
///
/// Whoever sends one line first asks for a change instead, and gets its answer; the user of the other end comes from the kernel.
/// A client that sends nothing ends its side at once or is told the state after a moment; none holds the daemon for longer than
/// ``patience``.
package final class ControlSocket: Sendable {
    private let path: String
    private let answer: @Sendable () -> [UInt8]
    private let perform: (@Sendable (_ request: [UInt8], _ user: Int64) -> [UInt8])?
    private let listener: Int32
    private let stopper = Doorbell()
    private let thread = Mutex<WorkerThread?>(nil)

    /// Binds and listens. A socket file that nobody listens on any more is replaced; any other file stays.
    /// - Throws: ``ControlSocketError``.
    /// - Parameter perform: answers a request of the given user; nil takes none.
    package init(
        path: String, answer: @escaping @Sendable () -> [UInt8],
        perform: (@Sendable (_ request: [UInt8], _ user: Int64) -> [UInt8])? = nil
    ) throws(ControlSocketError) {
        self.path = path
        self.answer = answer
        self.perform = perform
        guard var address = Self.address(path) else {
            throw ControlSocketError(path: path, reason: "the path is longer than 107 bytes")
        }
        if Self.connects(path) { throw ControlSocketError(path: path, reason: "another footbridge is running on it") }
        var found = stat()
        if lstat(path, &found) == 0 {
            guard found.st_mode & S_IFMT == S_IFSOCK else {
                throw ControlSocketError(path: path, reason: "a file that is no socket is there; choose another path")
            }
            unlink(path)
        }
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard listener >= 0, bound == 0, chmod(path, 0o660) == 0, listen(listener, 8) == 0 else {
            throw ControlSocketError(path: path, reason: String(cString: strerror(errno)))
        }
    }

    deinit { Glibc.close(listener) }

    package func start() {
        let created = WorkerThread(name: "fb-control") { [self] in serve() }
        thread.withLock { $0 = created }
        created.start()
    }

    package func stop() {
        stopper.ring()
        thread.withLock { $0.take() }?.join(deadline: .seconds(3))
        unlink(path)
    }

    private func serve() {
        while true {
            var descriptors = [
                pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stopper.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            poll(&descriptors, 2, -1)
            if descriptors[1].revents != 0 { return }
            let client = fb_accept_cloexec(listener)
            guard client >= 0 else {
                // No descriptor left: the connection stays pending and poll would return at once.
                if stopper.wait(timeout: .milliseconds(200)) { return }
                continue
            }
            // A client that does not read must not hold the thread.
            var limit = timeval(tv_sec: 2, tv_usec: 0)
            setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            if let perform, let request = Self.request(from: client) {
                Self.send(perform(request, fb_peer_user(client)), to: client)
            } else {
                Self.send(answer(), to: client)
            }
            Glibc.close(client)
        }
    }

    /// The line that the client sends; nil when it sends none soon, or none that ends within the limits.
    private static func request(from client: Int32) -> [UInt8]? {
        var waited = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
        guard poll(&waited, 1, patience) == 1 else { return nil }
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let end = ContinuousClock.now + .seconds(2)
        while line.count <= longestRequest, .now < end {
            let count = read(client, &buffer, buffer.count)
            if count <= 0 { break }
            line += buffer[..<count]
            if let newline = line.firstIndex(of: 0x0A) { return Array(line[..<newline]) }
        }
        return nil
    }

    /// Milliseconds until a client that says nothing is told the state.
    private static let patience: Int32 = 200
    private static let longestRequest = 256 << 10
    private static let longestAnswer = 16 << 20

    private static func send(_ bytes: [UInt8], to client: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if sent <= 0 { return }
            rest = rest.dropFirst(sent)
        }
    }

    // MARK: The other end

    /// What the daemon on `path` says.
    /// - Parameters:
    ///   - request: one line without its end; nil asks for the state.
    ///   - patience: how long it may say nothing.
    /// - Throws: ``ControlSocketError`` when nobody listens there, or nobody answers.
    package static func ask(
        path: String, request: [UInt8]? = nil, patience: Duration = .seconds(15)
    ) throws(ControlSocketError) -> [UInt8] {
        guard let client = connected(path) else {
            throw ControlSocketError(connecting: errno, path: path)
        }
        defer { Glibc.close(client) }
        let (seconds, attoseconds) = patience.components
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if let request { send(request + [0x0A], to: client) }
        shutdown(client, Int32(SHUT_WR))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(client, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                throw ControlSocketError(
                    path: path,
                    reason: "no answer; the daemon hangs or its disk does (systemctl status footbridge, dmesg)")
            }
            if count <= 0 { return bytes }
            bytes += buffer[..<count]
            if bytes.count > longestAnswer {
                throw ControlSocketError(path: path, reason: "the answer has no end; is this its control_socket?")
            }
        }
    }

    private static func connects(_ path: String) -> Bool {
        guard let client = connected(path) else { return false }
        Glibc.close(client)
        return true
    }

    private static func connected(_ path: String) -> Int32? {
        guard var address = address(path) else { return nil }
        let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard client >= 0 else { return nil }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { return client }
        let saved = errno
        Glibc.close(client)
        errno = saved
        return nil
    }

    private static func address(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { target in
            guard bytes.count < target.count else { return false }
            target.copyBytes(from: bytes)
            return true
        }
        return fits ? address : nil
    }
}

package struct ControlSocketError: Error, CustomStringConvertible {
    package let path: String
    package let reason: String
    /// Certain: no daemon listens there.
    package private(set) var isNobodyThere = false
    /// Another user has to ask.
    package private(set) var isForbidden = false

    init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    /// - Parameter code: what `connect` gave (connect(2)).
    init(connecting code: Int32, path: String) {
        self.path = path
        let said = String(cString: strerror(code))
        isNobodyThere = [ENOENT, ENOTDIR, ECONNREFUSED].contains(code)
        isForbidden = [EACCES, EPERM].contains(code)
        reason =
            isForbidden
            ? "\(said); ask as root (sudo), as the gateway's own user, or as one of its group"
            : "\(said); is footbridge running, and is this its control_socket?"
    }

    package var description: String { "control socket \(path): \(reason)" }
}
