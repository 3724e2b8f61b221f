/// How many events and bytes go into one batch: what the configuration says, lowered by what the platform states, and by what
/// is found out about a proxy that states nothing.
struct BatchLimits: Hashable, Sendable {
    /// So many batches in a row under a limit that nobody stated, and a larger one is tried again.
    private static let successesBeforeProbe = 16

    /// Of the next batch: smaller than the ceiling while the event that the platform refuses is looked for; doubles with
    /// each success.
    private(set) var events: Int
    private var eventsCeiling: Int
    private var bytesCeiling: Int
    /// Found by halving, in uncompressed bytes; whoever refused counts compressed ones, so it is no exact figure.
    private var foundBytes: Int?
    private var successes = 0

    init(events: Int, bytes: Int) {
        self.events = events
        eventsCeiling = events
        bytesCeiling = bytes
    }

    /// Uncompressed bytes of the next batch.
    var bytes: Int { min(bytesCeiling, foundBytes ?? .max) }

    /// 413 with what the platform takes: it stays so.
    mutating func stated(events: Int?, bytes: Int?) {
        eventsCeiling = max(1, min(eventsCeiling, events ?? .max))
        bytesCeiling = max(1, min(bytesCeiling, bytes ?? .max))
    }

    /// 413 without a figure.
    mutating func found(tooLarge bytes: Int) {
        foundBytes = max(1, min(foundBytes ?? .max, bytes / 2))
        successes = 0
    }

    /// Looks for the one event of a refused batch.
    mutating func halve(_ count: Int) { events = max(1, min(eventsCeiling, count / 2)) }

    mutating func one() { events = 1 }

    mutating func all() { events = eventsCeiling }

    mutating func settled() {
        events = min(eventsCeiling, events * 2)
        guard let found = foundBytes else { return }
        successes += 1
        guard successes >= Self.successesBeforeProbe else { return }
        successes = 0
        foundBytes = found >= bytesCeiling / 2 ? nil : found * 2
    }
}
