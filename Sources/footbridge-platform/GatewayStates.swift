import Foundation
import GRDB

extension PlatformStore {
    /// Keeps a gateway's snapshot instead of the one before.
    func putState(_ body: [UInt8], gateway: String, receivedAt: String) async throws {
        try await queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO state (gateway, received_at, body) VALUES (?, ?, ?)
                    ON CONFLICT (gateway) DO UPDATE SET received_at = excluded.received_at, body = excluded.body
                    """, arguments: [gateway, receivedAt, Data(body)])
        }
    }

    /// Calls `body` with each gateway's latest snapshot, in order of the gateway.
    func forEachState(_ body: ([UInt8]) throws -> Void) throws {
        try queue.read { db in
            let rows = try Row.fetchCursor(db, sql: "SELECT body FROM state ORDER BY gateway")
            while let row = try rows.next() { try body([UInt8](row["body"] as Data)) }
        }
    }
}
