import Subjects

/// Where the packets of a capture lie in the time of the box.
///
/// A capture that reaches into the future of the clock plays like a radio: every packet at the time that it carries,
/// and what was already past when the radio started has been missed. So several captures of one hour keep their
/// relation. Any other capture is old, and begins now. Packets are stamped with the capture's own distances, whatever
/// the speed.
struct CapturePacing: Sendable {
    /// Added to the wall time of each packet.
    let shift: Duration
    /// Packets before this wall time (in the capture's own) have been missed; nil = none.
    let missedBefore: UnixTime?
    private let start: Moment
    private let speed: Double

    /// How far in the future a capture may begin and still be taken for one of this hour.
    static let horizon = Duration.seconds(86_400)
    /// A start that is late by this much misses nothing.
    static let lateness = Duration.seconds(120)

    /// - `first`, `last`: wall times of the first and the last packet.
    /// - `speed`: 0 = as fast as it goes.
    init(first: UnixTime, last: UnixTime, now: Moment, speed: Double) {
        start = now
        self.speed = speed
        if last >= now.wall, first - now.wall <= Self.horizon {
            shift = .zero
            missedBefore = now.wall + (.zero - Self.lateness)
        } else {
            shift = now.wall - first
            missedBefore = nil
        }
    }

    /// When the packet was heard, on the clocks of this box.
    func moment(of time: UnixTime) -> Moment {
        start.advanced(by: time + shift - start.wall)
    }

    /// The time on the box's monotonic clock at which the packet is due.
    func due(_ heard: Moment) -> Duration {
        guard speed > 0 else { return start.monotonic }
        return start.monotonic + (heard.monotonic - start.monotonic) / speed
    }
}
