import CLinux
import Glibc
import POSFeed
import Radio
package import Subjects
import Uplink

/// The box's two clocks read together: monotonic time since boot (`CLOCK_BOOTTIME`) for durations, wall time for stamps and token
/// windows, and how far the wall clock can be trusted.
///
/// With a `Scale` the clock runs fast, for demonstrations and tests: simulated = `origin` + (wall - `real`) x `rate`. Both clocks
/// are scaled, so every time-out follows; TLS, which reads the system clock itself, does not.
package struct GatewayClock: Sendable {
    /// simulated = `origin` + (wall - `real`) x `rate`.
    package struct Scale: Sendable, Hashable {
        package var origin: UnixTime
        package var real: UnixTime
        package var rate: Double

        package init(origin: UnixTime, real: UnixTime, rate: Double) {
            self.origin = origin
            self.real = real
            self.rate = rate
        }

        /// The text of `--clock-origin`: `SIM@REAL`, each in Unix seconds or RFC 3339. `nil` when it is neither.
        package init?(origin text: String, rate: Double) {
            let parts = text.split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count == 2, rate.isFinite, rate > 0, rate <= 100_000 else { return nil }
            func time(_ part: Substring) -> UnixTime? {
                if let seconds = Double(part), seconds.isFinite, abs(seconds) < 1e11 {
                    return UnixTime(seconds: seconds)
                }
                return UnixTime(rfc3339: String(part))
            }
            guard let origin = time(parts[0]), let real = time(parts[1]) else { return nil }
            self.init(origin: origin, real: real, rate: rate)
        }
    }

    /// No wall time before this can be right: the program did not exist. (Raised with each release.)
    package static let earliestPlausible = UnixTime(seconds: Int64(1_793_491_200))  // 2026-11-01

    private let scale: Scale?
    /// The wall time that was last stored; a clock that reads less was reset (no battery, no network yet).
    private let lastStored: UnixTime
    private let scaledBootAtReal: Int64

    package init(scale: Scale? = nil, lastStored: UnixTime = UnixTime(nanoseconds: 0)) {
        self.scale = scale
        self.lastStored = lastStored
        let wall = Self.systemWall().nanoseconds
        scaledBootAtReal = fb_boottime_nanoseconds() - (wall - (scale?.real.nanoseconds ?? wall))
    }

    package func reading() -> (moment: Moment, state: ClockState) {
        guard let scale else {
            let moment = Moment(monotonic: .nanoseconds(fb_boottime_nanoseconds()), wall: Self.systemWall())
            return (
                moment,
                Self.state(
                    of: moment.wall, isSynchronised: fb_clock_synchronised() == 1, lastStored: lastStored)
            )
        }
        let elapsed = Double(fb_boottime_nanoseconds() - scaledBootAtReal) * scale.rate
        let monotonic = Duration.nanoseconds(Int64(elapsed))
        return (Moment(monotonic: monotonic, wall: scale.origin + monotonic), .synchronised)
    }

    /// Whether the wall time may become the last stored one: always unless it is unset, and then only on the kernel's word, so that
    /// a wrong time of the past years that was stored once does not hold for ever.
    package var isTrustworthy: Bool { reading().state != .unset || fb_clock_synchronised() == 1 }

    /// Whether a second of this clock is a second of everybody's: else its monotonic time says nothing to the platform.
    package var runsAtRealPace: Bool { scale.map { $0.rate == 1 } ?? true }

    /// How long `simulated` takes on the wall of the room in which the box stands.
    package func realDelay(_ simulated: Duration) -> Duration {
        guard let scale else { return simulated }
        return simulated / scale.rate
    }

    /// The kernel's word that the clock is synchronised counts more than what was stored: a far future that was stored once, while
    /// the clock was wrong, must not keep the box from recognising people for ever. For the same reason a stored time that no box
    /// of this version will see counts for nothing.
    static func state(of wall: UnixTime, isSynchronised: Bool, lastStored: UnixTime) -> ClockState {
        if wall < earliestPlausible { return .unset }
        if isSynchronised { return .synchronised }
        // A minute of grace: time servers step the clock back by less than that.
        return lastStored <= latestPlausible && wall + .seconds(60) < lastStored ? .unset : .holdover
    }

    /// Ten years after ``earliestPlausible``.
    private static let latestPlausible = earliestPlausible + .seconds(3_653 * 86_400)

    private static func systemWall() -> UnixTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UnixTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}

extension GatewayClock: RadioClock {
    package func now() -> (moment: Moment, state: ClockState) { reading() }
}

extension GatewayClock: FeedClock, UplinkClock {
    package func now() -> Moment { reading().moment }

    package func systemTime() -> (wall: UnixTime, isSet: Bool) { (Self.systemWall(), reading().state != .unset) }
}
