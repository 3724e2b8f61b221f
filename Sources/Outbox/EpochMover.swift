import Foundation
import GRDB
import PlatformAPI

/// Renumbers the rows inside a transaction, by rising sequence, so that no two ever meet.
struct EpochMover {
    let db: Database
    let epoch: UUID
    /// What every sequence is lessened by; every row must be above it.
    let offset: UInt64
    let stamp: EventStamp
    /// Not nil when the events may have been offered under this epoch before: they then say which they repeat.
    var formerEpoch: UUID?

    func moveAll() throws {
        var position: Int64? = 0
        while let last = position { position = try moveSome(after: last, limit: 200) }
    }

    /// - Returns: the old sequence of the last row that was moved; nil when none was left.
    func moveSome(after position: Int64, limit: Int) throws -> Int64? {
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT sequence, gap_first, type, body FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?",
            arguments: [position, limit])
        for row in rows { try move(row) }
        return try rows.last?.integer(0)
    }

    private func move(_ row: Row) throws {
        let old = Int64(try row.sequence(0))
        let new = old - Int64(offset)
        guard new > 0 else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "row \(old) precedes the head") }
        if let gapFirst = try row.optionalSequence(1).map(Int64.init) {
            try db.cachedStatement(sql: "UPDATE event SET sequence = ?, gap_first = ? WHERE sequence = ?")
                .execute(arguments: [new, max(1, gapFirst - Int64(offset)), old])
            return
        }
        let identity = EventIdentity(epoch: epoch, sequence: UInt64(new))
        let body = EventEnvelope.renamed(
            try row.blob(3), to: identity,
            retryOf: formerEpoch.map { EventIdentity(epoch: $0, sequence: UInt64(old)) })
        if let body {
            try db.cachedStatement(sql: "UPDATE event SET sequence = ?, body = ?, crc = ? WHERE sequence = ?")
                .execute(arguments: [new, Data(body), Int64(RowChecksum.of(body)), old])
        } else {
            // Bytes that are no event any more: say so, rather than stop everything behind them.
            try db.cachedStatement(sql: "DELETE FROM event WHERE sequence = ?").execute(arguments: [old])
            try GapRecord(reason: GapReason.damaged.rawValue, counts: [try row.text(2): 1], stamp: stamp)
                .insert(first: UInt64(new), last: UInt64(new), at: stamp, in: db)
            try Counter.add(1, to: Counter.evictedPrefix + GapReason.damaged.rawValue, in: db)
        }
    }
}
