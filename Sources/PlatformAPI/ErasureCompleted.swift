/// The data of `erasure.completed`: the proof that a subject's data left this gateway.
package struct ErasureCompleted: Codable, Hashable, Sendable {
    package var storeCode: String
    /// The request id of the feed entry.
    package var request: String
    /// `withdrawn` or `erased`.
    package var state: String
    /// Rows removed by place.
    package var removed: [String: Int]
    /// RFC 3339 UTC.
    package var completedAt: String

    package init(storeCode: String, request: String, state: String, removed: [String: Int], completedAt: String) {
        self.storeCode = storeCode
        self.request = request
        self.state = state
        self.removed = removed
        self.completedAt = completedAt
    }

    private enum CodingKeys: String, CodingKey {
        case request, state, removed
        case storeCode = "store_code"
        case completedAt = "completed_at"
    }
}
