/// The pseudonyms of what a subject's receipts may carry (see `KeyedHasher`).
package struct SubjectHashes: Hashable, Sendable, Codable {
    package var loyalty: [KeyedHash]
    package var coupon: [KeyedHash]
    package var order: [KeyedHash]

    static let maximumOfAKind = 512

    package init(loyalty: [KeyedHash] = [], coupon: [KeyedHash] = [], order: [KeyedHash] = []) {
        self.loyalty = loyalty
        self.coupon = coupon
        self.order = order
    }

    private enum CodingKeys: String, CodingKey {
        case loyalty, coupon, order
    }

    /// Each list may be missing.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        loyalty = try container.list(KeyedHash.self, .loyalty, maximum: SubjectHashes.maximumOfAKind)
        coupon = try container.list(KeyedHash.self, .coupon, maximum: SubjectHashes.maximumOfAKind)
        order = try container.list(KeyedHash.self, .order, maximum: SubjectHashes.maximumOfAKind)
    }

    /// All of them with their kinds.
    var all: [SubjectRegistry.HashKey] {
        loyalty.map { SubjectRegistry.HashKey(kind: .loyalty, hash: $0) }
            + coupon.map { SubjectRegistry.HashKey(kind: .coupon, hash: $0) }
            + order.map { SubjectRegistry.HashKey(kind: .order, hash: $0) }
    }
}
