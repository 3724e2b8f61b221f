package import Foundation

/// How the queue stands. ``enqueued`` = ``delivered`` + ``pendingEvents`` + ``quarantined`` + the sum of ``evicted``, and
/// ``quarantined`` = ``quarantineDepth`` + ``retried`` + ``dropped`` + ``quarantineEvicted``: each is counted in the
/// transaction that makes it so, and the rows are counted apart from that, so that ``isBalanced`` proves something.
package struct OutboxStatistics: Hashable, Sendable {
    package let epoch: UUID
    /// Rows that wait to be sent, gaps included.
    package let depth: Int
    /// The ones that are no `gateway.gap`.
    package let pendingEvents: Int
    /// Of the bodies that wait.
    package let bytes: Int64
    /// Wall clock of the oldest row, nanoseconds since 1970.
    package let oldestEnqueuedAt: Int64?
    /// How long the oldest row has waited, whatever the wall clock did meanwhile; never negative.
    package let oldestAge: Duration?
    /// The last sequence that was given out in this epoch; 0 when none was.
    package let lastSequence: UInt64
    /// Events ever accepted, over all epochs of the file.
    package let enqueued: Int64
    /// Events that the platform holds.
    package let delivered: Int64
    /// Events ever put in quarantine.
    package let quarantined: Int64
    /// Rows in quarantine now.
    package let quarantineDepth: Int
    /// Quarantined events that a person sent again; each is a new event.
    package let retried: Int64
    /// Quarantined events that a person dropped.
    package let dropped: Int64
    /// Quarantined events that gave way because the queue was full.
    package let quarantineEvicted: Int64
    /// Events replaced by gaps, by reason (`GapReason`).
    package let evicted: [String: Int64]
    /// Drafts that were lost before they were accepted, by reason: `overflow`, `unencodable`.
    package let refusedDrafts: [String: Int64]
    /// The database file.
    package let fileBytes: Int64
    /// Damaged files that were set aside.
    package let rescues: Int64
    /// Events that came out of them.
    package let salvaged: Int64
    /// What was written since the program started; zero in a reader.
    package let writes: WriteStatistics

    /// Nothing is unaccounted for.
    package var isBalanced: Bool {
        // Wrapping: counters that the disk changed must not trap.
        enqueued == delivered &+ Int64(pendingEvents) &+ quarantined &+ evicted.values.reduce(0, &+)
            && quarantined == Int64(quarantineDepth) &+ retried &+ dropped &+ quarantineEvicted
    }
}
