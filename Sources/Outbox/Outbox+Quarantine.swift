import Foundation
import GRDB
import PlatformAPI
import Synchronization

/// What a person does with quarantined events, and who it is: kept in the queue for ever.
package struct QuarantineOrder: Sendable {
    package enum Action: String, Codable, Sendable {
        /// Sends the event again, as a new one.
        case retry
        /// Gives it up; the platform was told with a gap, or by its own answer, when it was refused.
        case drop
    }

    package var action: Action
    /// Of the quarantine; nil means all.
    package var numbers: [Int64]?
    /// Who orders it, for the audit: a login name or uid.
    package var who: String
    package var reason: String

    package init(_ action: Action, numbers: [Int64]?, who: String, reason: String) {
        self.action = action
        self.numbers = numbers
        self.who = who
        self.reason = reason
    }
}

/// What became of a ``QuarantineOrder``.
package struct QuarantineOutcome: Hashable, Codable, Sendable {
    /// The events that were retried or dropped, by number.
    package var done: [Int64] = []
    /// The new sequences of retried events, in the order of ``done``.
    package var sequences: [UInt64] = []
    /// Numbers that are not in quarantine.
    package var missing: [Int64] = []
    /// Numbers whose bytes are no event any more: they can only be dropped.
    package var unreadable: [Int64] = []
}

extension Outbox {
    /// The refused events, oldest first.
    package func quarantined(limit: Int = 1000) throws(OutboxError) -> [QuarantinedEvent] {
        try read("listing the quarantine") { db in try QuarantinedEvent.all(db, limit: limit) }
    }

    /// Carries out an order in one transaction, with its audit record.
    package func carryOut(_ order: QuarantineOrder) throws(OutboxError) -> QuarantineOutcome {
        try committing.withLock { (_) throws(OutboxError) in
            let stamp = configuration.stamp()
            let epoch = epoch
            let (outcome, bytes) = try write("changing the quarantine") { db in
                try Self.carryOut(order, epoch: epoch, at: stamp, in: db)
            }
            guard let first = outcome.sequences.first, let last = outcome.sequences.last else { return outcome }
            totals.withLock { totals in
                totals.pendingEvents += outcome.sequences.count
                totals.bytes += bytes
                totals.last = last
            }
            keepMark()
            tell(Commit(epoch: epoch, sequences: first...last, unencodable: []))
            return outcome
        }
    }

    private static func carryOut(
        _ order: QuarantineOrder, epoch: UUID, at stamp: EventStamp, in db: Database
    ) throws -> (QuarantineOutcome, Int64) {
        var outcome = QuarantineOutcome()
        var bytes: Int64 = 0
        let numbers = try order.numbers ?? Int64.fetchAll(db, sql: "SELECT number FROM quarantine ORDER BY number")
        for number in numbers {
            guard let event = try QuarantinedEvent.all(db, number: number, limit: 1).first else {
                outcome.missing.append(number)
                continue
            }
            if order.action == .retry {
                let sequence = try CommitWriter.nextSequence(db)
                guard let body = event.renamed(to: EventIdentity(epoch: epoch, sequence: sequence)) else {
                    outcome.unreadable.append(number)
                    continue
                }
                try db.execute(
                    sql:
                        "INSERT INTO event (sequence, type, priority, enqueued_at, body, crc) VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [
                        Int64(sequence), event.type, event.priority, stamp.wallNanoseconds, Data(body),
                        Int64(RowChecksum.of(body)),
                    ])
                outcome.sequences.append(sequence)
                bytes += Int64(body.count)
            }
            try db.execute(sql: "DELETE FROM quarantine WHERE number = ?", arguments: [number])
            try db.execute(
                sql: "INSERT INTO audit (at, action, who, reason, epoch, sequence, type) VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    stamp.wallNanoseconds, order.action.rawValue, order.who, order.reason, event.epoch,
                    Int64(event.sequence), event.type,
                ])
            outcome.done.append(number)
        }
        let counter = order.action == .retry ? Counter.retried : Counter.dropped
        try Counter.add(Int64(outcome.done.count), to: counter, in: db)
        return (outcome, bytes)
    }
}

extension QuarantinedEvent {
    func renamed(to identity: EventIdentity) -> [UInt8]? {
        guard let former = UUID(uuidString: epoch) else { return nil }
        return EventEnvelope.renamed(
            Data(body), to: identity, retryOf: EventIdentity(epoch: former, sequence: sequence))
    }

    /// - Parameter number: nil lists all, oldest first.
    static func all(_ db: Database, number: Int64? = nil, limit: Int) throws -> [QuarantinedEvent] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT number, epoch, sequence, type, problem, body, quarantined_at, priority FROM quarantine
                WHERE ? IS NULL OR number = ? ORDER BY number LIMIT ?
                """, arguments: [number, number, limit])
        return try rows.map { row in
            let text = try row.text(4)
            let problem = try? WireJSON.decode(ProblemDetails.self, from: text.utf8)
            return QuarantinedEvent(
                number: try row.integer(0), epoch: try row.text(1), sequence: try row.sequence(2),
                type: try row.text(3), problem: problem ?? ProblemDetails(status: 422, detail: text),
                body: [UInt8](try row.blob(5)), quarantinedAt: try row.integer(6),
                priority: Int(clamping: try row.integer(7)))
        }
    }
}
