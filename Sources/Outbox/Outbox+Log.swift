import GRDB
import GRDBSQLite
import Glibc
import Synchronization

extension Outbox {
    /// Nil while the write-ahead log can be emptied.
    package var logTrouble: LogTrouble? { logWatch.withLock(\.trouble) }

    /// Of the write-ahead log's file.
    package var logBytes: Int64 { Self.bytes(of: path + "-wal") }

    /// Tries to empty a log that could not be emptied: the reader may have gone, the disk may be mended. For a queue in which
    /// nothing is committed meanwhile.
    package func retryCheckpoint() {
        if logTrouble != nil { _ = compactLog() }
    }

    /// - Returns: whether the whole log is in the main file now, so that its blocks can be used again.
    func compactLog() -> Bool {
        guard let queue = try? self.queue else { return false }
        return queue.inDatabase { checkpoint($0) }
    }

    /// Every checkpoint goes through here, so that one that fails for ever is noticed.
    /// - Returns: whether the whole log is in the main file now.
    @discardableResult
    func checkpoint(_ db: Database, mode: Int32 = SQLITE_CHECKPOINT_PASSIVE) -> Bool {
        var result = meter.withLock { $0.checkpoint(db, mode: mode) }
        result.bytes = max(result.bytes, result.isWhole ? 0 : logBytes)
        // Our own look through the file is a reader, too, and the one that can be asked to give way.
        if result.outcome == .held, result.bytes > logWatch.withLock(\.bearableBytes), interruptCheck() { return false }
        logWatch.withLock { $0.noted(result, at: configuration.stamp().time) }
        return result.isWhole
    }

    /// A log that cannot be emptied takes what the file leaves of the quota, and not more: after that, what is captured waits in
    /// memory. What makes room (delivering, evicting) goes on; as nothing comes in, that has an end.
    /// - Throws: ``OutboxError/logHeld(_:)``.
    func demandRoomInLog() throws(OutboxError) {
        guard logTrouble.map(isTooLarge) == true, !compactLog() else { return }
        guard let trouble = logTrouble, isTooLarge(trouble) else { return }
        throw .logHeld(trouble)
    }

    private func isTooLarge(_ trouble: LogTrouble) -> Bool {
        let left = configuration.maximumBytes - Self.bytes(of: path)
        return trouble.bytes > max(4 * configuration.maximumLogBytes, left)
    }

    private static func bytes(of path: String) -> Int64 {
        var found = stat()
        return stat(path, &found) == 0 ? Int64(found.st_size) : 0
    }
}
