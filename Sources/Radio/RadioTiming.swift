import CLinux
package import Threads

/// Real time for what hardware does: time-outs, pauses, health. It never follows a scaled clock. Tests put a time of their
/// own in its place and run whole recoveries in microseconds.
package struct RadioTiming: Sendable {
    /// Monotonic, from any fixed origin.
    package var now: @Sendable () -> Duration
    /// Waits so long, or until the bell rings.
    package var wait: @Sendable (Duration, Doorbell) -> Void

    package init(now: @escaping @Sendable () -> Duration, wait: @escaping @Sendable (Duration, Doorbell) -> Void) {
        self.now = now
        self.wait = wait
    }

    /// The kernel's `CLOCK_BOOTTIME`.
    package static let real = RadioTiming(
        now: { .nanoseconds(fb_boottime_nanoseconds()) }, wait: { $1.wait(timeout: $0) })
}
