import GRDB
import GRDBSQLite
import Glibc
import Synchronization

/// The queue file as it is now.
enum QueueAccess: Sendable {
    case open(DatabaseQueue)
    /// The file cannot be written, or was found damaged: what is captured stays in memory. What the box knew can still be
    /// read where there is a reader.
    case held(DatabaseQueue?, OutboxError)
    case closed
}

extension Outbox {
    /// Nil while all is well; else what is wrong with the file, for a person. Events are then held in memory, bounded.
    package var condition: OutboxError? {
        if case .held(_, let reason) = access.withLock(\.self) { return reason }
        return nil
    }

    /// The connection that writes.
    var queue: DatabaseQueue {
        get throws(OutboxError) {
            switch access.withLock(\.self) {
            case .open(let queue): return queue
            case .held(_, let reason): throw reason
            case .closed: throw .closed(path: path)
            }
        }
    }

    /// Runs `body` in a transaction, and `finish` when it is durable, before anybody else can look at the file. When the
    /// file system is full, whatever room there is in reserve is used.
    @discardableResult
    func write<Value>(
        _ operation: String, for purpose: Ballast.Purpose = .freeing, then finish: (Value) -> Void = { _ in },
        _ body: (Database) throws -> Value
    ) throws(OutboxError) -> Value {
        do throws(OutboxError) {
            return try attempt(operation, finish, body)
        } catch {
            guard case .full = error else { throw error }
        }
        interruptCheck()
        // The WAL's own blocks can be written again when it has been checkpointed; after that the ballast gives way.
        if compactLog() {
            do throws(OutboxError) {
                return try attempt(operation, finish, body)
            } catch {
                guard case .full = error else { throw error }
            }
        }
        guard isFileSystemFull else {
            // It was full, and the file may not grow since: nobody else comes by to lift that while every commit fails.
            ballast.refill()
            guard growthIsLimited.load(ordering: .relaxed), ballast.isWhole else { throw .full(path: path) }
            limitGrowth(false)
            return try attempt(operation, finish, body)
        }
        let isReleased = ballast.release(for: purpose)
        _ = compactLog()
        if purpose == .freeing || ballast.bytes == 0 { limitGrowth(true) }
        guard isReleased else { throw .full(path: path) }
        return try attempt(operation, finish, body)
    }

    func read<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(OutboxError) -> Value {
        let queue: DatabaseQueue
        switch access.withLock(\.self) {
        case .open(let open): queue = open
        case .held(let reader?, _): queue = reader
        case .held(nil, let reason): throw reason
        case .closed: throw .closed(path: path)
        }
        do {
            return try queue.inDatabase(body)
        } catch {
            throw noted(OutboxError(error, operation: operation, path: path), on: queue)
        }
    }

    /// Moves the WAL into the main file and empties it, so that zeroed rows are zero there, too.
    package func checkpoint() throws(OutboxError) {
        interruptCheck()
        try read("checkpointing") { db in
            _ = checkpoint(db, mode: SQLITE_CHECKPOINT_TRUNCATE)
        }
    }

    /// On a full disk the file must not grow: what is committed to the log and cannot be moved into the file would fill the log,
    /// and then nothing could be removed any more.
    func limitGrowth(_ isLimited: Bool) {
        guard let queue = try? self.queue else { return }
        try? queue.inDatabase { db in
            let most = max(64, configuration.maximumFileBytes / QueueFile.pageBytes)
            let pages = isLimited ? try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? most : most
            try db.execute(sql: "PRAGMA max_page_count = \(min(most, pages))")
            growthIsLimited.store(isLimited, ordering: .relaxed)
        }
    }

    /// Whether it is the file system and not the quota that has no room left.
    var isFileSystemFull: Bool { ballast.freeBytes.map { $0 < QueueOpening.leastRoom } ?? false }

    /// Notes in the lock file how far the queue has come.
    func keepMark() {
        let mark = totals.withLock { $0.mark }
        lock.withLock { $0?.keep(mark) }
    }

    private func attempt<Value>(
        _ operation: String, _ finish: (Value) -> Void, _ body: (Database) throws -> Value
    ) throws(OutboxError) -> Value {
        let queue = try self.queue
        do {
            return try queue.inDatabase { db in
                let value = try transaction(db, body)
                finish(value)
                if meter.withLock(\.checkpointIsDue) { checkpoint(db) }
                return value
            }
        } catch {
            throw noted(OutboxError(error, operation: operation, path: path), on: queue)
        }
    }

    private func transaction<Value>(_ db: Database, _ body: (Database) throws -> Value) throws -> Value {
        try db.beginTransaction(.immediate)
        do {
            let value = try body(db)
            let start = ContinuousClock.now
            try db.commit()
            let took = ContinuousClock.now - start
            meter.withLock { $0.committed(db, in: took) }
            return value
        } catch {
            try? db.rollback()
            // SQLite calls it an I/O error when the kernel makes the file system read-only under an open file.
            if (error as? DatabaseError)?.resultCode == .SQLITE_IOERR, isReadOnly {
                throw OutboxError.readOnly(path: path)
            }
            throw error
        }
    }

    /// Asked by touching the file: after an error ext4 refuses every write, while its mount still looks writable.
    private var isReadOnly: Bool { utimensat(AT_FDCWD, path, nil, 0) != 0 && errno == EROFS }

    /// A damaged file is not written again: it is held until the committer sees to it.
    func noted(_ error: OutboxError, on queue: DatabaseQueue) -> OutboxError {
        guard case .damaged = error else { return error }
        let isNew = access.withLock { access in
            guard case .open(let current) = access, current === queue else { return false }
            access = .held(current, error)
            return true
        }
        if isNew { ringForHelp() }
        return error
    }

    // MARK: - Moving in

    /// Opens the file anew when it was away, and salvages what it holds when it was found damaged. The caller holds
    /// ``committing``.
    func moveInIfNeeded() throws(OutboxError) {
        guard case .held(let reader, let reason) = access.withLock(\.self) else { return }
        if lock.withLock({ $0 == nil }) {
            try QueueFile.prepareFolder(path)
            let taken = try QueueLock(queue: path)
            var moved: QueueLock? = consume taken
            lock.withLock { $0 = moved.take() }
        }
        if let free = ballast.freeBytes, free < QueueOpening.leastRoom { _ = ballast.release(for: .freeing) }
        var isDamaged = false
        if case .damaged = reason { isDamaged = true }
        endCheck()
        try? reader?.close()
        access.withLock { access in
            if case .held = access { access = .held(nil, reason) }
        }
        let mark: HighWaterMark? = isDamaged ? totals.withLock(\.mark) : lock.withLock { lock in lock?.mark() }
        let opened = try QueueOpening.open(configuration, mark: mark, knownToBeDamaged: isDamaged ? reason : nil)
        totals.withLock { $0 = opened.totals }
        let wasClosed = access.withLock { access in
            if case .closed = access { return true }
            access = .open(opened.queue)
            return false
        }
        if wasClosed {
            try? opened.queue.close()
            throw .closed(path: path)
        }
        if let rescue = opened.rescue { rescues.withLock { $0.append(rescue) } }
        keepMark()
    }

    /// What was salvaged since the last call.
    package func takeRescues() -> [Rescue] {
        rescues.withLock { rescues in
            defer { rescues = [] }
            return rescues
        }
    }
}
