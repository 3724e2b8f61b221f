import Foundation
import GRDB

/// What would be slow to count again and again; read once from the rows, then kept beside them.
struct QueueTotals: Sendable {
    var epoch: UUID
    var pendingEvents = 0
    var gaps = 0
    /// Of the bodies that wait.
    var bytes: Int64 = 0
    /// The last sequence that was given out.
    var last: UInt64 = 0
    /// Everything up to here has left the queue.
    var settled: UInt64 = 0
    var ledger = AgeLedger()

    var mark: HighWaterMark { HighWaterMark(epoch: epoch, last: last, settled: min(settled, last)) }

    init(epoch: UUID) { self.epoch = epoch }

    /// Rows counted between two reports of progress.
    private static let countedAtOnce = 50_000

    /// `length` of a blob reads only its header, so this is quick on a large queue, too.
    init(_ db: Database, progress: (OpeningProgress) -> Void = { _ in }) throws {
        epoch = try Self.epoch(db)
        var position: Int64 = 0
        while let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT count(*), count(gap_first), coalesce(sum(bytes), 0), max(sequence) FROM
                        (SELECT sequence, gap_first, length(body) AS bytes FROM event
                            WHERE sequence > ? ORDER BY sequence LIMIT ?)
                    """), arguments: [position, Self.countedAtOnce])
        {
            let rows = Int(try row.integer(0))
            guard rows > 0 else { break }
            gaps += Int(try row.integer(1))
            pendingEvents += rows - Int(try row.integer(1))
            bytes += try row.integer(2)
            position = try row.integer(3)
            guard rows == Self.countedAtOnce else { break }
            progress(OpeningProgress(step: .counting, done: Int64(pendingEvents + gaps)))
        }
        last = try CommitWriter.nextSequence(db) - 1
        let head = try Row.fetchOne(
            db, sql: "SELECT coalesce(gap_first, sequence) FROM event ORDER BY sequence LIMIT 1")
        settled = try head.map { try $0.sequence(0) - 1 } ?? last
        let marks = try Row.fetchAll(
            db, sql: "SELECT sequence, boot, monotonic, wall, synchronised FROM mark ORDER BY number")
        ledger = AgeLedger(
            marks: try marks.map { row in
                AgeLedger.Mark(
                    sequence: try row.sequence(0), bootID: try row.text(1), monotonicNanoseconds: try row.integer(2),
                    wallNanoseconds: try row.integer(3), isSynchronised: try row.integer(4) != 0)
            })
    }
}

extension QueueTotals {
    static func epoch(_ db: Database) throws -> UUID {
        guard let text = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'epoch'"),
            let epoch = UUID(uuidString: text)
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the epoch is missing") }
        return epoch
    }
}

/// The totals that outlive rows, by name; see ``OutboxStatistics``.
enum Counter {
    static let delivered = "delivered"
    static let quarantined = "quarantined"
    /// Events accepted in epochs before this one, less the ones that were moved on.
    static let enqueuedBefore = "enqueued_before"
    static let evictedPrefix = "evicted."
    /// How rows leave the quarantine.
    static let retried = "quarantine.retried"
    static let dropped = "quarantine.dropped"
    static let forgotten = "quarantine.evicted"
    /// How often a damaged file was set aside.
    static let rescues = "rescues"
    static let salvaged = "salvaged"

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
        while let row = try rows.next() { values[try row.text(0)] = try row.integer(1) }
        return values
    }
}
