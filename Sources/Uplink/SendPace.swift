/// When the line may be used at all: not before a random moment after the start, so that a fleet that starts together (power is
/// back in a town) does not arrive together; not more often than the operator allows; and slowly at first after an outage, so that
/// those who are back do not fill the platform with their backlogs before the others have come.
struct SendPace: Hashable, Sendable {
    private let startJitter: Duration
    private let interval: Duration
    /// The first pause between two batches after an outage; each later one is half as long.
    private let firstGap: Duration
    private var gap = Duration.zero
    private var startsAt: Duration?
    private var nextAt: Duration?

    init(startJitter: Duration, reconnectJitter: Duration, maximumPerMinute: Int?) {
        self.startJitter = startJitter
        firstGap = reconnectJitter / 10
        if startJitter > .zero { gap = firstGap }
        interval = maximumPerMinute.map { Duration.seconds(60) / max(1, $0) } ?? .zero
    }

    /// The end of the quiet time after the start, drawn when it is asked for first.
    mutating func start(at now: Duration, using random: inout SplitMix64) -> Duration {
        if let startsAt { return startsAt }
        let drawn = startJitter > .zero ? now + BackOff.uniform(upTo: startJitter, using: &random) : now
        startsAt = drawn
        return drawn
    }

    /// - Returns: when the next batch may go, if not now.
    func due(at now: Duration) -> Duration? {
        guard let nextAt, nextAt > now else { return nil }
        return nextAt
    }

    mutating func sent(at now: Duration) { nextAt = interval > .zero ? now + interval : nil }

    /// The line is lost, or the platform has no room.
    mutating func lost() { gap = firstGap }

    /// A batch was taken.
    mutating func settled(at now: Duration, using random: inout SplitMix64) {
        guard gap >= .milliseconds(200) else { return }
        nextAt = max(nextAt ?? now, now + BackOff.uniform(upTo: gap, using: &random))
        gap = gap / 2
    }

    /// An operator asks for an attempt now.
    mutating func skipStart() { startsAt = .zero }
}
