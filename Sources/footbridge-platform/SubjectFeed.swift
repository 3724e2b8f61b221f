import Foundation
import GRDB
import PlatformAPI

/// What a cursor asked for.
enum FeedAnswer: Hashable, Sendable {
    /// The payload of a page, ready to be signed.
    case page([UInt8])
    /// The gateway has everything.
    case nothingNew
    case unknownCursor
}

extension PlatformStore {
    /// Adds entries to the feed of one gateway, or of all. A later entry of a subject replaces an earlier one.
    func putSubjects(_ entries: [FeedEntry], gateway: String?) throws {
        try queue.write { db in
            for entry in entries {
                try db.execute(
                    sql: "INSERT INTO entry (gateway, subject, body) VALUES (?, ?, ?)",
                    arguments: [gateway, entry.subject, Data(entry.body)])
            }
        }
    }

    /// The page after a cursor, in the feed of one gateway. A page is cut when it is first asked for and never changes:
    /// the same cursor gives the same page for ever, and new entries make a page with the next serial.
    func page(after cursor: String, gateway: String, pageSize: Int, now: Date) async throws -> FeedAnswer {
        try await queue.write { db in
            try FeedCutter(db: db, gateway: gateway, pageSize: pageSize, now: now).answer(cursor)
        }
    }

    /// Every page of a gateway's feed from the first on.
    func allPages(gateway: String, pageSize: Int, now: Date) async throws -> [[UInt8]] {
        var pages: [[UInt8]] = []
        var cursor = ""
        while case .page(let payload) = try await page(after: cursor, gateway: gateway, pageSize: pageSize, now: now) {
            pages.append(payload)
            cursor = try WireJSON.decode(SubjectPagePayload.self, from: payload).next
        }
        return pages
    }
}

private struct FeedCutter {
    let db: Database
    let gateway: String
    let pageSize: Int
    let now: Date

    func answer(_ cursor: String) throws -> FeedAnswer {
        let feed = try feed()
        let after: Int64
        if cursor.isEmpty {
            after = 0
        } else {
            let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, UUID(uuidString: String(parts[0])) != nil,
                let serial = SequenceText.lenientNumber(parts[1]), serial < UInt64(Int64.max)
            else { return .unknownCursor }
            // The cursor of a feed that was lost: serial 1 of this one is a full resync.
            after = parts[0] == feed ? Int64(serial) : 0
        }
        if let payload = try Data.fetchOne(
            db, sql: "SELECT payload FROM page WHERE gateway = ? AND serial = ?", arguments: [gateway, after + 1])
        {
            return .page([UInt8](payload))
        }
        let last = try Row.fetchOne(
            db, sql: "SELECT serial, last_entry, issued_at FROM page WHERE gateway = ? ORDER BY serial DESC LIMIT 1",
            arguments: [gateway])
        guard after == (last?["serial"] ?? 0) else { return .unknownCursor }
        guard let payload = try cut(feed: feed, serial: after + 1, last: last) else { return .nothingNew }
        return .page(payload)
    }

    private func feed() throws -> String {
        let known = try String.fetchOne(db, sql: "SELECT feed FROM feed WHERE gateway = ?", arguments: [gateway])
        if let known { return known }
        let feed = UUID().uuidString.lowercased()
        try db.execute(sql: "INSERT INTO feed (gateway, feed) VALUES (?, ?)", arguments: [gateway, feed])
        return feed
    }

    /// Makes the next page from the entries that no page has yet; nil when there is none.
    private func cut(feed: String, serial: Int64, last: Row?) throws -> [UInt8]? {
        let lastEntry: Int64 = last?["last_entry"] ?? 0
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT number, subject, body FROM entry WHERE number > ? AND (gateway IS NULL OR gateway = ?)
                ORDER BY number LIMIT ?
                """, arguments: [lastEntry, gateway, pageSize + 1])
        guard !rows.isEmpty else { return nil }
        let taken = rows.prefix(pageSize)
        var newest: [String: Int] = [:]
        for (index, row) in taken.enumerated() { newest[row["subject"]] = index }
        var subjects: [JSONValue] = []
        for (index, row) in taken.enumerated() where newest[row["subject"]] == index {
            subjects.append(try WireJSON.decode(JSONValue.self, from: row["body"] as Data))
        }
        // The clock may have been set back since the last page; `issued_at` may not go back.
        let previous: String = last?["issued_at"] ?? ""
        let issuedAt = max(previous, Timestamp.text(now))
        let payload = try WireJSON.encode(
            SubjectPagePayload(
                audience: gateway, feed: feed, serial: UInt64(serial), next: "\(feed).\(serial)",
                more: rows.count > taken.count, issuedAt: issuedAt, subjects: subjects))
        try db.execute(
            sql: "INSERT INTO page (gateway, serial, last_entry, issued_at, payload) VALUES (?, ?, ?, ?, ?)",
            arguments: [gateway, serial, (taken.last?["number"] as Int64?) ?? lastEntry, issuedAt, Data(payload)])
        return payload
    }
}
