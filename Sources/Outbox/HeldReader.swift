import Foundation
import GRDB

/// Reads a queue on a file system that cannot be written: SQLite's usual way needs to make a shared memory file, so the
/// file is opened without locks and alone.
enum HeldReader {
    /// Nil when there is no queue or it cannot be read.
    static func open(_ path: String) -> DatabaseQueue? {
        guard QueueFile.isWritten(path), let queue = try? connect(path),
            (try? queue.inDatabase { try $0.tableExists("state") }) == true
        else { return nil }
        return queue
    }

    static func connect(_ path: String) throws -> DatabaseQueue {
        guard let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) else {
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN)
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
        // Without a log the file says everything, and SQLite must not try to make one.
        let way = QueueFile.isWritten(path + "-wal") ? "vfs=unix-none" : "immutable=1"
        return try DatabaseQueue(path: "file:\(escaped)?mode=ro&\(way)", configuration: configuration)
    }

    static func totals(_ queue: DatabaseQueue) -> QueueTotals? { try? queue.inDatabase { try QueueTotals($0) } }
}
