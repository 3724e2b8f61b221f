package import Foundation
import GRDB
package import PlatformAPI
import Synchronization

extension Outbox {
    /// The head of the queue, without removing anything; nil when nothing waits.
    /// - Parameters:
    ///   - maximumEvents: at least 1 is read.
    ///   - maximumBytes: of the bodies; the first event is taken even when it alone is larger.
    package func nextBatch(maximumEvents: Int, maximumBytes: Int) throws(OutboxError) -> StoredBatch? {
        while true {
            switch try readBatch(maximumEvents: max(1, maximumEvents), maximumBytes: maximumBytes) {
            case .batch(let batch): return batch
            case .unreadable(let epoch, let sequence): try giveUp(sequence, of: epoch)
            }
        }
    }

    private enum Head {
        case batch(StoredBatch?)
        /// The first row is not what was stored: the disk changed it.
        case unreadable(epoch: UUID, sequence: UInt64)
    }

    private func readBatch(maximumEvents: Int, maximumBytes: Int) throws(OutboxError) -> Head {
        // While the file cannot be written nothing is sent: what is delivered could not be taken off the queue.
        _ = try queue
        let gateway = configuration.gateway
        return try read("reading the queue") { db in
            let epoch = epoch
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: "SELECT sequence, gap_first, gap, body, crc FROM event ORDER BY sequence LIMIT ?"),
                arguments: [maximumEvents])
            var bodies: [[UInt8]] = []
            var bytes = 0
            var first: (sequence: UInt64, covers: UInt64)?
            var last: UInt64 = 0
            while let row = try rows.next() {
                let sequence = try row.sequence(0)
                guard let (body, covers) = Self.event(in: row, sequence, epoch, gateway) else {
                    if bodies.isEmpty { return .unreadable(epoch: epoch, sequence: sequence) }
                    break
                }
                guard bodies.isEmpty || covers == last + 1 else {
                    // Nothing leaves the middle of the queue without a gap in its place.
                    throw DatabaseError(
                        resultCode: .SQLITE_CORRUPT, message: "nothing stands between event \(last) and \(covers)")
                }
                guard bodies.isEmpty || bytes + body.count <= maximumBytes else { break }
                if first == nil { first = (sequence, covers) }
                last = sequence
                bytes += body.count
                bodies.append(body)
            }
            return .batch(
                first.map {
                    StoredBatch(epoch: epoch, first: $0.sequence, covers: $0.covers, last: last, bodies: bodies)
                })
        }
    }

    /// The event's bytes and the first sequence that it stands for; nil when the row cannot be believed.
    static func event(
        in row: Row, _ sequence: UInt64, _ epoch: UUID, _ gateway: String
    ) -> (body: [UInt8], covers: UInt64)? {
        guard let gapFirst = try? row.optionalSequence(1) else {
            guard (row[1] as DatabaseValue).isNull, let body = try? row.blob(3) else { return nil }
            let bytes = [UInt8](body)
            guard Int64.fromDatabaseValue(row[4]) == Int64(RowChecksum.of(bytes)) else { return nil }
            return (bytes, sequence)
        }
        guard gapFirst <= sequence, let text = try? row.text(2), let record = try? GapRecord(text: text, crc: row[4]),
            let body = try? record.event(epoch: epoch, gateway: gateway, first: gapFirst, last: sequence)
        else { return nil }
        return (body, gapFirst)
    }

    /// A gap of reason `damaged` takes the place of a row that the disk changed: nothing that was not accepted may be
    /// sent, and the queue must go on.
    private func giveUp(_ sequence: UInt64, of epoch: UUID) throws(OutboxError) {
        let stamp = configuration.stamp()
        try write("giving up a damaged event", then: apply) { db -> GapWriter.Change in
            guard try QueueTotals.epoch(db) == epoch else { return GapWriter.Change() }
            let row = try Row.fetchOne(
                db, sql: "SELECT type, length(body), gap_first FROM event WHERE sequence = ?",
                arguments: [Int64(clamping: sequence)])
            guard let row else { return GapWriter.Change() }
            if !(row[2] as DatabaseValue).isNull {
                let text = try GapRecord(reason: GapReason.damaged.rawValue, counts: [:], stamp: stamp).text()
                try db.execute(
                    sql: "UPDATE event SET gap = ?, crc = ?, gap_first = min(gap_first, sequence) WHERE sequence = ?",
                    arguments: [text, Int64(RowChecksum.of(Array(text.utf8))), Int64(sequence)])
                return GapWriter.Change()
            }
            let type = (try? row.text(0)).flatMap(EventType.init(rawValue:))?.rawValue ?? GapRecord.unknownType
            return try GapWriter(
                db: db, reason: GapReason.damaged.rawValue,
                counter: Counter.evictedPrefix + GapReason.damaged.rawValue, stamp: stamp
            ).replace([GapWriter.Victim(sequence: sequence, type: type, bytes: try row.integer(1))])
        }
    }

    /// Takes the platform's answer: every sequence up to `through` is settled. The refused ones among them go to
    /// quarantine, the others are gone for good. One transaction, or several small ones when the disk is too full for it;
    /// repeating it changes nothing.
    /// - Parameter epoch: of the batch; an answer for another epoch changes nothing.
    package func settle(
        epoch: UUID, through: UInt64, rejected: [BatchAnswer.Rejection] = []
    ) throws(OutboxError) {
        guard epoch == self.epoch else { return }
        do throws(OutboxError) {
            try settleAtOnce(epoch, through, rejected)
        } catch {
            guard case .full = error, let middle = try middle(through) else { throw error }
            try settle(epoch: epoch, through: middle, rejected: rejected)
            try settle(epoch: epoch, through: through, rejected: rejected)
        }
    }

    /// The sequence that halves what waits up to `last`; nil when that is one row or none.
    private func middle(_ last: UInt64) throws(OutboxError) -> UInt64? {
        try read("reading the queue") { db in
            let limit = Int64(clamping: last)
            let rows = try Int.fetchOne(db, sql: "SELECT count(*) FROM event WHERE sequence <= ?", arguments: [limit])
            guard let rows, rows > 1 else { return nil }
            return try Row.fetchOne(
                db, sql: "SELECT sequence FROM event WHERE sequence <= ? ORDER BY sequence LIMIT 1 OFFSET ?",
                arguments: [limit, rows / 2 - 1])?.sequence(0)
        }
    }

    private func settleAtOnce(
        _ epoch: UUID, _ through: UInt64, _ rejected: [BatchAnswer.Rejection]
    ) throws(OutboxError) {
        let stamp = configuration.stamp()
        try write("settling a batch", then: apply) { db -> GapWriter.Change in
            // Here and not before: a salvage or a move that ends in between numbers other events from 1.
            guard try QueueTotals.epoch(db) == epoch else { return GapWriter.Change() }
            let limit = Int64(clamping: through)
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT count(*), count(gap_first), coalesce(sum(length(body)), 0) FROM event
                        WHERE sequence <= ?
                        """), arguments: [limit])
            let rows = Int(try row?.integer(0) ?? 0)
            let gaps = Int(try row?.integer(1) ?? 0)
            var refused = 0
            for rejection in rejected where rejection.sequence <= through {
                let kept = try Self.keep(
                    rejection.sequence, problem: rejection.problem, epoch: epoch, at: stamp, in: db)
                refused += kept ? 1 : 0
            }
            try db.cachedStatement(sql: "DELETE FROM event WHERE sequence <= ?").execute(arguments: [limit])
            try Counter.add(Int64(rows - gaps - refused), to: Counter.delivered, in: db)
            try Counter.add(Int64(refused), to: Counter.quarantined, in: db)
            return GapWriter.Change(
                events: gaps - rows, gaps: -gaps, bytes: -(try row?.integer(2) ?? 0), settled: through)
        }
    }

    /// Takes an event that the platform refused alone in a batch out of the way: to quarantine, a gap in its place.
    /// - Throws: ``OutboxError/gapRefused(sequence:)`` when it is itself a gap, which nothing can stand in for.
    package func quarantine(epoch: UUID, sequence: UInt64, problem: ProblemDetails) throws(OutboxError) {
        guard epoch == self.epoch else { return }
        let stamp = configuration.stamp()
        try write("putting an event in quarantine", then: apply) { db -> GapWriter.Change in
            guard try QueueTotals.epoch(db) == epoch else { return GapWriter.Change() }
            let row = try Row.fetchOne(
                db, sql: "SELECT type, length(body), gap_first FROM event WHERE sequence = ?",
                arguments: [Int64(clamping: sequence)])
            guard let row else { return GapWriter.Change() }
            if !(row[2] as DatabaseValue).isNull { throw OutboxError.gapRefused(sequence: sequence) }
            _ = try Self.keep(sequence, problem: problem, epoch: epoch, at: stamp, in: db)
            let victim = GapWriter.Victim(sequence: sequence, type: try row.text(0), bytes: try row.integer(1))
            return try GapWriter(
                db: db, reason: GapReason.refused.rawValue, counter: Counter.quarantined, stamp: stamp
            ).replace([victim])
        }
    }

    /// The platform asks for sequences that it had confirmed before and that are gone here (it was restored from an older
    /// copy): a gap stands in for `expected` up to the head of the queue, so that the rest can follow.
    /// - Returns: false when there is nothing to fill: `expected` is not before the head.
    package func fill(epoch: UUID, from expected: UInt64, reason: String) throws(OutboxError) -> Bool {
        guard epoch == self.epoch, expected >= 1 else { return false }
        let stamp = configuration.stamp()
        return try write("filling a hole", then: countGap) { db -> Bool in
            guard try QueueTotals.epoch(db) == epoch else { return false }
            let row = try Row.fetchOne(db, sql: "SELECT sequence, gap_first FROM event ORDER BY sequence LIMIT 1")
            let head: UInt64
            if let row {
                head = try row.optionalSequence(1) ?? row.sequence(0)
            } else {
                head = try CommitWriter.nextSequence(db)
            }
            guard expected < head else { return false }
            try GapRecord(reason: reason, counts: [:], stamp: stamp)
                .insert(first: expected, last: head - 1, at: stamp, in: db)
            return true
        }
    }

    private func countGap(_ isNew: Bool) {
        if isNew { apply(GapWriter.Change(gaps: 1)) }
    }

    func apply(_ change: GapWriter.Change) {
        totals.withLock { totals in
            totals.pendingEvents += change.events
            totals.gaps += change.gaps
            totals.bytes += change.bytes
            if let settled = change.settled { totals.settled = max(totals.settled, min(settled, totals.last)) }
        }
        if change.settled != nil { keepMark() }
    }

    /// Copies an event to quarantine.
    /// - Returns: false when it is no longer there, is a gap, or is in quarantine already.
    private static func keep(
        _ sequence: UInt64, problem: ProblemDetails, epoch: UUID, at stamp: EventStamp, in db: Database
    ) throws -> Bool {
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO quarantine
                    (epoch, sequence, type, priority, enqueued_at, quarantined_at, problem, body)
                SELECT ?, sequence, type, priority, enqueued_at, ?, ?, body FROM event
                WHERE sequence = ? AND gap_first IS NULL
                """,
            arguments: [
                epoch.uuidString.lowercased(), stamp.wallNanoseconds,
                String(decoding: try WireJSON.encode(problem), as: UTF8.self), Int64(clamping: sequence),
            ])
        return db.changesCount > 0
    }
}
