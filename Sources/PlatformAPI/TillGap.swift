/// The data of `till.gap`: receipt numbers that a till skipped.
package struct TillGap: Codable, Hashable, Sendable {
    package var storeCode: String
    package var tillID: String
    /// The last number before the gap.
    package var afterNumber: String
    /// The first number after it.
    package var beforeNumber: String
    package var missing: Int
    /// RFC 3339 UTC.
    package var detectedAt: String

    package init(
        storeCode: String, tillID: String, afterNumber: String, beforeNumber: String, missing: Int, detectedAt: String
    ) {
        self.storeCode = storeCode
        self.tillID = tillID
        self.afterNumber = afterNumber
        self.beforeNumber = beforeNumber
        self.missing = missing
        self.detectedAt = detectedAt
    }

    private enum CodingKeys: String, CodingKey {
        case missing
        case storeCode = "store_code"
        case tillID = "till_id"
        case afterNumber = "after_number"
        case beforeNumber = "before_number"
        case detectedAt = "detected_at"
    }
}
