package import Foundation

/// How far the subject feed has been applied; the next page must follow it. Kept with the registry's snapshot.
package struct FeedPosition: Hashable, Sendable, Codable {
    package var feed: UUID
    /// The last page applied; pages count from 1.
    package var serial: UInt64
    /// The opaque `next` of the last page: what `GET /v1/subjects?cursor=` is asked with.
    package var cursor: String
    package var issuedAt: UnixTime

    package init(feed: UUID, serial: UInt64, cursor: String, issuedAt: UnixTime) {
        self.feed = feed
        self.serial = serial
        self.cursor = cursor
        self.issuedAt = issuedAt
    }
}
