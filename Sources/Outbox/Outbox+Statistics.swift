import Foundation
import GRDB
import Synchronization

extension Outbox {
    /// How many rows wait to be sent, and their bytes, without asking the disk. None while the file cannot be written:
    /// what is delivered could not be taken off the queue.
    package var backlog: (rows: Int, bytes: Int64) {
        guard condition == nil else { return (0, 0) }
        return totals.withLock { ($0.pendingEvents + $0.gaps, $0.bytes) }
    }

    /// Drafts in memory that the next commit will write.
    package var uncommitted: Int { pending.withLock { $0.level.drafts } }

    /// What was written since the program started.
    package var writes: WriteStatistics { meter.withLock(\.statistics) }

    /// How the queue stands, from one look at the file.
    package func statistics() throws(OutboxError) -> OutboxStatistics {
        let stamp = configuration.stamp()
        return try read("measuring the queue") { db in
            try OutboxStatistics(
                db, totals: totals.withLock(\.self), writes: writes, at: stamp,
                refused: refusedDrafts)
        }
    }
}

extension OutboxStatistics {
    init(
        _ db: Database, totals: QueueTotals, writes: WriteStatistics, at stamp: EventStamp?, refused: [String: Int64]
    ) throws {
        let counters = try Counter.all(db)
        let last = try CommitWriter.nextSequence(db) - 1
        let prefix = Counter.evictedPrefix
        let evicted = counters.filter { $0.key.hasPrefix(prefix) }
        let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let head = try Row.fetchOne(
            db, sql: "SELECT enqueued_at, coalesce(gap_first, sequence) FROM event ORDER BY sequence LIMIT 1")
        let enqueuedAt = try head?.integer(0)
        var age: Duration?
        if let head, let stamp, let enqueuedAt {
            let bounds = totals.ledger.age(of: try head.sequence(1), at: stamp)
            let (wall, overflow) = stamp.wallNanoseconds.subtractingReportingOverflow(enqueuedAt)
            let told = overflow ? bounds.least : max(bounds.least, wall)
            age = .nanoseconds(max(0, bounds.most.map { min($0, told) } ?? told))
        }
        self.init(
            epoch: totals.epoch, depth: totals.pendingEvents + totals.gaps, pendingEvents: totals.pendingEvents,
            bytes: totals.bytes, oldestEnqueuedAt: enqueuedAt, oldestAge: age, lastSequence: last,
            enqueued: Int64(last) &+ (counters[Counter.enqueuedBefore] ?? 0),
            delivered: counters[Counter.delivered] ?? 0, quarantined: counters[Counter.quarantined] ?? 0,
            quarantineDepth: try Int.fetchOne(db, sql: "SELECT count(*) FROM quarantine") ?? 0,
            retried: counters[Counter.retried] ?? 0, dropped: counters[Counter.dropped] ?? 0,
            quarantineEvicted: counters[Counter.forgotten] ?? 0,
            evicted: Dictionary(
                uniqueKeysWithValues: evicted.map { (String($0.key.dropFirst(prefix.count)), $0.value) }),
            refusedDrafts: refused, fileBytes: pages * QueueFile.pageBytes,
            rescues: counters[Counter.rescues] ?? 0, salvaged: counters[Counter.salvaged] ?? 0, writes: writes)
    }
}
