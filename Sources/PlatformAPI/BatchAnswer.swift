/// The answer 200 to a batch. Every sequence up to `acceptedThrough` is settled: stored, already stored, or in
/// `rejected`, which never names a later one.
package struct BatchAnswer: Codable, Hashable, Sendable {
    package struct Rejection: Codable, Hashable, Sendable {
        package let sequence: UInt64
        /// The event's `id`.
        package let id: String
        package let problem: ProblemDetails

        package init(sequence: UInt64, id: String, problem: ProblemDetails) {
            self.sequence = sequence
            self.id = id
            self.problem = problem
        }
    }

    package let acceptedThrough: UInt64
    package let rejected: [Rejection]

    package init(acceptedThrough: UInt64, rejected: [Rejection] = []) {
        self.acceptedThrough = acceptedThrough
        self.rejected = rejected
    }

    private enum CodingKeys: String, CodingKey {
        case acceptedThrough = "accepted_through"
        case rejected
    }

    /// A missing `rejected` is an empty one.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        acceptedThrough = try container.decode(UInt64.self, forKey: .acceptedThrough)
        rejected = try container.decodeIfPresent([Rejection].self, forKey: .rejected) ?? []
    }
}
