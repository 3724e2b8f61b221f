import Glibc

/// A file of reserved space beside the queue. When the file system is full, SQLite cannot even delete: its WAL has no
/// room. The ballast then gives way, half of it for what is captured, the rest for delivering and evicting only.
struct Ballast: Sendable {
    /// Who asks for room.
    enum Purpose: Sendable {
        /// New events may use half of the reserve.
        case capturing
        /// What makes room may use all of it.
        case freeing
    }

    let path: String
    /// 0 keeps no reserve.
    let bytes: Int64

    init(queue path: String, bytes: Int64) {
        self.path = path + ".ballast"
        self.bytes = max(0, bytes)
    }

    /// What is reserved now.
    var reserved: Int64 {
        var found = stat()
        guard stat(path, &found) == 0 else { return 0 }
        return min(Int64(found.st_size), Int64(found.st_blocks) * 512)
    }

    /// Nothing of it was given away, or there is none.
    var isWhole: Bool { bytes == 0 || reserved >= bytes }

    /// What the file system still has for this user; nil when it cannot be asked.
    var freeBytes: Int64? {
        var found = statvfs()
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        guard statvfs(folder.isEmpty ? "/" : folder, &found) == 0 else { return nil }
        return Int64(clamping: UInt64(found.f_bavail) * UInt64(found.f_frsize))
    }

    /// Gives reserved space back to the file system.
    /// - Returns: whether there was any to give.
    func release(for purpose: Purpose) -> Bool {
        let kept = purpose == .capturing ? bytes / 2 : 0
        guard reserved > kept else { return false }
        return kept == 0 ? unlink(path) == 0 : truncate(path, off_t(kept)) == 0
    }

    /// Reserves again what was given away, as soon as twice of it is free: a disk that is still nearly full keeps it.
    func refill() {
        guard bytes > 0, let free = freeBytes else { return }
        let missing = bytes - reserved
        if missing > 0, free >= 2 * missing {
            reserve(bytes)
        } else if reserved < bytes / 2, free >= bytes {
            reserve(bytes / 2)
        }
    }

    private func reserve(_ wanted: Int64) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Blocks of a file that was only made long would not be reserved. Where the file system has no fallocate, glibc
        // writes to each block.
        if posix_fallocate(descriptor, 0, off_t(wanted)) != 0 { unlink(path) }
    }
}
