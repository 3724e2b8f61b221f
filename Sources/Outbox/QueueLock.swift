import Glibc

/// An advisory lock beside the queue file: one process at a time. The kernel lets go of it when the process ends, however
/// it ends. It is not taken on the database file itself, because closing any descriptor of that file in this process
/// would drop SQLite's own locks.
struct QueueLock: ~Copyable {
    private let descriptor: Int32

    /// - Parameter path: of the queue file; the lock is `PATH.lock`, mode 0600.
    init(queue path: String) throws(OutboxError) {
        descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
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
}
