import Foundation
import GRDB
import PlatformAPI

/// Looks into a queue that the daemon may have open: writes nothing, and takes no lock that the daemon would wait for.
package struct QueueInspector: Sendable {
    /// One row that waits.
    package struct Entry: Hashable, Codable, Sendable {
        package var sequence: UInt64
        package var type: String
        /// Wall clock, nanoseconds since 1970.
        package var enqueuedAt: Int64
        /// Of the body; 0 for a gap.
        package var bytes: Int
        /// The first sequence that a `gateway.gap` stands for.
        package var gapFirst: UInt64?

        private enum CodingKeys: String, CodingKey {
            case sequence, type, bytes
            case enqueuedAt = "enqueued_at_ns"
            case gapFirst = "gap_first"
        }
    }

    /// What a person did to one refused event.
    package struct AuditEntry: Hashable, Codable, Sendable {
        /// Wall clock, nanoseconds since 1970.
        package var at: Int64
        /// `retry` or `drop`.
        package var action: String
        package var who: String
        package var reason: String
        /// The identity that the event had when it was refused.
        package var epoch: String
        package var sequence: UInt64
        package var type: String

        private enum CodingKeys: String, CodingKey {
            case action, who, reason, epoch, sequence, type
            case at = "at_ns"
        }
    }

    private let path: String
    private let queue: DatabaseQueue

    /// - Throws: ``OutboxError``: no queue is there, it cannot be read, or it is of a newer version.
    package init(path: String) throws(OutboxError) {
        self.path = path
        try QueueFinding.expectQueue(at: path)
        do {
            do {
                queue = try Self.connect(path, by: QueueFile.reader)
            } catch let error as DatabaseError where Self.wantsToWrite(error, path) {
                queue = try Self.connect(path, by: HeldReader.connect)
            }
        } catch {
            throw OutboxError(error, operation: "reading the queue", path: path)
        }
    }

    private static func connect(_ path: String, by open: (String) throws -> DatabaseQueue) throws -> DatabaseQueue {
        let queue = try open(path)
        try queue.read { db in
            if try OutboxSchema.migrator.hasBeenSuperseded(db) { throw OutboxError.newerVersion(path: path) }
            guard try db.tableExists("meta"), try db.tableExists("event") else {
                throw OutboxError.notAQueue(path: path, reason: "it has other tables")
            }
            guard try OutboxSchema.migrator.hasCompletedMigrations(db) else {
                throw OutboxError.olderVersion(path: path)
            }
        }
        return queue
    }

    /// On a medium or in a folder that this user cannot write SQLite cannot make its shared memory file, and nobody else has
    /// made it: nobody has the queue open, so it can be read without.
    private static func wantsToWrite(_ error: DatabaseError, _ path: String) -> Bool {
        [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
            && error.extendedResultCode != .SQLITE_READONLY_ROLLBACK && !QueueFile.isWritten(path + "-shm")
    }

    package func statistics() throws(OutboxError) -> OutboxStatistics {
        try read { db in
            try OutboxStatistics(
                db, totals: try QueueTotals(db), writes: WriteStatistics(), at: nil, refused: [:])
        }
    }

    /// What waits, in order.
    /// - Parameters:
    ///   - first: the least sequence.
    ///   - type: nil lists every type.
    package func entries(from first: UInt64, type: String?, limit: Int) throws(OutboxError) -> [Entry] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT sequence, type, enqueued_at, length(body), gap_first FROM event
                    WHERE sequence >= ? AND (? IS NULL OR type = ?) ORDER BY sequence LIMIT ?
                    """, arguments: [Int64(clamping: first), type, type, limit]
            ).map { row in
                Entry(
                    sequence: try row.sequence(0), type: try row.text(1), enqueuedAt: try row.integer(2),
                    bytes: Int(clamping: try row.integer(3)), gapFirst: try row.optionalSequence(4))
            }
        }
    }

    /// Events that one page holds at most.
    private static let page = 500
    private static let pageBytes = 1 << 20

    /// Calls `visit` with each event as it will be sent, in order. Reads in pages, and lets go of the file while `visit` works:
    /// a reader that waits (for a pager, say) would keep the gateway from emptying its log.
    /// - Returns: how many rows were left out, because the disk changed them.
    package func events(
        from first: UInt64 = 1, to last: UInt64 = 1 << 62, _ visit: ([UInt8]) throws -> Void
    ) throws -> Int {
        var damaged = 0
        var position = Int64(clamping: first)
        var epoch: UUID?
        while true {
            let page = try read { db in try Page(db, from: position, to: Int64(clamping: last)) }
            guard page.epoch == epoch ?? page.epoch else { throw OutboxError.renumbered(path: path) }
            epoch = page.epoch
            damaged += page.damaged
            for body in page.bodies { try visit(body) }
            guard let next = page.next else { return damaged }
            position = next
        }
    }

    /// Some events that follow each other.
    private struct Page {
        var epoch: UUID
        var bodies: [[UInt8]] = []
        var damaged = 0
        /// Where the next one begins; nil when this is the last.
        var next: Int64?

        init(_ db: Database, from first: Int64, to last: Int64) throws {
            epoch = try QueueTotals.epoch(db)
            let gateway = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'gateway'") ?? ""
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT sequence, gap_first, gap, body, crc FROM event WHERE sequence BETWEEN ? AND ?
                    ORDER BY sequence
                    """, arguments: [first, last])
            var bytes = 0
            while let row = try rows.next() {
                let sequence = try row.integer(0)
                guard bodies.count + damaged < page, bytes < pageBytes else {
                    next = sequence
                    return
                }
                if sequence > 0, let (body, _) = Outbox.event(in: row, UInt64(sequence), epoch, gateway) {
                    bodies.append(body)
                    bytes += body.count
                } else {
                    damaged += 1
                }
            }
        }
    }

    /// The refused events, oldest first.
    package func quarantined(number: Int64? = nil, limit: Int) throws(OutboxError) -> [QuarantinedEvent] {
        try read { db in try QuarantinedEvent.all(db, number: number, limit: limit) }
    }

    /// What persons did to refused events, oldest first; it is never deleted.
    package func audit(limit: Int) throws(OutboxError) -> [AuditEntry] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT at, action, who, reason, epoch, sequence, type FROM audit ORDER BY number LIMIT ?",
                arguments: [limit]
            ).map { row in
                AuditEntry(
                    at: try row.integer(0), action: try row.text(1), who: try row.text(2), reason: try row.text(3),
                    epoch: try row.text(4), sequence: try row.sequence(5), type: try row.text(6))
            }
        }
    }

    private func read<Value>(_ body: (Database) throws -> Value) throws(OutboxError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw OutboxError(error, operation: "reading the queue", path: path)
        }
    }
}
