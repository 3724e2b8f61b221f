import CLinux
import Glibc

/// An eventfd(2): wakes a thread that waits on it, alone or together with a descriptor in `poll`.
package final class Doorbell: Sendable {
    /// Readable while a ring has not been answered.
    package let descriptor: Int32

    package init() { descriptor = fb_eventfd() }

    deinit { close(descriptor) }

    /// Never blocks; rings before an answer count as one.
    package func ring() {
        var one: UInt64 = 1
        write(descriptor, &one, 8)
    }

    /// Answers the bell: true when it had rung.
    @discardableResult
    package func answer() -> Bool {
        var count: UInt64 = 0
        return read(descriptor, &count, 8) == 8
    }

    /// Waits for a ring for at most `timeout` (real time), and answers it.
    /// - Returns: whether it rang.
    @discardableResult
    package func wait(timeout: Duration) -> Bool {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let milliseconds = (timeout / .milliseconds(1)).rounded(.up)
        poll(&waited, 1, Int32(max(0, min(3_600_000, milliseconds))))
        return answer()
    }
}
