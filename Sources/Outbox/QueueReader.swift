import Foundation
import GRDB

/// Reads the box's state out of a queue that another process may have open: writes nothing and takes no lock that the
/// daemon would wait for.
package enum QueueReader {
    /// The checkpoints whose key begins with `prefix`, as they were last committed; none when there is no queue yet.
    /// - Throws: ``OutboxError``.
    package static func states(path: String, prefix: String) throws(OutboxError) -> [String: [UInt8]] {
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        do {
            let reader = try QueueFile.reader(path)
            defer { try? reader.close() }
            return try reader.read { db in
                guard try db.tableExists("state") else { return [:] }
                var states: [String: [UInt8]] = [:]
                let rows = try Row.fetchCursor(
                    db, sql: "SELECT key, value FROM state WHERE substr(key, 1, length(?)) = ?",
                    arguments: [prefix, prefix])
                while let row = try rows.next() {
                    let value: Data = row["value"]
                    states[row["key"]] = [UInt8](value)
                }
                return states
            }
        } catch {
            throw OutboxError(error, operation: "reading the queue", path: path)
        }
    }
}
