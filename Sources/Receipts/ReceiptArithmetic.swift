/// Whether a document's amounts agree with each other: what one damaged digit breaks.
struct ReceiptArithmetic: Sendable {
    /// The named checks that the document has the amounts for, and whether each holds.
    private(set) var results: [Check: Bool] = [:]

    enum Check: String, Sendable, Hashable, CaseIterable {
        /// The items add up to the total, or to the subtotal.
        case items
        /// The payments less the change are the total.
        case tenders
        /// Subtotal and taxes are the total.
        case taxes
        /// The fiscal code has the printed total.
        case fiscal
    }

    init(_ facts: DocumentFacts, fiscal: FiscalRecord?) {
        guard let total = facts.total?.minor else { return }
        let rounding = facts.rounding ?? 0
        if !facts.items.isEmpty {
            let sum = facts.items.reduce(Int64(0)) { $0 &+ $1.amount.minor }
            let added = sum &+ (facts.tip ?? 0) &+ rounding
            results[.items] =
                sum == total || added == total || added &+ facts.taxes == total || sum &+ facts.taxes == total
                || facts.subtotal == sum
                || -sum == total && total < 0
        }
        if !facts.tenders.isEmpty {
            let paid = facts.tenders.reduce(Int64(0)) { $0 &+ $1.amount.minor }
            let change = abs(facts.change ?? 0)
            results[.tenders] = [total, -total, total &+ rounding].contains {
                paid - change == $0 || -paid - change == $0
            }
        }
        if let subtotal = facts.subtotal, facts.taxes != 0 {
            let holds = subtotal &+ facts.taxes == total || subtotal == total || subtotal &+ rounding == total
            // Discounts may stand between a subtotal and the total: then the items decide.
            if holds || results[.items] != true { results[.taxes] = holds }
        }
        if let signed = fiscal?.total {
            results[.fiscal] = facts.total?.currency == "EUR" && abs(signed) == abs(total)
        }
    }

    /// Checks that hold, of those that could be made; nil when none could.
    var score: Double? {
        results.isEmpty ? nil : Double(results.values.count { $0 }) / Double(results.count)
    }

    var warnings: [String] {
        Check.allCases.filter { results[$0] == false }.map { check in
            switch check {
            case .items: "the items do not add up to the total"
            case .tenders: "the payments less the change are not the total"
            case .taxes: "the subtotal and the taxes do not add up to the total"
            case .fiscal: "the fiscal code has another total than the print"
            }
        }
    }

    /// Raises what the checks confirm and lowers what they contradict.
    func weigh(_ evidence: inout [DocumentField: FieldEvidence]) {
        func weigh(_ field: DocumentField, by checks: [Check]) {
            let known = checks.compactMap { results[$0] }
            guard !known.isEmpty else { return }
            if known.contains(true) { evidence[field]?.confirm() } else { evidence[field]?.doubt() }
        }
        weigh(.total, by: [.items, .tenders, .taxes, .fiscal])
        weigh(.items, by: [.items])
        weigh(.tenders, by: [.tenders])
    }
}
