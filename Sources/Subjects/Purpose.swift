/// What a person's data may be used for. The platform may name purposes that this program does not know; they are kept
/// and carried, and permit nothing here.
package struct Purpose: Hashable, Sendable, Codable, RawRepresentable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Presence in the shop: without it a person's tokens resolve to nobody.
    package static let visitAnalytics = Purpose(rawValue: "visit_analytics")
    /// Joining a receipt to the person's visit.
    package static let receiptLink = Purpose(rawValue: "receipt_link")
    package static let adsMeasurement = Purpose(rawValue: "ads_measurement")
    package static let realtimeOffers = Purpose(rawValue: "realtime_offers")
    package static let personalisation = Purpose(rawValue: "personalisation")

    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
