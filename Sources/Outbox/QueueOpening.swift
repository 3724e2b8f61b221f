import Foundation
import GRDB

/// A queue that was opened, with what had to be done for it.
struct QueueOpening {
    /// With less room on the file system than this it counts as full: SQLite's files cannot be made or grow.
    static let leastRoom: Int64 = 1 << 20

    var queue: DatabaseQueue
    var totals: QueueTotals
    /// Nil unless the file was damaged.
    var rescue: Rescue?

    /// Opens the file, or sets it aside when it is damaged or lacks what had been accepted, and salvages what reads.
    /// - Parameters:
    ///   - mark: how far the queue had come, noted beside it.
    ///   - knownToBeDamaged: what an earlier access said.
    static func open(
        _ configuration: OutboxConfiguration, mark: HighWaterMark?, knownToBeDamaged: OutboxError? = nil
    ) throws(OutboxError) -> QueueOpening {
        let path = configuration.path
        let rescuer = QueueRescuer(configuration: configuration, mark: mark)
        if configuration.salvages {
            try rescuer.finishInterrupted()
        } else if rescuer.wasInterrupted {
            throw .damaged(path: path, reason: "its salvage was interrupted")
        }
        try QueueFile.prepare(path)
        let damage: String
        do throws(OutboxError) {
            if let knownToBeDamaged { throw knownToBeDamaged }
            if let reason = try damageBeforeOpening(path, mark) { throw .damaged(path: path, reason: reason) }
            return try openSound(configuration)
        } catch {
            guard configuration.salvages, case .damaged(_, let reason) = error else { throw error }
            damage = reason
        }
        let rescue = try rescuer.rescue(because: damage)
        var opening = try openSound(configuration)
        opening.rescue = rescue
        return opening
    }

    /// What can be seen without changing a byte: a newer version's file is refused here, and a WAL that breaks off is not
    /// yet overwritten.
    private static func damageBeforeOpening(_ path: String, _ mark: HighWaterMark?) throws(OutboxError) -> String? {
        guard QueueFile.isWritten(path) else {
            let wasUsed = mark.map { $0.last > $0.settled } ?? false
            return wasUsed || !LogFile(path: path + "-wal").frames.isEmpty ? "it is missing or empty" : nil
        }
        if LogFile(path: path + "-wal").breaksOff { return "its write-ahead log is broken" }
        do {
            let reader = try QueueFile.reader(path)
            defer { try? reader.close() }
            return try reader.read { db -> String? in
                if try OutboxSchema.migrator.hasBeenSuperseded(db) { throw OutboxError.newerVersion(path: path) }
                guard let mark else { return nil }
                guard try db.tableExists("meta"), try db.tableExists("event"), let epoch = try epoch(db) else {
                    return mark.last > mark.settled ? "its tables are missing" : nil
                }
                guard epoch == mark.epoch else { return nil }
                let last = try CommitWriter.nextSequence(db) - 1
                return last < mark.last ? "\(mark.last - last) events that had been accepted are missing" : nil
            }
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK {
            // Killed while the file was made, before WAL was on: only a connection that writes can roll it back.
            return nil
        } catch {
            throw OutboxError(opening: error, path: path)
        }
    }

    private static func epoch(_ db: Database) throws -> UUID? {
        try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'epoch'").flatMap(UUID.init(uuidString:))
    }

    private static func openSound(_ configuration: OutboxConfiguration) throws(OutboxError) -> QueueOpening {
        do {
            let queue = try QueueFile.open(configuration, path: configuration.path)
            do {
                let totals = try queue.write { db in
                    try claim(db, path: configuration.path, gateway: configuration.gateway)
                    try believeEvents(db)
                    let totals = try QueueTotals(db, progress: configuration.progress)
                    try prove(totals, db, path: configuration.path)
                    return totals
                }
                return QueueOpening(queue: queue, totals: totals)
            } catch {
                try? queue.close()
                throw error
            }
        } catch {
            throw OutboxError(opening: error, path: configuration.path)
        }
    }

    /// The epoch as the first event that waits tells it, whose bytes have a checksum: events that were sent under another one would
    /// be none of this queue's when it is salvaged.
    private static func believeEvents(_ db: Database) throws {
        let row = try Row.fetchOne(
            db, sql: "SELECT body, crc FROM event WHERE gap_first IS NULL ORDER BY sequence LIMIT 1")
        guard let row, let body = try? row.blob(0),
            let told = Salvage.epoch(of: [UInt8](body), crc: .fromDatabaseValue(row[1])), try epoch(db) != told
        else { return }
        try db.execute(
            sql: "UPDATE meta SET value = ? WHERE key = 'epoch'", arguments: [told.uuidString.lowercased()])
    }

    /// A row or a counter that changed on the disk: each transaction leaves them in agreement.
    private static func prove(_ totals: QueueTotals, _ db: Database, path: String) throws {
        let counters = try Counter.all(db)
        let evicted = counters.filter { $0.key.hasPrefix(Counter.evictedPrefix) }.values
        let parts = [counters[Counter.delivered] ?? 0, Int64(totals.pendingEvents), counters[Counter.quarantined] ?? 0]
        // Wrapping: no sum of true counters comes near an overflow, and damaged ones must not trap.
        let known = (parts + evicted).reduce(0, &+)
        let enqueued = Int64(totals.last) &+ (counters[Counter.enqueuedBefore] ?? 0)
        guard known == enqueued else {
            throw OutboxError.damaged(
                path: path, reason: "\(enqueued) events were accepted, its tables account for \(known)")
        }
    }

    /// Gives a new file its epoch and its owner, and refuses another owner's.
    private static func claim(_ db: Database, path: String, gateway: String) throws {
        if let owner = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'gateway'") {
            guard owner == gateway else {
                throw OutboxError.otherGateway(path: path, expected: gateway, found: owner)
            }
            return
        }
        guard try CommitWriter.nextSequence(db) == 1 else {
            throw OutboxError.damaged(path: path, reason: "its owner is missing")
        }
        try db.execute(
            sql: "INSERT OR REPLACE INTO meta (key, value) VALUES ('gateway', ?), ('epoch', ?)",
            arguments: [gateway, UUID().uuidString.lowercased()])
    }
}

extension OutboxError {
    /// While a file is opened, an SQL error means that its tables are not what this program made.
    init(opening error: any Error, path: String) {
        if let error = error as? DatabaseError {
            switch error.resultCode {
            case .SQLITE_ERROR, .SQLITE_SCHEMA, .SQLITE_MISMATCH, .SQLITE_FORMAT, .SQLITE_CONSTRAINT:
                self = .damaged(path: path, reason: error.message ?? "its tables are wrong")
                return
            default: break
            }
        }
        self.init(error, operation: "opening the queue", path: path)
    }
}
