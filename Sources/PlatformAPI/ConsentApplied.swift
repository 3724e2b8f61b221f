/// The data of `consent.applied`: a page of the subject feed is in force on this gateway.
package struct ConsentApplied: Codable, Hashable, Sendable {
    package var storeCode: String
    /// The feed's UUID.
    package var feed: String
    package var serial: UInt64
    /// As the page says, RFC 3339 UTC.
    package var issuedAt: String
    /// RFC 3339 UTC.
    package var appliedAt: String
    /// Entries that were put or replaced.
    package var subjects: Int
    package var withdrawn: Int
    package var erased: Int
    /// The withdrawal and erasure requests that the page carried.
    package var requests: [String]

    package init(
        storeCode: String, feed: String, serial: UInt64, issuedAt: String, appliedAt: String, subjects: Int,
        withdrawn: Int, erased: Int, requests: [String]
    ) {
        self.storeCode = storeCode
        self.feed = feed
        self.serial = serial
        self.issuedAt = issuedAt
        self.appliedAt = appliedAt
        self.subjects = subjects
        self.withdrawn = withdrawn
        self.erased = erased
        self.requests = requests
    }

    private enum CodingKeys: String, CodingKey {
        case feed, serial, subjects, withdrawn, erased, requests
        case storeCode = "store_code"
        case issuedAt = "issued_at"
        case appliedAt = "applied_at"
    }
}
