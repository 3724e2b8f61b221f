import ArgumentParser
import Glibc

/// Root steps down to the user of a queue before it changes one: SQLite's files, the lock and the reserve would else be root's,
/// and the gateway, which is another user, could not open them again.
enum QueueOwner {
    /// For the rest of this process, in effective ids only: who asked stays the real user. Nothing happens when it is not root
    /// who asks, or root whose queue it is.
    static func become(of path: String) {
        var found = stat()
        guard geteuid() == 0, stat(path, &found) == 0, found.st_uid != 0 else { return }
        // The order counts: without the user id of root the others can no longer be changed.
        guard setgroups(1, [found.st_gid]) == 0, setegid(found.st_gid) == 0, seteuid(found.st_uid) == 0 else {
            complain(
                "\(path): its owner's rights cannot be taken (\(String(cString: strerror(errno)))); use its owner itself"
            )
            exit(ExitStatus.noPermission.rawValue)
        }
    }
}
