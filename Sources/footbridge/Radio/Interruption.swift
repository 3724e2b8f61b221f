import CLinux
import Glibc

/// Waits for time to pass, or for a person to end the command with Ctrl-C.
///
/// A scan that is ended so is switched off in the controller, and a recording is written to its end, before the program
/// goes. Made first in a command, before anything is opened.
struct Interruption {
    private let descriptor = fb_catch_interruptions()

    /// True when the person, or the system, wants the command to end.
    mutating func wait(_ duration: Duration) -> Bool {
        let (seconds, attoseconds) = max(.zero, duration).components
        let milliseconds = Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // The signal's own interruption of the wait is followed by the descriptor being readable.
        return poll(&entry, 1, milliseconds) != 0 && (entry.revents != 0 || poll(&entry, 1, 0) > 0)
    }
}
