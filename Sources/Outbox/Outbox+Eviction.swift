import Foundation
import GRDB
import PlatformAPI
import Synchronization

extension Outbox {
    /// Rows looked at in one transaction: small enough that accepting is not held up.
    private static let chunk = 500

    /// Evicts what is older than the configured age (only while the clock can be trusted) and, when more than 90 % of the
    /// quota is used, the least important until 80 % are. Each eviction and its `gateway.gap` are one transaction.
    /// - Parameter force: evict for space at once, because SQLite or the file system said that it is full.
    package func enforceCaps(force: Bool = false) throws(OutboxError) -> Eviction {
        var eviction = Eviction()
        let stamp = configuration.stamp()
        if stamp.wallIsTrusted {
            let age = configuration.maximumAge.components.seconds
            let cutoff = stamp.wallNanoseconds - min(age, 9_000_000_000) * 1_000_000_000
            try evict(
                "enqueued_at < ?", [cutoff], reason: .tooOld, at: stamp, into: &eviction, startingAtHead: true
            ) { () throws(OutboxError) in false }
        }
        let used = try usedBytes()
        guard force || used > configuration.maximumBytes / 10 * 9 else { return eviction }
        let target = min(configuration.maximumBytes, used) / 10 * 8
        let enough = { () throws(OutboxError) in try self.usedBytes() <= target }
        for priority in EventPriority.allCases where try !enough() {
            try evict(
                "priority = ?", [Int64(priority.rawValue)], reason: .queueFull, at: stamp, into: &eviction,
                startingAtHead: false, until: enough)
        }
        while try !enough() {
            let dropped = try dropOldestQuarantined()
            if dropped == 0 { break }
            eviction.quarantined += dropped
        }
        try read("giving space back") { db in try db.execute(sql: "PRAGMA incremental_vacuum") }
        return eviction
    }

    /// Bytes of pages in use; freed pages that the file still holds do not count.
    func usedBytes() throws(OutboxError) -> Int64 {
        try read("measuring the queue") { db in
            let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            let free = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            return (pages - free) * QueueFile.pageBytes
        }
    }

    /// Replaces the rows that meet `condition` by gaps, oldest first, until `enough` or none is left.
    /// - Parameter startingAtHead: stop at the first row that does not meet the condition, instead of reading on.
    private func evict(
        _ condition: String, _ arguments: [Int64], reason: GapReason, at stamp: EventStamp,
        into eviction: inout Eviction,
        startingAtHead: Bool, until enough: () throws(OutboxError) -> Bool
    ) throws(OutboxError) {
        var position: Int64 = 0
        while try !enough() {
            let next = try committing.withLock { (_) throws(OutboxError) in
                try evictChunk(condition, arguments, after: position, reason, stamp, &eviction, startingAtHead)
            }
            guard let next else { return }
            position = next
        }
    }

    /// - Returns: the last sequence that was looked at; nil when there is no more to look at.
    private func evictChunk(
        _ condition: String, _ arguments: [Int64], after position: Int64, _ reason: GapReason, _ stamp: EventStamp,
        _ eviction: inout Eviction, _ startingAtHead: Bool
    ) throws(OutboxError) -> Int64? {
        let (change, next) = try write("evicting events") { db -> (GapWriter.Change, Int64?) in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT sequence, type, length(body), gap_first IS NULL AND \(condition), gap_first IS NULL
                    FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?
                    """,
                arguments: StatementArguments(arguments + [position, Int64(Self.chunk)]))
            var victims: [GapWriter.Victim] = []
            var last: Int64?
            while let row = try rows.next() {
                if row[3] as Bool {
                    victims.append(GapWriter.Victim(sequence: UInt64(row[0] as Int64), type: row[1], bytes: row[2]))
                } else if startingAtHead, row[4] as Bool {
                    last = nil
                    break
                }
                last = row[0]
            }
            let writer = GapWriter(
                db: db, reason: reason.rawValue, counter: Counter.evictedPrefix + reason.rawValue, stamp: stamp)
            return (try writer.replace(victims), last)
        }
        apply(change)
        if change.events != 0 { eviction.events[reason.rawValue, default: 0] -= change.events }
        return next
    }

    private func dropOldestQuarantined() throws(OutboxError) -> Int {
        try write("evicting quarantined events") { db in
            try db.execute(
                sql: "DELETE FROM quarantine WHERE number IN (SELECT number FROM quarantine ORDER BY number LIMIT ?)",
                arguments: [Self.chunk])
            return db.changesCount
        }
    }
}
