import Foundation
import GRDB

/// What would be slow to count again and again; read once from the rows, then kept beside them.
struct QueueTotals: Sendable {
    var epoch: UUID
    var pendingEvents: Int
    var gaps: Int
    /// Of the bodies that wait.
    var bytes: Int64

    /// `length` of a blob reads only its header, so this is quick on a large queue, too.
    init(_ db: Database) throws {
        guard let text = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'epoch'"),
            let epoch = UUID(uuidString: text)
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the epoch is missing") }
        self.epoch = epoch
        let row = try Row.fetchOne(
            db, sql: "SELECT count(*), count(gap_first), coalesce(sum(length(body)), 0) FROM event")
        let rows: Int = row?[0] ?? 0
        gaps = row?[1] ?? 0
        bytes = row?[2] ?? 0
        pendingEvents = rows - gaps
    }
}

/// The totals that outlive rows, by name; see ``OutboxStatistics``.
enum Counter {
    static let delivered = "delivered"
    static let quarantined = "quarantined"
    /// Events accepted in epochs before this one, less the ones that were moved on.
    static let enqueuedBefore = "enqueued_before"
    static let evictedPrefix = "evicted."

    static func add(_ amount: Int64, to name: String, in db: Database) throws {
        guard amount != 0 else { return }
        try db.cachedStatement(
            sql: """
                INSERT INTO counter (name, value) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET value = value + excluded.value
                """
        ).execute(arguments: [name, amount])
    }

    static func all(_ db: Database) throws -> [String: Int64] {
        var values: [String: Int64] = [:]
        let rows = try Row.fetchCursor(db, sql: "SELECT name, value FROM counter")
        while let row = try rows.next() { values[row[0]] = row[1] }
        return values
    }
}
