package import Visits

/// How a link was found.
package enum LinkMethod: String, Sendable, Codable, CaseIterable, Comparable {
    /// A single-use code of the app.
    case coupon
    /// A loyalty number; cards are lent.
    case loyalty
    /// A collect or appointment order.
    case order
    /// The app's code scanned at the till.
    case qr
    /// Who was at that till at that time.
    case placeAndTime = "place_and_time"

    package static func < (a: LinkMethod, b: LinkMethod) -> Bool { a.rawValue < b.rawValue }
}

/// A receipt belongs to a visit, with this confidence.
package struct Link: Hashable, Codable, Sendable {
    package var receipt: ReceiptKey
    package var visit: VisitKey
    /// The strongest one.
    package var method: LinkMethod
    /// Probability in 0...1 that the receipt is of this visit's party.
    package var confidence: Double
    /// Probability of the second best visit; nil when there was none.
    package var runnerUp: Double?
    /// Probability that the shopper is nobody we heard at the till.
    package var nullProbability: Double
    /// Visits that were considered.
    package var candidates: Int
    package var revision: Int
    /// Methods of the keys that named the visit's subject, sorted; empty for place and time.
    package var keys: [LinkMethod]
}
