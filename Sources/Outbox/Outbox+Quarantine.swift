import Foundation
import GRDB
import PlatformAPI

extension Outbox {
    /// The refused events, oldest first.
    package func quarantined(limit: Int = 1000) throws(OutboxError) -> [QuarantinedEvent] {
        try read("listing the quarantine") { db in try QuarantinedEvent.all(db, limit: limit) }
    }
}

extension QuarantinedEvent {
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
