/// When and how much is sent, and how long is waited after failures.
package struct SyncPolicy: Hashable, Sendable {
    /// The most events in one batch.
    package var maximumEvents: Int
    /// The most uncompressed bytes of events in one batch.
    package var maximumBytes: Int
    /// A smaller batch is sent when its first event has waited this long.
    package var maximumAge: Duration
    package var backOff: BackOff
    /// First wait before probing again while a person has to act; doubles to ``holdCap``.
    package var holdBase: Duration
    package var holdCap: Duration
    /// So many single refusals in a row, and nothing accepted between them, look like a broken platform rather than like
    /// broken events: then one event a probe, slowly.
    package var refusalStreak: Int

    /// The defaults of `platform.batch`: 500 events, 1 MB, 5 s.
    package static let standard = SyncPolicy()

    package init(
        maximumEvents: Int = 500, maximumBytes: Int = 1_000_000, maximumAge: Duration = .seconds(5),
        backOff: BackOff = .standard, holdBase: Duration = .seconds(30), holdCap: Duration = .seconds(300),
        refusalStreak: Int = 50
    ) {
        self.maximumEvents = max(1, maximumEvents)
        self.maximumBytes = max(1, maximumBytes)
        self.maximumAge = maximumAge
        self.backOff = backOff
        self.holdBase = holdBase
        self.holdCap = holdCap
        self.refusalStreak = refusalStreak
    }
}
