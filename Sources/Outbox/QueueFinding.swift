import Glibc

/// What is where a command was told that a queue is, before SQLite is asked: SQLite's words for it would send a person to the
/// disk.
package enum QueueFinding {
    /// - Throws: ``OutboxError/noQueue(path:)``, ``OutboxError/notAQueue(path:reason:)``, ``OutboxError/forbidden(path:)``,
    ///   or what the system says.
    package static func expectQueue(at path: String, toChange: Bool = false) throws(OutboxError) {
        var found = stat()
        guard stat(path, &found) == 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw .noQueue(path: path)
            case EACCES: throw .forbidden(path: path)
            default: throw OutboxError(errno: errno, path: path)
            }
        }
        switch found.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .notAQueue(path: path, reason: "it is a folder")
        default: throw .notAQueue(path: path, reason: "it is no regular file")
        }
        guard toChange || found.st_size > 0 else { throw .notAQueue(path: path, reason: "it is empty") }
        // By the effective user: a program that has stepped down has that one's rights.
        if faccessat(AT_FDCWD, path, toChange ? R_OK | W_OK : R_OK, AT_EACCESS) != 0, errno == EACCES {
            throw .forbidden(path: path)
        }
    }
}
