package import Visits

/// Why no visit was named.
package enum CantTellReason: String, Sendable, Codable, CaseIterable {
    /// Nobody who opted in was heard at the till.
    case noCandidate = "no_candidate"
    /// Somebody who opted in probably paid, but it may be one or another: people who came together, for one.
    case ambiguous
    /// The shopper may well be somebody who did not opt in.
    case belowThreshold = "below_threshold"
    /// The owner of the code on the receipt was not heard in the store.
    case noVisit = "no_visit"
    /// The owner of the code does not permit links.
    case notPermitted = "not_permitted"
    /// Codes of several subjects contradict each other.
    case conflictingKeys = "conflicting_keys"
    /// The till stands in no zone.
    case noZone = "no_zone"
}

/// Why a link no longer holds.
package enum RetractionReason: String, Sendable, Codable, CaseIterable {
    /// A code put the same visit at another till at that time.
    case contradicted
    /// The subject withdrew.
    case withdrawn
}

/// What the matcher has decided.
package enum MatchOutput: Hashable, Sendable {
    case linked(Link)
    /// The honest answer below the threshold. `best`: the best visit's probability; `null`: that of nobody we heard.
    case cantTell(ReceiptKey, reason: CantTellReason, best: Double?, null: Double, candidates: Int)
    /// `revision` is the link's, raised by one.
    case retracted(receipt: ReceiptKey, visit: VisitKey, reason: RetractionReason, revision: Int)
}
