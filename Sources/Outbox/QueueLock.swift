import Glibc

/// An advisory lock beside the queue file: one process at a time. The kernel lets go of it when the process ends, however
/// it ends. It is not taken on the database file itself, because closing any descriptor of that file in this process
/// would drop SQLite's own locks. The lock file holds the ``HighWaterMark``.
struct QueueLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// - Parameter path: of the queue file; the lock is `PATH.lock`, mode 0600.
    init(queue path: String) throws(OutboxError) {
        descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OutboxError(errno: errno, path: path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK { throw .inUse(path: path) }
            throw .cannotOpen(path: path, reason: String(cString: strerror(code)))
        }
    }

    deinit {
        // Unlocked before it is closed: a child that another thread has just forked holds a copy of the descriptor until it
        // calls exec, and a lock that is only closed would live as long as that copy.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// What the last process noted; nil when it noted nothing that can be read.
    borrowing func mark() -> HighWaterMark? {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return HighWaterMark(text: String(decoding: buffer[..<count], as: UTF8.self))
    }

    /// One write, not synced: it must cost nothing, and one that fails or is torn only means that less is noticed.
    borrowing func keep(_ mark: HighWaterMark) {
        let bytes = Array(mark.text.utf8)
        _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
}
