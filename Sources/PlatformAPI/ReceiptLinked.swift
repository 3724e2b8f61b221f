/// The data of `receipt.linked`: what the gateway says about one receipt, "can't tell" included.
package struct ReceiptLinked: Codable, Hashable, Sendable {
    /// UUIDv8 from the epoch and the natural key, lower case.
    package var linkID: String
    package var receiptID: String
    /// `linked`, `cannot_tell` or `no_candidate`.
    package var outcome: String
    /// Null unless linked.
    package var visitID: String?
    /// Null unless linked.
    package var subjectID: String?
    /// `coupon`, `loyalty`, `order`, `qr` or `place_and_time`.
    package var method: String?
    /// Probability of the stated (or, if none is, of the best) visit, 0 to 1. With method `place_and_time`: that its party paid.
    package var confidence: Double?
    /// Probability of the second best visit.
    package var runnerUp: Double?
    /// Probability that the shopper did not opt in.
    package var nullProbability: Double?
    /// How many visits were weighed.
    package var candidates: Int
    /// Why it can't tell.
    package var reason: String?
    /// Kinds of keys that agreed: `coupon`, `loyalty`, `order`, `qr`.
    package var keys: [String]?
    /// Starts at 1; a higher one replaces.
    package var revision: Int
    /// RFC 3339 UTC.
    package var decidedAt: String
    /// True when no later evidence is waited for.
    package var final: Bool
    package var storeCode: String

    package init(
        linkID: String, receiptID: String, outcome: String, visitID: String?, subjectID: String?, method: String?,
        confidence: Double?, runnerUp: Double?, nullProbability: Double?, candidates: Int, reason: String? = nil,
        keys: [String]? = nil, revision: Int, decidedAt: String, final: Bool, storeCode: String
    ) {
        self.linkID = linkID
        self.receiptID = receiptID
        self.outcome = outcome
        self.visitID = visitID
        self.subjectID = subjectID
        self.method = method
        self.confidence = confidence
        self.runnerUp = runnerUp
        self.nullProbability = nullProbability
        self.candidates = candidates
        self.reason = reason
        self.keys = keys
        self.revision = revision
        self.decidedAt = decidedAt
        self.final = final
        self.storeCode = storeCode
    }

    private enum CodingKeys: String, CodingKey {
        case outcome, method, confidence, candidates, reason, keys, revision, final
        case linkID = "link_id"
        case receiptID = "receipt_id"
        case visitID = "visit_id"
        case subjectID = "subject_id"
        case runnerUp = "runner_up"
        case nullProbability = "null_probability"
        case decidedAt = "decided_at"
        case storeCode = "store_code"
    }

    /// What may be unknown is written as `null`, so that a reader finds every member.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(linkID, forKey: .linkID)
        try container.encode(receiptID, forKey: .receiptID)
        try container.encode(outcome, forKey: .outcome)
        try container.encode(visitID, forKey: .visitID)
        try container.encode(subjectID, forKey: .subjectID)
        try container.encode(method, forKey: .method)
        try container.encode(confidence, forKey: .confidence)
        try container.encode(runnerUp, forKey: .runnerUp)
        try container.encode(nullProbability, forKey: .nullProbability)
        try container.encode(candidates, forKey: .candidates)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encodeIfPresent(keys, forKey: .keys)
        try container.encode(revision, forKey: .revision)
        try container.encode(decidedAt, forKey: .decidedAt)
        try container.encode(final, forKey: .final)
        try container.encode(storeCode, forKey: .storeCode)
    }
}
