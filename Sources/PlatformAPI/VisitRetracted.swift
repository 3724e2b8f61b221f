/// The data of `visit.retracted`: the visit never happened, or may not be kept.
package struct VisitRetracted: Codable, Hashable, Sendable {
    package var visitID: String
    /// Higher than any revision before.
    package var revision: Int
    package var storeCode: String
    /// `withdrawn`, `erased` or `corrected`.
    package var reason: String
    /// RFC 3339 UTC.
    package var retractedAt: String

    package init(visitID: String, revision: Int, storeCode: String, reason: String, retractedAt: String) {
        self.visitID = visitID
        self.revision = revision
        self.storeCode = storeCode
        self.reason = reason
        self.retractedAt = retractedAt
    }

    private enum CodingKeys: String, CodingKey {
        case revision, reason
        case visitID = "visit_id"
        case storeCode = "store_code"
        case retractedAt = "retracted_at"
    }
}
