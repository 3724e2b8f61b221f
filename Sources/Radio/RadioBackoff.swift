/// How long to wait before a lost source is tried again: doubling from a quarter of a second to five seconds.
struct RadioBackoff: Sendable {
    static let first = Duration.milliseconds(250)
    static let cap = Duration.seconds(5)

    private var upcoming = first

    /// The next delay.
    mutating func next() -> Duration {
        defer { upcoming = min(Self.cap, upcoming * 2) }
        return upcoming
    }

    /// The source worked: begin anew.
    mutating func reset() {
        upcoming = Self.first
    }
}
