import Foundation
import GRDB
import Glibc
import PlatformAPI

/// Sets a damaged queue file aside and builds a new one from what it still holds, in a new epoch. Whatever moment it is
/// killed at, either the damaged file is still in its place or the new one is complete.
struct QueueRescuer {
    let configuration: OutboxConfiguration
    /// How far the queue had come, noted beside it.
    let mark: HighWaterMark?

    private static let movedAtOnce = 2_000
    private static let longestLog: Int64 = 8 << 20

    private var path: String { configuration.path }
    /// The new file while it is built.
    private var building: String { path + ".salvage" }

    var wasInterrupted: Bool { exists(building) }

    /// Ends what a kill interrupted.
    func finishInterrupted() throws(OutboxError) {
        guard wasInterrupted else { return }
        guard !exists(path) else {
            remove(building)
            return
        }
        // The damaged file has gone aside, the new one was complete before that; its log must not meet the new one.
        for suffix in ["-wal", "-shm"] where exists(path + suffix) {
            try rename(path + suffix, setAsideName() + suffix)
        }
        try rename(building, path)
    }

    func rescue(because reason: String) throws(OutboxError) -> Rescue {
        remove(building)
        configuration.progress(OpeningProgress(step: .salvaging, done: 0))
        var rescue: Rescue
        do {
            rescue = try build(reason)
        } catch {
            let failure = OutboxError(error, operation: "salvaging the queue", path: path)
            remove(building)
            // Damage in the new file is the disk's: told as such, so that nobody salvages for ever.
            if case .damaged(_, let why) = failure {
                throw .failed(operation: "salvaging the queue", path: path, reason: why)
            }
            throw failure
        }
        rescue.setAside = setAsideName()
        for suffix in ["", "-wal", "-shm"] where exists(path + suffix) {
            try rename(path + suffix, rescue.setAside + suffix)
            chmod(rescue.setAside + suffix, 0o600)
        }
        try rename(building, path)
        syncFolder()
        forgetOldest()
        return rescue
    }

    // MARK: - The new file

    private func build(_ reason: String) throws -> Rescue {
        try QueueFile.prepare(building)
        let queue = try QueueFile.open(configuration, path: building)
        defer { try? queue.close() }
        var salvage = Salvage(gateway: configuration.gateway, mark: mark)
        if let file = PageFile(path: path) {
            salvage.readFacts(file, progress: configuration.progress)
            if let other = salvage.otherGateway {
                throw OutboxError.otherGateway(path: path, expected: configuration.gateway, found: other)
            }
            try salvage.copyRows(file, to: queue, progress: configuration.progress, wrote: keepLogShort)
        }
        let stamp = configuration.stamp()
        let next = UUID()
        let found = salvage
        let (settled, lost) = try queue.write { db -> (UInt64, Int64) in
            let head = try self.settled(found, db)
            // Found below it: had left the queue, its removal was lost with the damage.
            try db.execute(sql: "DELETE FROM event WHERE sequence <= ?", arguments: [Int64(head)])
            return (head, try tellHoles(after: head, through: found.last, at: stamp, in: db))
        }
        try moveAll(in: queue) { db in
            EpochMover(db: db, epoch: next, offset: settled, stamp: stamp, formerEpoch: found.epoch)
        }
        let rescue = try queue.write { db in
            try db.execute(sql: "DELETE FROM sqlite_sequence WHERE name = 'event'")
            try db.execute(
                sql: "INSERT INTO sqlite_sequence (name, seq) VALUES ('event', ?)",
                arguments: [Int64(found.last - settled)])
            try db.execute(
                sql: "INSERT INTO meta (key, value) VALUES ('gateway', ?), ('epoch', ?)",
                arguments: [configuration.gateway, next.uuidString.lowercased()])
            let pending = try Int64.fetchOne(db, sql: "SELECT count(*) FROM event WHERE gap_first IS NULL") ?? 0
            try balance(found, pending: pending, lost: lost, settled: settled, in: db)
            if found.last > settled { try AgeLedger.Mark(sequence: found.last - settled, stamp).insert(db) }
            return Rescue(
                reason: reason, setAside: "", oldEpoch: found.epoch, newEpoch: next, settled: settled,
                salvaged: Int(pending), lost: lost)
        }
        // Only the main file takes the damaged one's place: all must stand in it. Closing would hide a checkpoint that fails.
        try queue.inDatabase { db in
            let isBusy = try Bool.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            guard isBusy == false else { throw DatabaseError(resultCode: .SQLITE_BUSY) }
        }
        return rescue
    }

    /// In transactions of a bounded size: nobody sees the new file before it is whole, so none of them has to hold it all.
    private func moveAll(in queue: DatabaseQueue, by mover: (Database) -> EpochMover) throws {
        let total = try queue.read { try Int64.fetchOne($0, sql: "SELECT count(*) FROM event") }
        var position: Int64? = 0
        var done: Int64 = 0
        while let last = position {
            position = try queue.write { try mover($0).moveSome(after: last, limit: Self.movedAtOnce) }
            done += Int64(Self.movedAtOnce)
            configuration.progress(
                OpeningProgress(step: .renumbering, done: min(done, total ?? done), total: total))
            try keepLogShort(queue)
        }
    }

