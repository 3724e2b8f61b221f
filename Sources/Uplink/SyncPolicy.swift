/// When and how much is sent, and how long is waited after failures.
package struct SyncPolicy: Hashable, Sendable {
    /// The most events in one batch.
    package var maximumEvents: Int
    /// The most uncompressed bytes of events in one batch.
    package var maximumBytes: Int
    /// A smaller batch is sent when its first event has waited this long.
    package var maximumAge: Duration
    /// The most batches a minute, also while a backlog drains; nil = no limit.
    package var maximumPerMinute: Int?
    /// The line stays quiet for a random time up to this after the start.
    package var startJitter: Duration
    /// The first attempt after a line that worked is lost waits a random time up to this: all gateways lose it in the same
    /// second, and the base of ``backOff`` would bring them back in the next.
    package var reconnectJitter: Duration
    package var backOff: BackOff
    /// First wait before probing again while a person has to act; doubles to ``holdCap``.
    package var holdBase: Duration
    package var holdCap: Duration
    /// So many single refusals in a row, and nothing accepted between them, look like a broken platform rather than like
    /// broken events: then one event a probe, slowly.
    package var refusalStreak: Int
    package var compression: CodingChoice.Preference

    /// The defaults of `platform.batch`: 1,000 events, 2 MB, 5 s. No jitter at the start: the configuration sets it.
    package static let standard = SyncPolicy()

    package init(
        maximumEvents: Int = 1000, maximumBytes: Int = 2_000_000, maximumAge: Duration = .seconds(5),
        maximumPerMinute: Int? = nil, startJitter: Duration = .zero, reconnectJitter: Duration = .zero,
        backOff: BackOff = .standard, holdBase: Duration = .seconds(30), holdCap: Duration = .seconds(300),
        refusalStreak: Int = 50, compression: CodingChoice.Preference = .auto
    ) {
        self.maximumEvents = max(1, maximumEvents)
        self.maximumBytes = max(1, maximumBytes)
        self.maximumAge = maximumAge
        self.maximumPerMinute = maximumPerMinute
        self.startJitter = startJitter
        self.reconnectJitter = reconnectJitter
        self.backOff = backOff
        self.holdBase = holdBase
        self.holdCap = holdCap
        self.refusalStreak = refusalStreak
        self.compression = compression
    }
}
