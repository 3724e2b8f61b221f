/// Where a field of a document was read, and how far it can be relied on.
package struct FieldEvidence: Sendable, Hashable, Codable {
    package enum Source: String, Sendable, Hashable, Codable, CaseIterable {
        /// The till sent records instead of print.
        case journal
        /// A signature that the law puts on receipts.
        case fiscal
        /// A template of the till.
        case template
        /// Rules that hold for receipts in general.
        case generic
    }

    package var source: Source
    /// How likely the reading is right, 0 to 1, to two decimals: a value set for each source, moved by what arithmetic
    /// confirms or contradicts. It orders readings; it is no measured frequency.
    package private(set) var confidence: Double

    package init(source: Source, confidence: Double) {
        self.source = source
        self.confidence = FieldEvidence.rounded(confidence)
    }

    /// Another independent reading says the same.
    mutating func confirm() { confidence = FieldEvidence.rounded(1 - (1 - confidence) / 5) }

    /// Another reading, or the arithmetic, says otherwise.
    mutating func doubt() { confidence = FieldEvidence.rounded(confidence * 0.5) }

    /// Something is missing beside it.
    mutating func weaken() { confidence = FieldEvidence.rounded(confidence * 0.9) }

    private static func rounded(_ value: Double) -> Double { (min(0.99, max(0, value)) * 100).rounded() / 100 }
}

/// The fields that are extracted one by one.
package enum DocumentField: String, Sendable, Hashable, Codable, CaseIterable {
    case number
    case originalNumber = "original_number"
    case issuedAt = "issued_at"
    case total, items, tenders
}
