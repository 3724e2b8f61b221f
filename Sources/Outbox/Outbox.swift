package import Foundation
import GRDB
import PlatformAPI
import Synchronization

/// The durable queue between the shop and the platform, and the box's own state.
///
/// An event is accepted when the transaction that holds it is on disk (SQLite in WAL mode, `synchronous=FULL`, read back
/// at the start). A sequence is given out once; whatever leaves the queue by another door than delivery leaves a
/// `gateway.gap` in its place. All methods may be called from any thread; the ones that write block for one fsync.
package final class Outbox: Sendable {
    package let path: String
    let configuration: OutboxConfiguration
    let queue: DatabaseQueue
    private let lock: Mutex<QueueLock?>
    /// Held over taking a group, committing it and telling the observers, so that these happen in one order; and over
    /// whatever else changes the epoch or recounts the totals.
    let committing = Mutex<Void>(())
    let pending: Mutex<PendingGroup>
    let totals: Mutex<QueueTotals>
    private let observers = Mutex<[@Sendable (Commit) -> Void]>([])
    private let doorbell = Mutex<(@Sendable (PendingGroup.Level) -> Void)?>(nil)

    /// Opens or makes the queue.
    /// - Throws: ``OutboxError``; ``OutboxError/needsConfiguration`` tells exit code 78 from a failure of the machine.
    package init(_ configuration: OutboxConfiguration) throws(OutboxError) {
        self.configuration = configuration
        path = configuration.path
        try QueueFile.prepare(path)
        let lock = try QueueLock(queue: path)
        queue = try QueueFile.open(configuration)
        self.lock = Mutex(lock)
        pending = Mutex(PendingGroup(limit: configuration.pendingLimit))
        do {
            let gateway = configuration.gateway
            totals = Mutex(
                try queue.write { db in
                    try Self.claim(db, path: configuration.path, gateway: gateway)
                    return try QueueTotals(db)
                })
        } catch {
            throw OutboxError(error, operation: "opening the queue", path: configuration.path)
        }
    }

    /// The epoch of the events that are accepted now.
    package var epoch: UUID { totals.withLock { $0.epoch } }

    /// Calls `observer` on the committing thread after each durable commit, before the next one.
    package func observeCommits(_ observer: @escaping @Sendable (Commit) -> Void) {
        observers.withLock { $0.append(observer) }
    }

    // MARK: - Accepting

    /// Adds to the group that the next ``commit()`` makes durable. Never blocks on the disk.
    /// - Parameter state: checkpoints that are stored in the same transaction; nil removes one.
    package func enqueue(_ drafts: [EventDraft], state: [String: [UInt8]?] = [:]) {
        let level = pending.withLock { group in
            group.add(drafts, state: state)
            return group.level
        }
        doorbell.withLock(\.self)?(level)
    }

    /// Commits what has been enqueued, in order, in one transaction.
    /// - Returns: nil when there was nothing.
    /// - Throws: ``OutboxError``; the group is then kept for the next attempt.
    @discardableResult
    package func commit() throws(OutboxError) -> Commit? {
        try committing.withLock { (_) throws(OutboxError) in try commitGroup() }
    }

    /// Enqueues and commits at once.
    /// - Returns: the sequences of these drafts and of whatever was pending before them.
    @discardableResult
    package func commit(
        drafts: [EventDraft], state: [String: [UInt8]?] = [:]
    ) throws(OutboxError) -> ClosedRange<UInt64>? {
        pending.withLock { $0.add(drafts, state: state) }
        return try commit()?.sequences
    }

    private func commitGroup() throws(OutboxError) -> Commit? {
        let group = pending.withLock { $0.take() }
        guard !group.isEmpty else { return nil }
        let stamp = configuration.stamp()
        let result: CommitWriter.Result
        do {
            result = try write("committing events") { db in
                try CommitWriter.write(group, epoch: epoch, at: stamp, in: db)
            }
        } catch {
            pending.withLock { $0.putBack(group) }
            throw error
        }
        totals.withLock { totals in
            totals.pendingEvents += result.events
            totals.bytes += result.bytes
        }
        pending.withLock { $0.unencodable += result.unencodable.count }
        let commit = Commit(epoch: epoch, sequences: result.sequences, unencodable: result.unencodable)
        for observer in observers.withLock(\.self) { observer(commit) }
        return commit
    }

    // MARK: - State

    /// A checkpoint as it was last committed.
    package func state(_ key: String) throws(OutboxError) -> [UInt8]? {
        try read("reading a checkpoint") { db in
            try Data.fetchOne(db, sql: "SELECT value FROM state WHERE key = ?", arguments: [key]).map { [UInt8]($0) }
        }
    }

    /// All checkpoints whose key begins with `prefix`.
    package func states(prefix: String) throws(OutboxError) -> [String: [UInt8]] {
        try read("reading checkpoints") { db in
            var states: [String: [UInt8]] = [:]
            let rows = try Row.fetchCursor(
                db, sql: "SELECT key, value FROM state WHERE substr(key, 1, ?) = ?",
                arguments: [prefix.unicodeScalars.count, prefix])
            while let row = try rows.next() { states[row[0]] = [UInt8](row[1] as Data) }
            return states
        }
    }

    // MARK: - Closing

    /// Closes the file; what was not committed is lost. Later calls throw ``OutboxError/closed``.
    package func close() {
        try? queue.close()
        lock.withLock { $0 = nil }
    }

    /// Moves the WAL into the main file and empties it, so that zeroed rows are zero there, too.
    package func checkpoint() throws(OutboxError) {
        try read("checkpointing") { db in
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    /// At most one listener, the committer: called after each ``enqueue(_:state:)``.
    func ring(_ listener: (@Sendable (PendingGroup.Level) -> Void)?) {
        doorbell.withLock { $0 = listener }
    }

    func write<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(OutboxError) -> Value {
        do {
            return try queue.write(body)
        } catch {
            throw OutboxError(error, operation: operation, path: path)
        }
    }

    func read<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(OutboxError) -> Value {
        do {
            return try queue.inDatabase(body)
        } catch {
            throw OutboxError(error, operation: operation, path: path)
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
        try db.execute(
            sql: "INSERT INTO meta (key, value) VALUES ('gateway', ?), ('epoch', ?)",
            arguments: [gateway, UUID().uuidString.lowercased()])
    }
}
