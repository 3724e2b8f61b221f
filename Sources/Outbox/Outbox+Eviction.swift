import Foundation
import GRDB
import PlatformAPI
import Synchronization

extension Outbox {
    /// Rows looked at in one transaction: small enough that accepting is not held up.
    private static let chunk = 500
    /// Bodies that go in one transaction: what is zeroed goes through the log.
    private static let chunkBytes: Int64 = 512 << 10
    /// Pages given back to the file system in one transaction.
    private static let vacuumPages = 512

    /// Evicts what is certainly older than the configured age and, when more than 90 % of the file's share of the quota
    /// is used, the least important until 80 % are; gives freed space back to the file system. Each eviction and its
    /// `gateway.gap` are one transaction.
    /// - Parameter force: evict for space at once, because SQLite or the file system said that it is full; but nothing
    ///   that is more important than what waits to be committed.
    package func enforceCaps(force: Bool = false) throws(OutboxError) -> Eviction {
        var eviction = Eviction()
        let stamp = configuration.stamp()
        let age = min(configuration.maximumAge.components.seconds, 9_000_000_000) * 1_000_000_000
        let tooOld = totals.withLock { $0.ledger.lastSequence(olderThan: age, at: stamp) }
        if tooOld > 0 {
            try evict(
                "sequence <= ?", [Int64(clamping: tooOld)], reason: .tooOld, at: stamp, into: &eviction,
                startingAtHead: true
            ) { () throws(OutboxError) in false }
        }
        try evictForSpace(force, at: stamp, into: &eviction)
        try tidy()
        if !force {
            try giveSpaceBack()
            ballast.refill()
            if !isFileSystemFull, ballast.isWhole { limitGrowth(false) }
        }
        return eviction
    }

    private func evictForSpace(
        _ force: Bool, at stamp: EventStamp, into eviction: inout Eviction
    ) throws(OutboxError) {
        let limit = configuration.maximumFileBytes
        let (used, free) = try pageUse()
        // Room inside the file that is not used shows that evicting more would not help: it is the log that has none.
        guard force ? free <= used / 10 : used > limit / 10 * 9 else { return }
        let target = min(limit, used) / 10 * 8
        let enough = { () throws(OutboxError) in try self.pageUse().used <= target }
        let highest = force ? pending.withLock(\.priority) ?? .receipts : .receipts
        for priority in EventPriority.allCases where priority <= highest {
            if try enough() { return }
            try evict(
                "priority = ?", [Int64(priority.rawValue)], reason: .queueFull, at: stamp, into: &eviction,
                startingAtHead: false, until: enough)
        }
        guard highest == .receipts else { return }
        while try !enough() {
            let dropped = try dropOldestQuarantined()
            if dropped == 0 { break }
            eviction.quarantined += dropped
        }
    }

    /// Bytes of pages in use, and of freed pages that the file still holds.
    func pageUse() throws(OutboxError) -> (used: Int64, free: Int64) {
        try read("measuring the queue") { db in
            let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            let free = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            return ((pages - free) * QueueFile.pageBytes, free * QueueFile.pageBytes)
        }
    }

    /// Shrinks the file when more than a quarter of it, and more than a mebibyte, is free. In small steps: what is moved
    /// goes through the log.
    private func giveSpaceBack() throws(OutboxError) {
        let (used, free) = try pageUse()
        guard free > max(used / 3, 1 << 20) else { return }
        var left = free
        while left > 0 {
            let before = left
            try write("giving space back") { db in
                try db.execute(sql: "PRAGMA incremental_vacuum(\(Self.vacuumPages))")
            }
            left = try pageUse().free
            if left >= before { break }
        }
        try checkpoint()
    }

    /// Notes when the last events existed, also when no others follow, and forgets the times of what has left the queue.
    private func tidy() throws(OutboxError) {
        let stamp = configuration.stamp()
        try committing.withLock { (_) throws(OutboxError) in
            let due = totals.withLock { totals in
                totals.last > max(totals.settled, totals.ledger.marks.last?.sequence ?? 0)
                    ? totals.ledger.due(totals.last, at: stamp) : nil
            }
            if let due {
                try write("noting the time") { try due.insert($0) }
                totals.withLock { $0.ledger.add(due) }
            }
            let needed = totals.withLock { $0.ledger.firstNeeded(after: $0.settled) }
            guard totals.withLock({ $0.ledger.marks.first.map { $0.sequence < needed } == true }) else { return }
            try write("tidying the queue") {
                try $0.execute(sql: "DELETE FROM mark WHERE sequence < ?", arguments: [Int64(clamping: needed)])
            }
            totals.withLock { $0.ledger.forget(before: needed) }
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
        var rows = Self.chunk
        while try !enough() {
            do throws(OutboxError) {
                let next = try committing.withLock { (_) throws(OutboxError) in
                    try evictChunk(
                        condition, arguments, after: position, rows, reason, stamp, &eviction, startingAtHead)
                }
                guard let next else { return }
                position = next
            } catch {
                // The log has little room: fewer rows at a time need less of it.
                guard case .full = error, rows > 1 else { throw error }
                rows = max(1, rows / 8)
            }
        }
    }

    /// - Returns: the last sequence that was looked at; nil when there is no more to look at.
    private func evictChunk(
        _ condition: String, _ arguments: [Int64], after position: Int64, _ limit: Int, _ reason: GapReason,
        _ stamp: EventStamp, _ eviction: inout Eviction, _ startingAtHead: Bool
    ) throws(OutboxError) -> Int64? {
        let (change, next) = try write("evicting events", then: applyFirst) {
            db -> (GapWriter.Change, Int64?) in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT sequence, type, length(body), gap_first IS NULL AND \(condition), gap_first IS NULL
                    FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?
                    """,
                arguments: StatementArguments(arguments + [position, Int64(limit)]))
            var victims: [GapWriter.Victim] = []
            var last: Int64?
            var bytes: Int64 = 0
            while bytes < Self.chunkBytes, let row = try rows.next() {
                if try row.integer(3) != 0 {
                    victims.append(
                        GapWriter.Victim(
                            sequence: try row.sequence(0), type: try row.text(1), bytes: try row.integer(2)))
                    bytes += try row.integer(2)
                } else if startingAtHead, try row.integer(4) != 0 {
                    last = nil
                    break
                }
                last = try row.integer(0)
            }
            let writer = GapWriter(
                db: db, reason: reason.rawValue, counter: Counter.evictedPrefix + reason.rawValue, stamp: stamp)
            return (try writer.replace(victims), last)
        }
        if change.events != 0 { eviction.events[reason.rawValue, default: 0] -= change.events }
        return next
    }

    private func applyFirst(_ result: (GapWriter.Change, Int64?)) { apply(result.0) }

    private func dropOldestQuarantined() throws(OutboxError) -> Int {
        try write("evicting quarantined events") { db in
            try db.execute(
                sql: "DELETE FROM quarantine WHERE number IN (SELECT number FROM quarantine ORDER BY number LIMIT ?)",
                arguments: [Self.chunk])
            let dropped = db.changesCount
            try Counter.add(Int64(dropped), to: Counter.forgotten, in: db)
            return dropped
        }
    }
}
