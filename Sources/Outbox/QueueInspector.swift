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
        guard FileManager.default.fileExists(atPath: path) else {
            throw .cannotOpen(
                path: path, reason: "there is no queue; has the gateway ever run with this configuration?")
        }
        do {
            queue = try QueueFile.reader(path)
            let (isNewer, isOlder) = try queue.read { db in
                (
                    try OutboxSchema.migrator.hasBeenSuperseded(db),
                    try !OutboxSchema.migrator.hasCompletedMigrations(db)
                )
            }
            if isNewer { throw OutboxError.newerVersion(path: path) }
            if isOlder {
                throw OutboxError.cannotOpen(
                    path: path, reason: "it is of an older version; start the gateway once, it brings it up to date")
            }
        } catch {
            throw OutboxError(error, operation: "reading the queue", path: path)
        }
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

    /// The event as it will be sent; nil when it does not wait (any more).
    package func event(_ sequence: UInt64) throws(OutboxError) -> [UInt8]? {
        var found: [UInt8]?
        try events(from: sequence, to: sequence) { found = $0 }
        return found
    }

    /// Calls `visit` with each event as it will be sent, in order. Holds one event in memory.
    package func events(
        from first: UInt64 = 1, to last: UInt64 = 1 << 62, _ visit: ([UInt8]) throws -> Void
    ) throws(OutboxError) {
        try read { db in
            let gateway = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'gateway'") ?? ""
            let epoch = try QueueTotals.epoch(db)
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT sequence, gap_first, gap, body, crc FROM event WHERE sequence BETWEEN ? AND ?
                    ORDER BY sequence
                    """, arguments: [Int64(clamping: first), Int64(clamping: last)])
            while let row = try rows.next() {
                guard let (body, _) = Outbox.event(in: row, try row.sequence(0), epoch, gateway) else { continue }
                try visit(body)
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
