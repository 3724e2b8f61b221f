/// When the line may be used at all: not before a random moment after the start, so that a fleet that starts together (power is
/// back in a town) does not arrive together; and not more often than the operator allows.
struct SendPace: Hashable, Sendable {
    private let startJitter: Duration
    private let interval: Duration
    private var startsAt: Duration?
    private var nextAt: Duration?

    init(startJitter: Duration, maximumPerMinute: Int?) {
        self.startJitter = startJitter
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

    /// An operator asks for an attempt now.
    mutating func skipStart() { startsAt = .zero }
}
