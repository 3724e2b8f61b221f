extension PlatformStore {
    /// Keeps a gateway's snapshot instead of the one before.
    func putState(_ body: [UInt8], gateway: String, receivedAt: String) async throws {
        try await database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO state (gateway, received_at, body) VALUES ($1, $2, $3)
                ON CONFLICT (gateway) DO UPDATE SET received_at = excluded.received_at, body = excluded.body
                """, [.text(gateway), .text(receivedAt), .blob(body)])
        }
    }

    /// Calls `body` with each gateway's latest snapshot, in order of the gateway.
    func forEachState(_ body: ([UInt8]) throws -> Void) async throws {
        var last = ""
        while true {
            let rows = try await database.read { [last] transaction in
                try transaction.rows(
                    "SELECT gateway, body FROM state WHERE gateway > $1 ORDER BY gateway LIMIT 500", [.text(last)])
            }
            for row in rows { try body(row.blob(1)) }
            guard let row = rows.last else { return }
            last = try row.text(0)
        }
    }
}
