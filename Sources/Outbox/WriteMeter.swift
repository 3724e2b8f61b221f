import GRDB
import GRDBSQLite
import Glibc

/// What the queue has written since the program started.
package struct WriteStatistics: Hashable, Sendable {
    /// Upper bounds of ``commitTimes``, milliseconds; the last count is of what took longer.
    package static let bounds: [Int64] = [1, 5, 25, 100, 500, 2_500]

    /// Transactions that became durable, one fdatasync each.
    package var commits: Int64 = 0
    /// Events accepted in them.
    package var events: Int64 = 0
    /// Written to the WAL: a frame of 4,120 bytes for each changed page.
    package var walBytes: Int64 = 0
    /// Written to the database file by checkpoints.
    package var checkpointBytes: Int64 = 0
    /// Checkpoints that the disk refused.
    package var checkpointsRefused: Int64 = 0
    /// How long COMMIT took (the WAL's write and fdatasync), counted by ``bounds``.
    package var commitTimes = [Int64](repeating: 0, count: bounds.count + 1)

    package var bytes: Int64 { walBytes + checkpointBytes }
    /// Bytes on disk for each accepted event; nil before the first.
    package var bytesPerEvent: Double? { events > 0 ? Double(bytes) / Double(events) : nil }

    mutating func add(commitTook time: Duration, pages: Int64) {
        commits += 1
        // 24 bytes of frame header (sqlite.org/fileformat2.html, 4.2).
        walBytes += pages * (QueueFile.pageBytes + 24)
        let milliseconds = Int64(time / .milliseconds(1))
        commitTimes[Self.bounds.firstIndex { milliseconds < $0 } ?? Self.bounds.count] += 1
    }
}

/// Runs transactions and checkpoints, and counts what they write.
struct WriteMeter: Sendable {
    var statistics = WriteStatistics()
    /// WAL pages since the last checkpoint.
    private var pages: Int64 = 0
    /// Checkpoint after so many; SQLite's own default.
    private let checkpointPages: Int64

    init(checkpointPages: Int64) { self.checkpointPages = checkpointPages }

    var checkpointIsDue: Bool { pages >= checkpointPages }

    mutating func committed(_ db: Database, in time: Duration) {
        let written = Self.pagesWritten(db)
        pages += written
        statistics.add(commitTook: time, pages: written)
    }

    /// Moves what it can into the database file, without waiting for a reader.
    mutating func checkpoint(_ db: Database, mode: Int32) -> CheckpointResult {
        let before = Self.threadBytesWritten()
        var frames: Int32 = 0
        var moved: Int32 = 0
        let result = sqlite3_wal_checkpoint_v2(db.sqliteConnection, nil, mode, &frames, &moved)
        if let before, let after = Self.threadBytesWritten() { statistics.checkpointBytes += max(0, after - before) }
        let outcome: CheckpointResult.Outcome =
            switch result {
            case SQLITE_OK: frames == moved ? .whole : .held
            case SQLITE_BUSY, SQLITE_LOCKED: .held
            case SQLITE_FULL: .full
            default: .refused(db.lastErrorMessage ?? "SQLite error \(result)")
            }
        if case .refused = outcome { statistics.checkpointsRefused += 1 }
        // What a reader or a full disk held back is tried again after a quarter as much.
        pages = outcome == .whole ? 0 : checkpointPages / 4 * 3
        // -1 after an error.
        return CheckpointResult(outcome: outcome, bytes: Int64(max(0, frames)) * (QueueFile.pageBytes + 24))
    }

    /// Pages written to the WAL since the last call.
    private static func pagesWritten(_ db: Database) -> Int64 {
        var current: Int32 = 0
        var highest: Int32 = 0
        guard
            sqlite3_db_status(db.sqliteConnection, SQLITE_DBSTATUS_CACHE_WRITE, &current, &highest, 1) == SQLITE_OK
        else { return 0 }
        return Int64(current)
    }

    /// `wchar` of proc(5): bytes that this thread has given to write calls. Nil where /proc does not show it.
    private static func threadBytesWritten() -> Int64? {
        let descriptor = open("/proc/thread-self/io", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        for line in text.split(separator: "\n") where line.hasPrefix("wchar: ") { return Int64(line.dropFirst(7)) }
        return nil
    }
}
