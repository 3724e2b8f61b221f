import PlatformAPI

/// One entry of the subject feed as an operator hands it in: a line of NDJSON. The platform reads as much as it needs to
/// refuse what no gateway could use; the rest is the gateway's.
struct FeedEntry: Hashable, Sendable {
    struct Failure: Error, Hashable, CustomStringConvertible {
        let line: Int
        let reason: String
        var description: String { "line \(line): \(reason)" }
    }

    let subject: String
    /// Whether it withdraws or erases the subject.
    let isTombstone: Bool
    /// In the one JSON form of the contract.
    let body: [UInt8]

    init(line text: some StringProtocol, number: Int) throws {
        func fail(_ reason: String) -> Failure { Failure(line: number, reason: reason) }
        guard let value = try? WireJSON.decode(JSONValue.self, from: text.utf8), case .object = value else {
            throw fail("is not a JSON object")
        }
        guard let subject = value["subject_id"]?.string, !subject.isEmpty, subject.utf8.count <= 256,
            !subject.utf8.contains(0)
        else {
            throw fail("subject_id is missing; it is a string of 1 to 256 bytes")
        }
        switch (value["state"]?.string, value["kind"]?.string) {
        case ("withdrawn", _), ("erased", _), (nil, "person"), (nil, "staff"), (nil, "fixture"): break
        case (.some, _): throw fail("state is not withdrawn or erased")
        default: throw fail("kind is not person, staff or fixture")
        }
        if value["kind"]?.string == "person", case .array(let keys)? = value["keys"],
            keys.contains(where: { $0["scheme"]?.string == "irk" })
        {
            throw fail("a person has a key of scheme irk; it is for bonded things of staff and fixtures")
        }
        self.subject = subject
        isTombstone = value["state"] != nil
        body = try WireJSON.encode(value)
    }

    /// Reads NDJSON; empty lines are skipped.
    static func read(_ text: String) throws -> [FeedEntry] {
        var entries: [FeedEntry] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
        where !line.allSatisfy(\.isWhitespace) {
            entries.append(try FeedEntry(line: line, number: index + 1))
        }
        return entries
    }
}
