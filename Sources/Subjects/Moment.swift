/// One instant on both clocks of the box: monotonic for durations, wall for stamps.
///
/// The two are never mixed: a dwell is a difference of `monotonic`, so that a step of the wall clock cannot change it.
package struct Moment: Hashable, Sendable, Codable {
    /// Time since boot, including suspend (`CLOCK_BOOTTIME`).
    package var monotonic: Duration
    package var wall: UnixTime

    package init(monotonic: Duration, wall: UnixTime) {
        self.monotonic = monotonic
        self.wall = wall
    }

    /// The moment `duration` later (earlier when negative) on both clocks.
    package func advanced(by duration: Duration) -> Moment {
        Moment(monotonic: monotonic + duration, wall: wall + duration)
    }

    /// The last moment not after this one at which the wall clock showed a whole second; both clocks go back by the same.
    package var onWholeSecond: Moment {
        // Wraps in the first second that can be told; the difference is right all the same.
        let fraction = Duration.nanoseconds(wall.nanoseconds &- wall.wholeSeconds &* 1_000_000_000)
        return Moment(monotonic: max(.zero, monotonic - fraction), wall: wall + (.zero - fraction))
    }

    private enum CodingKeys: String, CodingKey {
        case monotonic, wall
    }

    /// Both clocks are integers of nanoseconds.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        monotonic = .nanoseconds(try container.decode(Int64.self, forKey: .monotonic))
        wall = try container.decode(UnixTime.self, forKey: .wall)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(monotonic.saturatedNanoseconds, forKey: .monotonic)
        try container.encode(wall, forKey: .wall)
    }
}
