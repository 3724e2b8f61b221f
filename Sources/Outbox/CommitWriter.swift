import Foundation
import GRDB
import PlatformAPI

/// Writes one group: each draft gets the next sequence, is encoded with it and inserted; then the checkpoints.
enum CommitWriter {
    struct Result {
        var sequences: ClosedRange<UInt64>?
        var events = 0
        var bytes: Int64 = 0
        var unencodable: [String] = []
    }

    /// A draft that cannot be encoded takes no sequence and is named in the result: it must not hold up the others.
    static func write(
        _ group: PendingGroup, epoch: UUID, at stamp: EventStamp, in db: Database
    ) throws -> Result {
        var result = Result()
        let first = try nextSequence(db)
        var next = first
        let insert = try db.cachedStatement(
            sql: "INSERT INTO event (sequence, type, priority, enqueued_at, body) VALUES (?, ?, ?, ?, ?)")
        for draft in group.drafts {
            let body: [UInt8]
            do {
                body = try draft.encode(EventIdentity(epoch: epoch, sequence: next))
            } catch {
                result.unencodable.append(draft.type.rawValue)
                continue
            }
            try insert.execute(arguments: [
                Int64(next), draft.type.rawValue, draft.priority.rawValue, stamp.wallNanoseconds, Data(body),
            ])
            next += 1
            result.events += 1
            result.bytes += Int64(body.count)
        }
        if next > first { result.sequences = first...(next - 1) }
        for (key, value) in group.state {
            if let value {
                try db.cachedStatement(sql: "INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)")
                    .execute(arguments: [key, Data(value)])
            } else {
                try db.cachedStatement(sql: "DELETE FROM state WHERE key = ?").execute(arguments: [key])
            }
        }
        return result
    }

    /// One more than the last sequence ever given out in this epoch, also after the table was emptied: AUTOINCREMENT
    /// keeps it in `sqlite_sequence`.
    static func nextSequence(_ db: Database) throws -> UInt64 {
        let last = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'"))
        return UInt64(max(0, last ?? 0)) + 1
    }
}
