/// The data of `link.retracted`.
package struct LinkRetracted: Codable, Hashable, Sendable {
    package var linkID: String
    package var receiptID: String
    /// The visit that it had named.
    package var visitID: String?
    /// Higher than any revision before.
    package var revision: Int
    /// `corrected`, `withdrawn` or `erased`.
    package var reason: String
    /// RFC 3339 UTC.
    package var retractedAt: String
    package var storeCode: String

    package init(
        linkID: String, receiptID: String, visitID: String? = nil, revision: Int, reason: String, retractedAt: String,
        storeCode: String
    ) {
        self.linkID = linkID
        self.receiptID = receiptID
        self.visitID = visitID
        self.revision = revision
        self.reason = reason
        self.retractedAt = retractedAt
        self.storeCode = storeCode
    }

    private enum CodingKeys: String, CodingKey {
        case revision, reason
        case linkID = "link_id"
        case receiptID = "receipt_id"
        case visitID = "visit_id"
        case retractedAt = "retracted_at"
        case storeCode = "store_code"
    }
}