    /// The room that salvaging needs beside the damaged file is the new file's own and this.
    private func keepLogShort(_ queue: DatabaseQueue) throws {
        var found = stat()
        guard stat(building + "-wal", &found) == 0, Int64(found.st_size) > Self.longestLog else { return }
        try queue.inDatabase { try $0.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)") }
    }

    /// Up to where the old epoch had left the queue: as noted, else up to the first row that was found.
    private func settled(_ salvage: Salvage, _ db: Database) throws -> UInt64 {
        if let mark, mark.epoch == salvage.epoch { return min(mark.settled, salvage.last) }
        let head = try Row.fetchOne(
            db, sql: "SELECT coalesce(gap_first, sequence) FROM event ORDER BY sequence LIMIT 1")
        return try head.map { try $0.sequence(0) - 1 } ?? salvage.last
    }

    /// Puts a gap into each hole between the rows that were found.
    /// - Returns: how many sequences they cover.
    private func tellHoles(
        after settled: UInt64, through last: UInt64, at stamp: EventStamp, in db: Database
    ) throws -> Int64 {
        var holes: [(first: UInt64, last: UInt64)] = []
        var cuts: [(gap: UInt64, first: UInt64)] = []
        var next = settled + 1
        let rows = try Row.fetchCursor(db, sql: "SELECT sequence, gap_first FROM event ORDER BY sequence")
        while let row = try rows.next() {
            let sequence = try row.sequence(0)
            let first = try row.optionalSequence(1) ?? sequence
            if first > next { holes.append((next, first - 1)) }
            // A gap that reaches back over what was settled, or over what was found, is cut to what is behind that.
            if first < next { cuts.append((sequence, next)) }
            next = max(next, sequence + 1)
        }
        if last >= next { holes.append((next, last)) }
        for cut in cuts {
            try db.execute(
                sql: "UPDATE event SET gap_first = ? WHERE sequence = ?",
                arguments: [Int64(cut.first), Int64(cut.gap)])
        }
        for hole in holes {
            let count = hole.last - hole.first + 1
            try GapRecord(
                reason: GapReason.damaged.rawValue, counts: [GapRecord.unknownType: Int(count)], stamp: stamp
            ).insert(first: hole.first, last: hole.last, at: stamp, in: db)
        }
        return holes.reduce(0) { $0 + Int64($1.last - $1.first + 1) }
    }

    /// The counters as they were found, with what is lost added; what they do not account for had been delivered.
    private func balance(
        _ salvage: Salvage, pending: Int64, lost: Int64, settled: UInt64, in db: Database
    ) throws {
        var counters = salvage.counters
        let depth = try Int64.fetchOne(db, sql: "SELECT count(*) FROM quarantine") ?? 0
        let left = (counters[Counter.retried] ?? 0) + (counters[Counter.dropped] ?? 0)
        counters[Counter.quarantined] = max(counters[Counter.quarantined] ?? 0, depth + left)
        counters[Counter.forgotten] = (counters[Counter.quarantined] ?? 0) - depth - left
        let damaged = Counter.evictedPrefix + GapReason.damaged.rawValue
        counters[damaged, default: 0] += lost
        counters[Counter.enqueuedBefore, default: 0] += Int64(settled)
        counters[Counter.rescues, default: 0] += 1
        counters[Counter.salvaged, default: 0] += pending
        let evicted = counters.filter { $0.key.hasPrefix(Counter.evictedPrefix) }.values.reduce(0, +)
        let enqueued = Int64(salvage.last - settled) + (counters[Counter.enqueuedBefore] ?? 0)
        let delivered = enqueued - pending - (counters[Counter.quarantined] ?? 0) - evicted
        counters[Counter.delivered] = max(0, delivered)
        // Fewer accepted than there are: their count was lost with the page that held it.
        if delivered < 0 { counters[Counter.enqueuedBefore, default: 0] -= delivered }
        try db.execute(sql: "DELETE FROM counter")
        for (name, value) in counters { try Counter.add(value, to: name, in: db) }
    }

    // MARK: - Files

    private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    }

    private func rename(_ from: String, _ to: String) throws(OutboxError) {
        guard Glibc.rename(from, to) == 0 else { throw OutboxError(errno: errno, path: path) }
    }

    private func setAsideName() -> String {
        let digits = configuration.stamp().time.filter { $0.isNumber || $0 == "T" }.prefix(15)
        let name = "\(path).damaged-\(digits)Z"
        var number = 1
        var free = name
        while exists(free) || exists(free + "-wal") {
            number += 1
            free = "\(name)-\(number)"
        }
        return free
    }

    private func syncFolder() {
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// Keeps a bounded number of damaged files: they hold events of persons, and a dying disk makes many.
    private func forgetOldest() {
        let folder = (path as NSString).deletingLastPathComponent
        let prefix = (path as NSString).lastPathComponent + ".damaged-"
        let found = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let names = found.filter { $0.hasPrefix(prefix) && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
        func time(_ name: String) -> Date {
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            return attributes?[.modificationDate] as? Date ?? .distantPast
        }
        for name in names.sorted(by: { (time($0), $0) < (time($1), $1) }).dropLast(configuration.damagedFilesKept) {
            remove("\(folder)/\(name)")
        }
    }
}
