package import Foundation
import GRDB
import PlatformAPI
import Synchronization

extension Outbox {
    /// Gives everything that waits a new identity: a new epoch, numbered from 1 in the same order. Needed when the
    /// platform holds other events under the same sequences (this disk was restored from an older copy). Each event says what it
    /// was called before: the platform may hold some of those behind the one in conflict. Holes that gaps stand for keep their
    /// width. One transaction.
    /// - Parameter epoch: the one that is in conflict; when it is no longer ours, nothing happens.
    package func moveToNewEpoch(from epoch: UUID) throws(OutboxError) {
        try committing.withLock { (_) throws(OutboxError) in
            if epoch == self.epoch { try moveToNewEpoch() }
        }
    }

    private func replaceTotals(_ renewed: QueueTotals) { totals.withLock { $0 = renewed } }

    private func moveToNewEpoch() throws(OutboxError) {
        let next = UUID()
        let former = epoch
        let stamp = configuration.stamp()
        try write("moving to a new epoch", then: replaceTotals) { db in
            let last = try CommitWriter.nextSequence(db) - 1
            let head = try Row.fetchOne(db, sql: "SELECT sequence, gap_first FROM event ORDER BY sequence LIMIT 1")
            let first = try head.map { try $0.optionalSequence(1) ?? $0.sequence(0) } ?? last + 1
            let mover = EpochMover(db: db, epoch: next, offset: first - 1, stamp: stamp, formerEpoch: former)
            try mover.moveAll()
            try db.execute(
                sql: "UPDATE sqlite_sequence SET seq = ? WHERE name = 'event'", arguments: [Int64(last - mover.offset)])
            try db.execute(
                sql: "UPDATE meta SET value = ? WHERE key = 'epoch'", arguments: [next.uuidString.lowercased()])
            try db.execute(
                sql: "DELETE FROM mark WHERE sequence <= ?", arguments: [Int64(mover.offset)])
            try db.execute(sql: "UPDATE mark SET sequence = sequence - ?", arguments: [Int64(mover.offset)])
            try Counter.add(Int64(mover.offset), to: Counter.enqueuedBefore, in: db)
            return try QueueTotals(db)
        }
        keepMark()
    }
}
