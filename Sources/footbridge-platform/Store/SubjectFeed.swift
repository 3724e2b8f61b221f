import Foundation
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
    /// Adds entries to the feed of one gateway, or of all. A later entry of a subject replaces an earlier one. One that withdraws or
    /// erases also takes the place of the subject's earlier entries, so that no key of theirs is kept: of all gateways, or with
    /// `gateway` of that one.
    func putSubjects(_ entries: [FeedEntry], gateway: String?) async throws {
        try await database.write { transaction in
            // One at a time: a page that was cut between two others' commits would miss a lower number for ever.
            try transaction.lock("entries")
            for entry in entries {
                if entry.isTombstone {
                    try transaction.execute(
                        """
                        UPDATE entry SET body = $1
                        WHERE subject = $2\(gateway == nil ? "" : " AND gateway = $3")
                        """, [.blob(entry.body), .text(entry.subject)] + (gateway.map { [.text($0)] } ?? []))
                }
                try transaction.execute(
                    "INSERT INTO entry (gateway, subject, body) VALUES ($1, $2, $3)",
                    [StoreValue(gateway), .text(entry.subject), .blob(entry.body)])
            }
        }
        if entries.contains(where: \.isTombstone) { try await database.scrub() }
    }

    /// The page after a cursor, in the feed of one gateway. What is on a page is settled when it is first asked for: the same cursor
    /// gives the same serial and the same entries, but for those that were withdrawn or erased since; new entries make a page with
    /// the next serial.
    func page(after cursor: String, gateway: String, pageSize: Int, now: Date) async throws -> FeedAnswer {
        // Nearly always the gateway has everything, or the page has been cut: no lock is needed to see that.
        let known = try await database.read { transaction in
            try FeedCutter(transaction: transaction, gateway: gateway, pageSize: pageSize, now: now).known(cursor)
        }
        if let known { return known }
        return try await database.write { transaction in
            try transaction.lock("feed \(gateway)")
            return try FeedCutter(transaction: transaction, gateway: gateway, pageSize: pageSize, now: now)
                .answer(cursor)
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
    /// Which entries a page has: those of the gateway and of all, after `first`, up to `last`.
    private struct Page {
        let serial: Int64
        let first: Int64
        let last: Int64
        let issuedAt: String
        let more: Bool
    }

    let transaction: any StoreTransaction
    let gateway: String
    let pageSize: Int
    let now: Date

    /// The answer when nothing has to be written for it.
    func known(_ cursor: String) throws -> FeedAnswer? {
        guard let feed = try feed() else { return nil }
        guard let after = Self.serial(cursor, feed: feed) else { return .unknownCursor }
        if let page = try page(after + 1) { return .page(try payload(page, feed: feed)) }
        let last = try lastPage()
        guard after == last?.serial ?? 0 else { return .unknownCursor }
        return try entries(after: last?.last ?? 0, limit: 1).isEmpty ? .nothingNew : nil
    }

    /// The answer, cutting a page when there are entries that no page has yet.
    func answer(_ cursor: String) throws -> FeedAnswer {
        if try feed() == nil {
            try transaction.execute(
                "INSERT INTO feed (gateway, feed) VALUES ($1, $2)",
                [.text(gateway), .text(UUID().uuidString.lowercased())])
        }
        if let answer = try known(cursor) { return answer }
        guard let feed = try feed() else { throw StoreFailure.unexpected("no feed") }
        return .page(try payload(cut(), feed: feed))
    }

    private func feed() throws -> String? {
        try transaction.rows("SELECT feed FROM feed WHERE gateway = $1", [.text(gateway)]).first?.text(0)
    }

    /// The serial that a cursor stands behind; 0 for none and for the cursor of a feed that was lost, because serial 1 of this one is
    /// a full resync; nil for one that no platform gave.
    private static func serial(_ cursor: String, feed: String) -> Int64? {
        guard !cursor.isEmpty else { return 0 }
        let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, UUID(uuidString: String(parts[0])) != nil,
            let serial = SequenceText.lenientNumber(parts[1]), serial < UInt64(Int64.max)
        else { return nil }
        return parts[0] == feed ? Int64(serial) : 0
    }

    private func page(_ serial: Int64) throws -> Page? {
        let rows = try transaction.rows(
            """
            SELECT serial, last_entry, issued_at, more FROM page
            WHERE gateway = $1 AND serial BETWEEN $2 AND $3 ORDER BY serial
            """, [.text(gateway), .integer(serial - 1), .integer(serial)])
        guard let row = rows.last, try row.integer(0) == serial else { return nil }
        let first = rows.count > 1 ? try rows[0].integer(1) : 0
        return Page(
            serial: serial, first: first, last: try row.integer(1), issuedAt: try row.text(2),
            more: try row.integer(3) != 0)
    }

    private func lastPage() throws -> Page? {
        let rows = try transaction.rows(
            "SELECT max(serial) FROM page WHERE gateway = $1", [.text(gateway)])
        return try rows.first?.optionalInteger(0).flatMap { try page($0) }
    }

    private func entries(after number: Int64, limit: Int) throws -> [StoreRow] {
        try transaction.rows(
            """
            SELECT number, subject, body FROM entry WHERE number > $1 AND (gateway IS NULL OR gateway = $2)
            ORDER BY number LIMIT $3
            """, [.integer(number), .text(gateway), .integer(Int64(limit))])
    }

    /// Settles what the next page has.
    private func cut() throws -> Page {
        let previous = try lastPage()
        let rows = try entries(after: previous?.last ?? 0, limit: pageSize + 1)
        guard let last = try rows.prefix(pageSize).last?.integer(0) else { throw StoreFailure.unexpected("no entry") }
        // The clock may have been set back since the last page; `issued_at` may not go back.
        let page = Page(
            serial: (previous?.serial ?? 0) + 1, first: previous?.last ?? 0, last: last,
            issuedAt: max(previous?.issuedAt ?? "", Timestamp.text(now)), more: rows.count > pageSize)
        try transaction.execute(
            "INSERT INTO page (gateway, serial, last_entry, issued_at, more) VALUES ($1, $2, $3, $4, $5)",
            [
                .text(gateway), .integer(page.serial), .integer(page.last), .text(page.issuedAt),
                .integer(page.more ? 1 : 0),
            ])
        return page
    }

    private func payload(_ page: Page, feed: String) throws -> [UInt8] {
        let rows = try transaction.rows(
            """
            SELECT subject, body FROM entry WHERE number > $1 AND number <= $2 AND (gateway IS NULL OR gateway = $3)
            ORDER BY number
            """, [.integer(page.first), .integer(page.last), .text(gateway)])
        var newest: [String: Int] = [:]
        for (index, row) in rows.enumerated() { newest[try row.text(0)] = index }
        var subjects: [JSONValue] = []
        for (index, row) in rows.enumerated() where try newest[row.text(0)] == index {
            subjects.append(try WireJSON.decode(JSONValue.self, from: row.blob(1)))
        }
        return try WireJSON.encode(
            SubjectPagePayload(
                audience: gateway, feed: feed, serial: UInt64(page.serial), next: "\(feed).\(page.serial)",
                more: page.more, issuedAt: page.issuedAt, subjects: subjects))
    }
}
