import Foundation
import GRDB
import PlatformAPI

extension PlatformStore {
    /// Takes a batch in one transaction: all of it is durable when this returns, or nothing of it is.
    ///
    /// - Throws: ``PlatformProblem`` 409 when the batch begins after what is settled, or when an event differs from the
    ///   one that is held under the same identity.
    func ingest(_ batch: ReceivedBatch, gateway: String, receivedAt: String) async throws -> BatchAnswer {
        try await queue.write { db in
            try EventIngest(db: db, gateway: gateway, epoch: batch.epoch, receivedAt: receivedAt).take(batch)
        }
    }

    /// Calls `body` with each stored event's bytes in order of (gateway, epoch, sequence).
    func forEachEvent(_ body: ([UInt8]) throws -> Void) throws {
        try queue.read { db in
            let rows = try Row.fetchCursor(db, sql: "SELECT body FROM event ORDER BY gateway, epoch, sequence")
            while let row = try rows.next() { try body([UInt8](row["body"] as Data)) }
        }
    }
}

/// The rules of the contract for one batch inside its transaction. Identity is the primary key (gateway, epoch,
/// sequence); `progress.settled` says up to where nothing is missing.
private struct EventIngest {
    let db: Database
    let gateway: String
    let epoch: String
    let receivedAt: String

    func take(_ batch: ReceivedBatch) throws -> BatchAnswer {
        let stored = try Int64.fetchOne(
            db, sql: "SELECT settled FROM progress WHERE gateway = ? AND epoch = ?", arguments: [gateway, epoch])
        let settled = UInt64(stored ?? 0)
        guard batch.first <= settled + 1 else {
            throw PlatformProblem(
                .expectedSequence, 409, "Sequences are missing before this batch",
                detail: "the batch begins at \(batch.first)", expectedSequence: settled + 1)
        }
        var rejected: [BatchAnswer.Rejection] = []
        for event in batch.events {
            if event.sequence <= settled, try isKnown(event) { continue }
            if let problem = event.problem {
                rejected.append(.init(sequence: event.sequence, id: event.id, problem: problem))
            } else if let gap = event.gap {
                try take(gap, event, settled: settled)
            } else if event.sequence > settled {
                try store(event)
            }
        }
        if batch.last > settled {
            try db.execute(
                sql: """
                    INSERT INTO progress (gateway, epoch, settled) VALUES (?, ?, ?)
                    ON CONFLICT (gateway, epoch) DO UPDATE SET settled = excluded.settled
                    """, arguments: [gateway, epoch, Int64(batch.last)])
        }
        // Not `settled`: a restored gateway may be behind the platform and must not drop events it has not offered.
        return BatchAnswer(acceptedThrough: batch.last, rejected: rejected)
    }

    /// Whether the platform holds this event already, byte for byte.
    private func isKnown(_ event: ReceivedEvent) throws -> Bool {
        let row = try Row.fetchOne(
            db, sql: "SELECT type, body FROM event WHERE gateway = ? AND epoch = ? AND sequence = ?",
            arguments: [gateway, epoch, Int64(event.sequence)])
        guard let row else { return false }
        let body: Data = row["body"]
        if body.elementsEqual(event.body) { return true }
        let type: String = row["type"]
        guard type == EventType.gatewayGap.rawValue || event.gap != nil else {
            throw PlatformProblem(
                .identityConflict, 409, "Another event is held under this identity",
                detail: "\(event.id) was received with other bytes; the gateway's queue was restored from a copy")
        }
        return false
    }

    /// A gap over events that are held deletes them when their subject withdrew, else it changes nothing.
    private func take(_ gap: GatewayGap, _ event: ReceivedEvent, settled: UInt64) throws {
        let withdrawn = gap.reason == GapReason.withdrawn.rawValue
        if withdrawn {
            try db.execute(
                sql: """
                    DELETE FROM event WHERE gateway = ? AND epoch = ? AND sequence BETWEEN ? AND ? AND type <> ?
                    """,
                arguments: [gateway, epoch, Int64(gap.first), Int64(gap.last), EventType.gatewayGap.rawValue])
        }
        if event.sequence > settled || withdrawn { try store(event) }
    }

    private func store(_ event: ReceivedEvent) throws {
        try db.execute(
            sql: """
                INSERT INTO event (gateway, epoch, sequence, type, time, received_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
            arguments: [
                gateway, epoch, Int64(event.sequence), event.type, event.time, receivedAt, Data(event.body),
            ])
    }
}
