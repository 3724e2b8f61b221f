import Foundation
import GRDB
import GRDBSQLite
import PlatformAPI

/// Writes one group: each draft gets the next sequence, is encoded with it and inserted; then the checkpoints.
enum CommitWriter {
    struct Result {
        var sequences: ClosedRange<UInt64>?
        var events = 0
        var bytes: Int64 = 0
        var unencodable: [String] = []
        var ageMark: AgeLedger.Mark?
    }

    private static let insertion = """
        INSERT INTO event (sequence, type, priority, enqueued_at, body, crc) VALUES (?, ?, ?, ?, ?, ?)
        """

    /// A draft that cannot be encoded takes no sequence and is named in the result: it must not hold up the others.
    static func write(
        _ group: PendingGroup, epoch: UUID, at stamp: EventStamp, ledger: AgeLedger, in db: Database
    ) throws -> Result {
        var result = Result()
        let first = try nextSequence(db)
        var next = first
        let insert = try db.cachedStatement(sql: insertion).sqliteStatement
        for draft in group.drafts {
            let body: [UInt8]
            do {
                body = try draft.encode(EventIdentity(epoch: epoch, sequence: next))
            } catch {
                result.unencodable.append(draft.type.rawValue)
                continue
            }
            try self.insert(draft, body, next, at: stamp, by: insert, in: db)
            next += 1
            result.events += 1
            result.bytes += Int64(body.count)
        }
        if next > first {
            result.sequences = first...(next - 1)
            if let mark = ledger.due(next - 1, at: stamp) {
                try mark.insert(db)
                result.ageMark = mark
            }
        }
        // In one order, whatever the dictionary's: the same input gives the same pages.
        for (key, value) in group.state.sorted(by: { $0.key < $1.key }) { try store(value, for: key, in: db) }
        return result
    }

    /// The hot path: bound straight to SQLite, the bytes not copied.
    private static func insert(
        _ draft: EventDraft, _ body: [UInt8], _ sequence: UInt64, at stamp: EventStamp, by statement: OpaquePointer,
        in db: Database
    ) throws {
        sqlite3_bind_int64(statement, 1, Int64(sequence))
        sqlite3_bind_int64(statement, 3, Int64(draft.priority.rawValue))
        sqlite3_bind_int64(statement, 4, stamp.wallNanoseconds)
        sqlite3_bind_int64(statement, 6, Int64(RowChecksum.of(body)))
        var type = draft.type.rawValue
        let code = type.withUTF8 { type in
            body.withUnsafeBytes { body in
                sqlite3_bind_text(statement, 2, type.baseAddress, Int32(type.count), nil)
                if body.isEmpty {
                    // A null pointer would bind NULL.
                    sqlite3_bind_zeroblob(statement, 5, 0)
                } else {
                    sqlite3_bind_blob(statement, 5, body.baseAddress, Int32(clamping: body.count), nil)
                }
                let code = sqlite3_step(statement)
                sqlite3_reset(statement)
                // The bytes are borrowed: nothing may still point to them afterwards.
                sqlite3_clear_bindings(statement)
                return code
            }
        }
        guard code == SQLITE_DONE else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
        }
    }

    static func store(_ value: [UInt8]?, for key: String, in db: Database) throws {
        if let value {
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)")
                .execute(arguments: [key, Data(value)])
        } else {
            try db.cachedStatement(sql: "DELETE FROM state WHERE key = ?").execute(arguments: [key])
        }
    }

    /// One more than the last sequence ever given out in this epoch, also after the table was emptied: AUTOINCREMENT
    /// keeps it in `sqlite_sequence`.
    static func nextSequence(_ db: Database) throws -> UInt64 {
        let last = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'"))
        guard let last else { return 1 }
        guard last >= 0, last < 1 << 62 else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the last sequence is impossible")
        }
        return UInt64(last) + 1
    }
}

extension AgeLedger.Mark {
    func insert(_ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO mark (sequence, boot, monotonic, wall, synchronised) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [
            Int64(sequence), bootID, monotonicNanoseconds, wallNanoseconds, isSynchronised,
        ])
    }
}
