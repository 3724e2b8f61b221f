package import Foundation
import GRDB
import PlatformAPI
import Synchronization

/// The durable queue between the shop and the platform, and the box's own state.
///
/// An event is accepted when the transaction that holds it is on disk (SQLite in WAL mode, `synchronous=FULL`, read back
/// at the start). A sequence is given out once; whatever leaves the queue by another door than delivery leaves a
/// `gateway.gap` in its place. All methods may be called from any thread; the ones that write block for one fsync.
///
/// A disk that cannot be written holds what is captured in memory, bounded, and a damaged file is set aside and what it
/// still holds goes on in a new epoch: see ``condition``.
package final class Outbox: Sendable {
    package let path: String
    let configuration: OutboxConfiguration
    let access: Mutex<QueueAccess>
    let lock: Mutex<QueueLock?>
    let ballast: Ballast
    /// The file may not grow at present; see ``limitGrowth(_:)``.
    let growthIsLimited = Atomic<Bool>(false)
    let meter: Mutex<WriteMeter>
    let logWatch: Mutex<LogWatch>
    /// Held over taking a group, committing it and telling the observers, so that these happen in one order; and over
    /// whatever else changes the epoch or recounts the totals.
    let committing = Mutex<Void>(())
    let pending: Mutex<PendingGroup>
    let totals: Mutex<QueueTotals>
    /// Why and since when commits fail; nil while they work.
    let failing = Mutex<CommitFailure?>(nil)
    /// The connection that looks through the file now.
    let checking = Mutex<DatabaseQueue?>(nil)
    /// What was salvaged since the committer last asked.
    let rescues: Mutex<[Rescue]>
    private let observers = Mutex<[@Sendable (Commit) -> Void]>([])
    private let doorbell = Mutex<(@Sendable (PendingGroup.Level) -> Void)?>(nil)

    /// Opens or makes the queue. A damaged file is set aside; with a disk that cannot be written now, the queue holds in
    /// memory what is enqueued until ``commit()`` can move in.
    /// - Throws: ``OutboxError``; ``OutboxError/needsConfiguration`` tells exit code 78 from a failure of the machine.
    package init(_ configuration: OutboxConfiguration) throws(OutboxError) {
        self.configuration = configuration
        path = configuration.path
        ballast = Ballast(queue: configuration.path, bytes: configuration.ballastBytes)
        meter = Mutex(WriteMeter(checkpointPages: configuration.checkpointPages))
        logWatch = Mutex(LogWatch(path: configuration.path, bearableBytes: 2 * configuration.maximumLogBytes))
        pending = Mutex(PendingGroup(limit: configuration.pendingLimit))
        // A file system that is full to the last block has no room for the files that SQLite opens with.
        if let free = ballast.freeBytes, free < QueueOpening.leastRoom { _ = ballast.release(for: .freeing) }
        var lock: QueueLock?
        var held: OutboxError?
        do throws(OutboxError) {
            try QueueFile.prepareFolder(configuration.path)
            lock = try QueueLock(queue: configuration.path)
        } catch {
            guard error.mayPass else { throw error }
            held = error
        }
        var opened: QueueOpening?
        if lock != nil {
            do throws(OutboxError) {
                opened = try QueueOpening.open(configuration, mark: lock?.mark())
            } catch {
                guard error.mayPass else { throw error }
                held = error
            }
        }
        if let opened {
            access = Mutex(.open(opened.queue))
            totals = Mutex(opened.totals)
            rescues = Mutex(opened.rescue.map { [$0] } ?? [])
            lock?.keep(opened.totals.mark)
        } else {
            let reader = HeldReader.open(configuration.path)
            let reason = held ?? .readOnly(path: configuration.path)
            access = Mutex(.held(reader, reason))
            totals = Mutex(reader.flatMap(HeldReader.totals) ?? QueueTotals(epoch: UUID()))
            rescues = Mutex([])
        }
        self.lock = Mutex(lock)
        if held == nil { ballast.refill() }
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

    /// Commits what has been enqueued, in order, in one transaction. Moves in again first when the file was away or
    /// damaged.
    /// - Returns: nil when there was nothing.
    /// - Throws: ``OutboxError``; the group is then kept for the next attempt.
    @discardableResult
    package func commit() throws(OutboxError) -> Commit? {
        try committing.withLock { (_) throws(OutboxError) in
            do throws(OutboxError) {
                let commit = try moveInAndCommit()
                // A commit of nothing asks nothing of the disk.
                if commit != nil { failing.withLock { $0 = nil } }
                return commit
            } catch {
                note(failure: error)
                throw error
            }
        }
    }

    private func moveInAndCommit() throws(OutboxError) -> Commit? {
        try moveInIfNeeded()
        do throws(OutboxError) {
            return try commitGroup()
        } catch {
            guard case .damaged = error else { throw error }
            try moveInIfNeeded()
            return try commitGroup()
        }
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
        guard pending.withLock({ !$0.isEmpty }) else { return nil }
        try demandRoomInLog()
        let group = pending.withLock { $0.take() }
        let stamp = configuration.stamp()
        let (epoch, ledger) = totals.withLock { ($0.epoch, $0.ledger) }
        let result: CommitWriter.Result
        do {
            result = try write("committing events", for: .capturing, then: add) { db in
                try CommitWriter.write(group, epoch: epoch, at: stamp, ledger: ledger, in: db)
            }
        } catch {
            pending.withLock { $0.putBack(group) }
            throw error
        }
        pending.withLock { $0.unencodable += result.unencodable.count }
        let commit = Commit(epoch: epoch, sequences: result.sequences, unencodable: result.unencodable)
        tell(commit)
        return commit
    }

    func tell(_ commit: Commit) {
        for observer in observers.withLock(\.self) { observer(commit) }
    }

    private func add(_ result: CommitWriter.Result) {
        meter.withLock { $0.statistics.events += Int64(result.events) }
        totals.withLock { totals in
            totals.pendingEvents += result.events
            totals.bytes += result.bytes
            if let sequences = result.sequences { totals.last = sequences.upperBound }
            if let mark = result.ageMark { totals.ledger.add(mark) }
        }
        keepMark()
    }

    // MARK: - State

    /// A checkpoint as it was last committed.
    package func state(_ key: String) throws(OutboxError) -> [UInt8]? {
        try readMendingDamage("reading a checkpoint") { db in
            try Data.fetchOne(db, sql: "SELECT value FROM state WHERE key = ?", arguments: [key]).map { [UInt8]($0) }
        }
    }

    /// All checkpoints whose key begins with `prefix`.
    package func states(prefix: String) throws(OutboxError) -> [String: [UInt8]] {
        try readMendingDamage("reading checkpoints") { db in
            var states: [String: [UInt8]] = [:]
            let rows = try Row.fetchCursor(
                db, sql: "SELECT key, value FROM state WHERE substr(key, 1, ?) = ?",
                arguments: [prefix.unicodeScalars.count, prefix])
            while let row = try rows.next() { states[try row.text(0)] = [UInt8](try row.blob(1)) }
            return states
        }
    }

    /// A start that stumbles over damage must not fail each time over what the next commit would mend.
    private func readMendingDamage<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(OutboxError) -> Value {
        do throws(OutboxError) {
            return try read(operation, body)
        } catch {
            guard case .damaged = error else { throw error }
        }
        try committing.withLock { (_) throws(OutboxError) in try moveInIfNeeded() }
        return try read(operation, body)
    }

    // MARK: - Closing

    /// Closes the file; what was not committed is lost. Later calls throw ``OutboxError/closed``.
    package func close() {
        let last = access.withLock { access in
            defer { access = .closed }
            return access
        }
        switch last {
        case .open(let queue): try? queue.close()
        case .held(let reader, _): try? reader?.close()
        case .closed: break
        }
        lock.withLock { $0 = nil }
    }

    /// At most one listener, the committer: called after each ``enqueue(_:state:)``.
    func ring(_ listener: (@Sendable (PendingGroup.Level) -> Void)?) {
        doorbell.withLock { $0 = listener }
    }

    /// Wakes the committer: the file needs seeing to.
    func ringForHelp() {
        let level = pending.withLock { $0.level }
        doorbell.withLock(\.self)?(PendingGroup.Level(drafts: level.drafts, states: max(1, level.states), urgent: true))
    }
}
