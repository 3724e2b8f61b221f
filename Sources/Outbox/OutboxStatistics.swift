package import Foundation

/// How the queue stands. ``enqueued`` = ``delivered`` + ``pendingEvents`` + ``quarantined`` + the sum of ``evicted``.
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
    /// Events replaced by gaps, by reason (`GapReason`).
    package let evicted: [String: Int64]
    /// Drafts that were lost before they were accepted, by reason: `overflow`, `unencodable`.
    package let refusedDrafts: [String: Int64]
    /// The database file.
    package let fileBytes: Int64
}
