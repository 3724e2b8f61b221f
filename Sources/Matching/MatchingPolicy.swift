/// The parameters of matching.
package struct MatchingPolicy: Hashable, Codable, Sendable {
    /// A link needs this probability; below it the answer is "can't tell".
    package var threshold: Double = 0.8
    /// Share of receipts whose shopper opted in: the weight of the null hypothesis is the rest. It is not learned: an
    /// estimate from the model's own answers would believe itself.
    package var optInShare: Double = 0.15
    /// From the last byte to the decision: who leaves after the receipt tells who paid.
    package var decisionDelay: Duration = .seconds(60)
    /// The same, while somebody is still heard at the till.
    package var decisionMaximum: Duration = .seconds(120)
    /// A code names a visit that ended up to this long before the receipt.
    package var keyReach: Duration = .seconds(900)
    /// Confidence of a single-use code, and of a loyalty number (cards are lent).
    package var singleUseConfidence: Double = 0.99
    package var loyaltyConfidence: Double = 0.95
    /// Weight of somebody who is already linked to another receipt within `explainedReach`.
    package var explainedWeight: Double = 0.1
    package var explainedReach: Duration = .seconds(300)
    /// A visit that a code puts at one till cannot have paid at another within this time.
    package var contradictionReach: Duration = .seconds(60)
    /// Receipts of tills that share a zone compete for its people within this time.
    package var rivalReach: Duration = .seconds(40)
    /// People who come in within this time of each other may be one party; they teach nothing about strangers at the till.
    package var partyReach: Duration = .seconds(15)
    /// Bounds of memory; beyond them the oldest is decided, or forgotten, first.
    package var maximumPending: Int = 2_000
    package var maximumVisits: Int = 50_000

    package init() {}

    package static let standard = MatchingPolicy()

    func confidence(of method: LinkMethod) -> Double {
        switch method {
        case .coupon, .order, .qr: singleUseConfidence
        case .loyalty: loyaltyConfidence
        case .placeAndTime: 0.5
        }
    }
}
