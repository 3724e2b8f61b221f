import Glibc
import Threads

/// Waiting for sockets and a doorbell at once. Nothing is allocated: a radio in a busy store waits fifty times a second,
/// and a stranger's advertisement costs no heap.
enum SocketWait {
    /// Which of the two can be read (or has an error, which the read will show).
    struct Ready: Hashable, Sendable {
        var first: Bool
        var second = false
        var isTimeOut: Bool { !first && !second }
    }

    /// poll(2) leaves out a negative descriptor.
    static let nobody: Int32 = -1
    /// The longest wait that is asked of the kernel at once, in milliseconds.
    private static let longestWait = 3_600_000.0

    /// - `timeout`: real time; nil = for ever.
    /// - Returns: nil when the doorbell rang (it is answered) or a signal came.
    static func ready(
        _ first: Int32, or second: Int32 = nobody, bell: Doorbell?, timeout: Duration?
    ) throws(HCISocket.Failure) -> Ready? {
        let events = Int16(POLLIN)
        var waited = (
            pollfd(fd: first, events: events, revents: 0), pollfd(fd: second, events: events, revents: 0),
            pollfd(fd: bell?.descriptor ?? nobody, events: events, revents: 0)
        )
        var milliseconds: Int32 = -1
        if let timeout { milliseconds = Int32(min(longestWait, max(0, (timeout / .milliseconds(1)).rounded(.up)))) }
        let count = withUnsafeMutablePointer(to: &waited) { pointer in
            pointer.withMemoryRebound(to: pollfd.self, capacity: 3) { poll($0, 3, milliseconds) }
        }
        if count < 0 {
            guard errno == EINTR else { throw HCISocket.Failure(code: errno) }
            return nil
        }
        if let bell, waited.2.revents != 0 {
            bell.answer()
            return nil
        }
        return Ready(first: waited.0.revents != 0, second: waited.1.revents != 0)
    }
}
