import Foundation
import GRDB
import Synchronization

extension Outbox {
    /// How many rows wait, and their bytes, without asking the disk.
    package var backlog: (rows: Int, bytes: Int64) {
        totals.withLock { ($0.pendingEvents + $0.gaps, $0.bytes) }
    }

    /// Drafts in memory that the next commit will write.
    package var uncommitted: Int { pending.withLock { $0.level.drafts } }

    /// How the queue stands, from one look at the file.
    package func statistics() throws(OutboxError) -> OutboxStatistics {
        let totals = totals.withLock(\.self)
        let (overflowed, unencodable) = pending.withLock { ($0.overflowed, $0.unencodable) }
        return try read("measuring the queue") { db in
            let counters = try Counter.all(db)
            let last = try CommitWriter.nextSequence(db) - 1
            let prefix = Counter.evictedPrefix
            let evicted = counters.filter { $0.key.hasPrefix(prefix) }
            let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            return OutboxStatistics(
                epoch: totals.epoch, depth: totals.pendingEvents + totals.gaps, pendingEvents: totals.pendingEvents,
                bytes: totals.bytes,
                oldestEnqueuedAt: try Int64.fetchOne(
                    db, sql: "SELECT enqueued_at FROM event ORDER BY sequence LIMIT 1"),
                lastSequence: last, enqueued: Int64(last) + (counters[Counter.enqueuedBefore] ?? 0),
                delivered: counters[Counter.delivered] ?? 0, quarantined: counters[Counter.quarantined] ?? 0,
                quarantineDepth: try Int.fetchOne(db, sql: "SELECT count(*) FROM quarantine") ?? 0,
                evicted: Dictionary(
                    uniqueKeysWithValues: evicted.map { (String($0.key.dropFirst(prefix.count)), $0.value) }),
                refusedDrafts: ["overflow": Int64(overflowed), "unencodable": Int64(unencodable)],
                fileBytes: pages * QueueFile.pageBytes)
        }
    }
}
