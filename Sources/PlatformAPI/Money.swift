/// An amount in integer minor units, never floating point.
package struct Money: Codable, Hashable, Sendable {
    /// Minor units of the currency (cents); negative for returns.
    package var minor: Int64
    /// ISO 4217, three letters.
    package var currency: String

    package init(minor: Int64, currency: String) {
        self.minor = minor
        self.currency = currency
    }

    private enum CodingKeys: String, CodingKey {
        case minor, currency
    }
}
