package import Foundation
import GRDB
import PlatformAPI
import Synchronization

extension Outbox {
    /// Gives everything that waits a new identity: a new epoch, numbered from 1 in the same order. Needed when the
    /// platform holds other events under the same sequences (this disk was restored from an older copy). Holes that gaps
    /// stand for keep their width. One transaction.
    /// - Parameter epoch: the one that is in conflict; when it is no longer ours, nothing happens.
    package func moveToNewEpoch(from epoch: UUID) throws(OutboxError) {
        try committing.withLock { (_) throws(OutboxError) in
            if epoch == self.epoch { try moveToNewEpoch() }
        }
    }

    private func moveToNewEpoch() throws(OutboxError) {
        let next = UUID()
        let stamp = configuration.stamp()
        let renewed = try write("moving to a new epoch") { db in
            let last = try CommitWriter.nextSequence(db) - 1
            let head = try Row.fetchOne(db, sql: "SELECT sequence, gap_first FROM event ORDER BY sequence LIMIT 1")
            let first = head.map { UInt64($0[1] as Int64? ?? $0[0]) } ?? last + 1
            let mover = EpochMover(db: db, epoch: next, offset: first - 1, stamp: stamp)
            try mover.moveAll()
            try db.execute(
                sql: "UPDATE sqlite_sequence SET seq = ? WHERE name = 'event'", arguments: [Int64(last - mover.offset)])
            try db.execute(
                sql: "UPDATE meta SET value = ? WHERE key = 'epoch'", arguments: [next.uuidString.lowercased()])
            try Counter.add(Int64(mover.offset), to: Counter.enqueuedBefore, in: db)
            return try QueueTotals(db)
        }
        totals.withLock { $0 = renewed }
    }
}

/// Renumbers the rows inside a transaction, by rising sequence, so that no two ever meet.
private struct EpochMover {
    let db: Database
    let epoch: UUID
    /// What every sequence is lessened by.
    let offset: UInt64
    let stamp: EventStamp

    func moveAll() throws {
        var position: Int64 = 0
        while true {
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT sequence, gap_first, type, body FROM event WHERE sequence > ? ORDER BY sequence LIMIT 200",
                arguments: [position])
            guard let last = rows.last else { return }
            position = last[0]
            for row in rows { try move(row) }
        }
    }

    private func move(_ row: Row) throws {
        let old: Int64 = row[0]
        let new = old - Int64(offset)
        if let gapFirst: Int64 = row[1] {
            try db.cachedStatement(sql: "UPDATE event SET sequence = ?, gap_first = ? WHERE sequence = ?")
                .execute(arguments: [new, gapFirst - Int64(offset), old])
            return
        }
        let identity = EventIdentity(epoch: epoch, sequence: UInt64(new))
        if let body = EventEnvelope.renamed(row[3] as Data, to: identity) {
            try db.cachedStatement(sql: "UPDATE event SET sequence = ?, body = ? WHERE sequence = ?")
                .execute(arguments: [new, Data(body), old])
        } else {
            // Bytes that are no event any more: say so, rather than stop everything behind them.
            try db.cachedStatement(sql: "DELETE FROM event WHERE sequence = ?").execute(arguments: [old])
            try GapRecord(reason: GapReason.damaged.rawValue, counts: [row[2]: 1], stamp: stamp)
                .insert(first: UInt64(new), last: UInt64(new), at: stamp, in: db)
            try Counter.add(1, to: Counter.evictedPrefix + GapReason.damaged.rawValue, in: db)
        }
    }
}
