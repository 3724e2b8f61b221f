/// RFC 7515 section 7.2.2, flattened JWS JSON serialisation: one page of the subject feed as it is served, and one line
/// of a feed file. The three members are base64url without padding (RFC 4648 section 5).
package struct SignedPage: Codable, Hashable, Sendable {
    package let protected: String
    package let payload: String
    package let signature: String

    package init(protected: String, payload: String, signature: String) {
        self.protected = protected
        self.payload = payload
        self.signature = signature
    }
}

/// The protected header of a ``SignedPage``.
package struct SignedPageHeader: Codable, Hashable, Sendable {
    /// The only algorithm: `EdDSA` (RFC 8037) with Ed25519.
    package static let algorithm = "EdDSA"
    /// The only type: `footbridge-subjects`.
    package static let subjectsType = "footbridge-subjects"

    package let alg: String
    package let kid: String
    package let typ: String

    package init(kid: String) {
        alg = Self.algorithm
        self.kid = kid
        typ = Self.subjectsType
    }
}

/// The payload of a ``SignedPage``. Entries are carried as they are; the gateway reads them.
package struct SubjectPagePayload: Codable, Hashable, Sendable {
    /// The id of the only gateway that may use the page.
    package let audience: String
    /// UUID of the feed; a new one starts again at serial 1.
    package let feed: String
    /// 1 more than the page before.
    package let serial: UInt64
    /// The cursor that gives the page after this one.
    package let next: String
    /// True when that page is there already.
    package let more: Bool
    /// RFC 3339 UTC; never before the last page's.
    package let issuedAt: String
    package let subjects: [JSONValue]

    package init(
        audience: String, feed: String, serial: UInt64, next: String, more: Bool, issuedAt: String,
        subjects: [JSONValue]
    ) {
        self.audience = audience
        self.feed = feed
        self.serial = serial
        self.next = next
        self.more = more
        self.issuedAt = issuedAt
        self.subjects = subjects
    }

    private enum CodingKeys: String, CodingKey {
        case audience, feed, serial, next, more, subjects
        case issuedAt = "issued_at"
    }
}
