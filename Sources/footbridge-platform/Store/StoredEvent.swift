/// An event as the platform holds it.
struct StoredEvent: Hashable, Sendable {
    let gateway: String
    let epoch: String
    let sequence: Int64
    /// RFC 3339, by the platform's clock.
    let receivedAt: String
    /// When it happened as far as the platform can tell, in milliseconds since 1970; nil when nothing says so yet.
    let corrected: Int64?
    /// As it came.
    let body: [UInt8]

    /// The event with what the platform found out, as extension attributes of CloudEvents before its own.
    func withCorrection() -> [UInt8] {
        let time = corrected.map { "\"\(Timestamp.text(milliseconds: $0))\"" } ?? "null"
        return Array("{\"correctedtime\":\(time),\"receivedat\":\"\(receivedAt)\",".utf8)
            + body.drop { $0 != UInt8(ascii: "{") }.dropFirst()
    }
}

extension PlatformStore {
    /// Calls `body` with each stored event in order of (gateway, epoch, sequence).
    func forEachEvent(_ body: (StoredEvent) throws -> Void) async throws {
        var gateway = ""
        var epoch = ""
        var sequence: Int64 = 0
        while true {
            let rows = try await database.read { [gateway, epoch, sequence] transaction in
                try transaction.rows(
                    """
                    SELECT gateway, epoch, sequence, received_at, corrected_ms, body FROM event
                    WHERE (gateway, epoch, sequence) > ($1, $2, $3) ORDER BY gateway, epoch, sequence LIMIT 500
                    """, [.text(gateway), .text(epoch), .integer(sequence)])
            }
            guard let last = rows.last else { return }
            for row in rows {
                try body(
                    StoredEvent(
                        gateway: row.text(0), epoch: row.text(1), sequence: row.integer(2), receivedAt: row.text(3),
                        corrected: row.optionalInteger(4), body: row.blob(5)))
            }
            (gateway, epoch, sequence) = (try last.text(0), try last.text(1), try last.integer(2))
        }
    }
}
