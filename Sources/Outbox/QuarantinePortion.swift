import Foundation
import GRDB
import PlatformAPI

/// Carries out the first portion of an order inside a transaction.
struct QuarantinePortion {
    /// Of the events that are sent again, in one transaction: they go through the log.
    private static let mostBytes: Int64 = 1 << 20

    let order: QuarantineOrder
    /// Of the events that are sent again.
    let epoch: UUID
    let stamp: EventStamp
    let db: Database
    private(set) var outcome = QuarantineOutcome()
    /// Of the events that were sent again.
    private(set) var bytes: Int64 = 0

    init(order: QuarantineOrder, epoch: UUID, stamp: EventStamp, db: Database) {
        self.order = order
        self.epoch = epoch
        self.stamp = stamp
        self.db = db
    }

    mutating func carryOut() throws {
        outcome.highest = try Int64.fetchOne(db, sql: "SELECT max(number) FROM quarantine") ?? 0
        var next = try CommitWriter.nextSequence(db)
        for number in try numbers() where bytes < Self.mostBytes {
            outcome.handled += 1
            outcome.last = max(outcome.last, number)
            guard let event = try QuarantinedEvent.all(db, number: number, limit: 1).first else {
                outcome.missing.append(number)
                continue
            }
            if order.action == .retry {
                guard let body = event.renamed(to: EventIdentity(epoch: epoch, sequence: next)) else {
                    outcome.unreadable.append(number)
                    continue
                }
                try send(event, body, as: next)
                next += 1
            }
            try forget(event)
        }
        let counter = order.action == .retry ? Counter.retried : Counter.dropped
        try Counter.add(Int64(outcome.done.count), to: counter, in: db)
    }

    private func numbers() throws -> ArraySlice<Int64> {
        if let numbers = order.numbers { return numbers.prefix(QuarantineRun.portion) }
        return try Int64.fetchAll(
            db, sql: "SELECT number FROM quarantine WHERE number > ? AND number <= ? ORDER BY number LIMIT ?",
            arguments: [order.above, order.through, QuarantineRun.portion])[...]
    }

    private mutating func send(_ event: QuarantinedEvent, _ body: [UInt8], as sequence: UInt64) throws {
        // Not a cached statement: it would be the one that CommitWriter binds past GRDB.
        try db.execute(
            sql: "INSERT INTO event (sequence, type, priority, enqueued_at, body, crc) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                Int64(sequence), event.type, event.priority, stamp.wallNanoseconds, Data(body),
                Int64(RowChecksum.of(body)),
            ])
        outcome.sequences.append(sequence)
        bytes += Int64(body.count)
    }

    private mutating func forget(_ event: QuarantinedEvent) throws {
        try db.cachedStatement(sql: "DELETE FROM quarantine WHERE number = ?").execute(arguments: [event.number])
        try db.cachedStatement(
            sql: "INSERT INTO audit (at, action, who, reason, epoch, sequence, type) VALUES (?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            stamp.wallNanoseconds, order.action.rawValue, order.who, order.reason, event.epoch, Int64(event.sequence),
            event.type,
        ])
        outcome.done.append(event.number)
    }
}
