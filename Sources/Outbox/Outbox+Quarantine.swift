import Foundation
import GRDB
import PlatformAPI
import Synchronization

extension Outbox {
    /// The refused events, oldest first.
    package func quarantined(limit: Int = 1000) throws(OutboxError) -> [QuarantinedEvent] {
        try read("listing the quarantine") { db in try QuarantinedEvent.all(db, limit: limit) }
    }

    /// Carries out the first portion of an order in one transaction, with its audit record: some thousand events, so that
    /// accepting is not held up. ``QuarantineRun`` asks for the others.
    package func carryOut(_ order: QuarantineOrder) throws(OutboxError) -> QuarantineOutcome {
        try committing.withLock { (_) throws(OutboxError) in
            let stamp = configuration.stamp()
            let epoch = epoch
            let (outcome, bytes) = try write("changing the quarantine") { db in
                var portion = QuarantinePortion(order: order, epoch: epoch, stamp: stamp, db: db)
                try portion.carryOut()
                return (portion.outcome, portion.bytes)
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
}

extension QuarantinedEvent {
    func renamed(to identity: EventIdentity) -> [UInt8]? {
        guard let former = UUID(uuidString: epoch) else { return nil }
        return EventEnvelope.renamed(
            Data(body), to: identity, retryOf: EventIdentity(epoch: former, sequence: sequence))
    }

    /// - Parameter number: nil lists all, oldest first.
    static func all(_ db: Database, number: Int64? = nil, limit: Int) throws -> [QuarantinedEvent] {
        // A condition that looks at whether there is a number would read through the table for it.
        let condition = number == nil ? "? IS NULL" : "number = ?"
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT number, epoch, sequence, type, problem, body, quarantined_at, priority FROM quarantine
                    WHERE \(condition) ORDER BY number LIMIT ?
                    """), arguments: [number, limit])
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
