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
        let gateway = configuration.gateway
        return try read("reading the queue") { db in
            let epoch = epoch
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: "SELECT sequence, gap_first, gap, body FROM event ORDER BY sequence LIMIT ?"),
                arguments: [max(1, maximumEvents)])
            var bodies: [[UInt8]] = []
            var bytes = 0
            var first: (sequence: UInt64, covers: UInt64)?
            var last: UInt64 = 0
            while let row = try rows.next() {
                let sequence = UInt64(row[0] as Int64)
                let gapFirst = (row[1] as Int64?).map(UInt64.init)
                let body: [UInt8]
                if let gapFirst {
                    body = try GapRecord(text: row[2]).event(
                        epoch: epoch, gateway: gateway, first: gapFirst, last: sequence)
                } else {
                    body = [UInt8](row[3] as Data)
                }
                guard bodies.isEmpty || bytes + body.count <= maximumBytes else { break }
                if first == nil { first = (sequence, gapFirst ?? sequence) }
                last = sequence
                bytes += body.count
                bodies.append(body)
            }
            return first.map {
                StoredBatch(epoch: epoch, first: $0.sequence, covers: $0.covers, last: last, bodies: bodies)
            }
        }
    }

    /// Takes the platform's answer: every sequence up to `through` is settled. The refused ones among them go to
    /// quarantine, the others are gone for good. One transaction; repeating it changes nothing.
    /// - Parameter epoch: of the batch; an answer for another epoch changes nothing.
    package func settle(
        epoch: UUID, through: UInt64, rejected: [BatchAnswer.Rejection] = []
    ) throws(OutboxError) {
        guard epoch == self.epoch else { return }
        let stamp = configuration.stamp()
        let change = try write("settling a batch") { db in
            let limit = Int64(clamping: through)
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT count(*), count(gap_first), coalesce(sum(length(body)), 0) FROM event
                        WHERE sequence <= ?
                        """), arguments: [limit])
            let rows: Int = row?[0] ?? 0
            let gaps: Int = row?[1] ?? 0
            var refused = 0
            for rejection in rejected where rejection.sequence <= through {
                let kept = try Self.keep(
                    rejection.sequence, problem: rejection.problem, epoch: epoch, at: stamp, in: db)
                refused += kept ? 1 : 0
            }
            try db.cachedStatement(sql: "DELETE FROM event WHERE sequence <= ?").execute(arguments: [limit])
            try Counter.add(Int64(rows - gaps - refused), to: Counter.delivered, in: db)
            try Counter.add(Int64(refused), to: Counter.quarantined, in: db)
            return GapWriter.Change(events: gaps - rows, gaps: -gaps, bytes: -(row?[2] ?? 0))
        }
        apply(change)
    }

    /// Takes an event that the platform refused alone in a batch out of the way: to quarantine, a gap in its place.
    /// - Throws: ``OutboxError/gapRefused(sequence:)`` when it is itself a gap, which nothing can stand in for.
    package func quarantine(epoch: UUID, sequence: UInt64, problem: ProblemDetails) throws(OutboxError) {
        guard epoch == self.epoch else { return }
        let stamp = configuration.stamp()
        let change = try write("putting an event in quarantine") { db -> GapWriter.Change in
            let row = try Row.fetchOne(
                db, sql: "SELECT type, length(body), gap_first FROM event WHERE sequence = ?",
                arguments: [Int64(clamping: sequence)])
            guard let row else { return GapWriter.Change() }
            if (row[2] as Int64?) != nil { throw OutboxError.gapRefused(sequence: sequence) }
            _ = try Self.keep(sequence, problem: problem, epoch: epoch, at: stamp, in: db)
            let victim = GapWriter.Victim(sequence: sequence, type: row[0], bytes: row[1])
            return try GapWriter(
                db: db, reason: GapReason.refused.rawValue, counter: Counter.quarantined, stamp: stamp
            ).replace([victim])
        }
        apply(change)
    }

    /// The platform asks for sequences that it had confirmed before and that are gone here (it was restored from an older
    /// copy): a gap stands in for `expected` up to the head of the queue, so that the rest can follow.
    /// - Returns: false when there is nothing to fill: `expected` is not before the head.
    package func fill(epoch: UUID, from expected: UInt64, reason: String) throws(OutboxError) -> Bool {
        guard epoch == self.epoch, expected >= 1 else { return false }
        let stamp = configuration.stamp()
        let filled = try write("filling a hole") { db -> Bool in
            let row = try Row.fetchOne(db, sql: "SELECT sequence, gap_first FROM event ORDER BY sequence LIMIT 1")
            let head: UInt64
            if let row { head = UInt64(row[1] as Int64? ?? row[0]) } else { head = try CommitWriter.nextSequence(db) }
            guard expected < head else { return false }
            try GapRecord(reason: reason, counts: [:], stamp: stamp)
                .insert(first: expected, last: head - 1, at: stamp, in: db)
            return true
        }
        if filled { apply(GapWriter.Change(gaps: 1)) }
        return filled
    }

    /// The refused events, oldest first.
    package func quarantined(limit: Int = 1000) throws(OutboxError) -> [QuarantinedEvent] {
        try read("listing the quarantine") { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT number, epoch, sequence, type, problem, body FROM quarantine ORDER BY number LIMIT ?",
                arguments: [limit])
            return try rows.map { row in
                QuarantinedEvent(
                    number: row[0], epoch: row[1], sequence: UInt64(row[2] as Int64), type: row[3],
                    problem: try WireJSON.decode(ProblemDetails.self, from: (row[4] as String).utf8),
                    body: [UInt8](row[5] as Data))
            }
        }
    }

    func apply(_ change: GapWriter.Change) {
        totals.withLock { totals in
            totals.pendingEvents += change.events
            totals.gaps += change.gaps
            totals.bytes += change.bytes
        }
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
