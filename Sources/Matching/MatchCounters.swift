/// What the matcher did since it was made.
package struct MatchCounters: Hashable, Codable, Sendable {
    package var receipts = 0
    /// Voids, reprints, reports ...: no shopper stands behind them.
    package var notLinkable = 0
    package var linkedByKey = 0
    package var linkedByPlaceAndTime = 0
    package var noCandidate = 0
    package var ambiguous = 0
    package var belowThreshold = 0
    package var noVisit = 0
    package var notPermitted = 0
    package var conflictingKeys = 0
    package var noZone = 0
    package var retracted = 0
    /// Receipts decided early because too many were waiting.
    package var hurried = 0
    /// Visits forgotten because too many were remembered.
    package var evictedVisits = 0

    package init() {}

    mutating func count(_ reason: CantTellReason) {
        switch reason {
        case .noCandidate: noCandidate += 1
        case .ambiguous: ambiguous += 1
        case .belowThreshold: belowThreshold += 1
        case .noVisit: noVisit += 1
        case .notPermitted: notPermitted += 1
        case .conflictingKeys: conflictingKeys += 1
        case .noZone: noZone += 1
        }
    }
}
