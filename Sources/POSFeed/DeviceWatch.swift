import Glibc

/// Says when something appears near a path (inotify), so that a port that is plugged in again is opened at once. What it
/// misses, the timer of the feed finds.
final class DeviceWatch {
    /// Readable when something has happened; -1 when the kernel has no watch left.
    let descriptor: Int32

    init() { descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK)) }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Watches the folders above `path`, as far as they exist: udev makes /dev/serial/by-path only with its first port.
    /// Watching a folder twice does no harm.
    func watch(above path: String) {
        guard descriptor >= 0 else { return }
        let mask = UInt32(IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF)
        var folder = path
        for _ in 0..<3 {
            guard let slash = folder.lastIndex(of: "/"), slash > folder.startIndex else { return }
            folder = String(folder[..<slash])
            inotify_add_watch(descriptor, folder, mask)
        }
    }

    /// Watches a file that grows, and the folder that it is in.
    func watch(file path: String) {
        guard descriptor >= 0 else { return }
        inotify_add_watch(descriptor, path, UInt32(IN_MODIFY | IN_MOVE_SELF | IN_DELETE_SELF | IN_ATTRIB))
        guard let slash = path.lastIndex(of: "/") else { return }
        inotify_add_watch(
            descriptor, slash == path.startIndex ? "/" : String(path[..<slash]), UInt32(IN_CREATE | IN_MOVED_TO))
    }

    /// Forgets what it was told; true when there was something.
    @discardableResult
    func drain() -> Bool {
        guard descriptor >= 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 4096)
        var any = false
        while read(descriptor, &buffer, buffer.count) > 0 { any = true }
        return any
    }
}
