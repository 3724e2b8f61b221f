package import Foundation

/// One page of the subject feed: what a verified JWS carried.
package struct SubjectPage: Hashable, Sendable {
    /// The gateway that the page is for.
    package var audience: String
    package var feed: UUID
    /// Counts the pages of a feed from 1; page 1 of another feed begins a full resync.
    package var serial: UInt64
    /// The opaque cursor of the next page.
    package var next: String
    /// Whether the platform has more pages ready now.
    package var more: Bool
    package var issuedAt: UnixTime
    package var subjects: [SubjectEntry]

    package init(
        audience: String, feed: UUID, serial: UInt64, next: String, more: Bool, issuedAt: UnixTime,
        subjects: [SubjectEntry]
    ) {
        self.audience = audience
        self.feed = feed
        self.serial = serial
        self.next = next
        self.more = more
        self.issuedAt = issuedAt
        self.subjects = subjects
    }

    /// The position after this page has been applied.
    package var position: FeedPosition {
        FeedPosition(feed: feed, serial: serial, cursor: next, issuedAt: issuedAt)
    }
}

extension SubjectPage: Codable {
    static let maximumSubjects = 100_000
    static let maximumCursorBytes = 4096

    private enum CodingKeys: String, CodingKey {
        case audience, feed, serial, next, more, subjects
        case issuedAt = "issued_at"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        audience = try container.decode(String.self, forKey: .audience)
        feed = try container.decode(UUID.self, forKey: .feed)
        serial = try container.decode(UInt64.self, forKey: .serial)
        next = try container.decode(String.self, forKey: .next)
        guard next.utf8.count <= SubjectPage.maximumCursorBytes else {
            throw EntryFault(container.codingPath + [CodingKeys.next], "a cursor has at most 4096 bytes")
        }
        more = try container.decode(Bool.self, forKey: .more)
        issuedAt = try container.time(.issuedAt)
        guard container.contains(.subjects) else { throw EntryFault([CodingKeys.subjects], "missing") }
        subjects = try container.list(SubjectEntry.self, .subjects, maximum: SubjectPage.maximumSubjects)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(audience, forKey: .audience)
        try container.encode(feed, forKey: .feed)
        try container.encode(serial, forKey: .serial)
        try container.encode(next, forKey: .next)
        try container.encode(more, forKey: .more)
        try container.encode(issuedAt.rfc3339(), forKey: .issuedAt)
        try container.encode(subjects, forKey: .subjects)
    }
}
