import Foundation

/// Reads the facts of a receipt from its redacted lines, by patterns and words that hold for receipts in general.
struct ReceiptExtractor: Sendable {
    let patterns: CompiledPatterns
    let times: PrintedTimeReader
    let style: DecimalStyle
    /// The store's currency, nil when none is configured.
    let currency: String?
    /// For the configured currency, else for one with two decimals.
    private let reader: AmountReader

    init(patterns: CompiledPatterns, times: PrintedTimeReader, style: DecimalStyle, currency: String?) {
        self.patterns = patterns
        self.times = times
        self.style = style
        self.currency = currency
        reader = AmountReader(style: style, currency: currency ?? "EUR")
    }

    /// The amounts of each line in the currency that the document is in.
    func amounts(of lines: [ReadLine]) -> (currency: String, amounts: [[PrintedAmount]], warnings: [String]) {
        let found = lines.map { reader.amounts(in: $0) }
        guard currency == nil else {
            let dollars = found.joined().contains { $0.ambiguousSign == "$" }
            let known = ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"]
            let warnings =
                dollars && !known.contains(currency ?? "")
                ? ["a $ sign is printed, but the currency is set to \(currency ?? "")"] : []
            return (currency ?? Currency.none, found, warnings)
        }
        if let printed = found.joined().compactMap(\.currency).first
            ?? lines.lazy.compactMap({ bareCurrency($0.text) }).first
        {
            let exact =
                Currency.exponent(printed) == 2
                ? found : lines.map { AmountReader(style: style, currency: printed).amounts(in: $0) }
            return (printed, exact, [])
        }
        if found.joined().contains(where: { $0.ambiguousSign == "$" })
            || lines.contains(where: { $0.text.contains("$") })
        {
            return ("USD", found, ["the currency is not set; $ is taken for USD"])
        }
        let any = found.contains { !$0.isEmpty }
        return (Currency.none, found, any ? ["the currency is neither set nor printed"] : [])
    }

    /// A sign or code that stands apart from the amounts, such as a column heading.
    private func bareCurrency(_ line: String) -> String? {
        if let sign = line.first(where: { Currency.signs[$0] != nil }) { return Currency.signs[sign] }
        return line.split(whereSeparator: { !$0.isLetter }).first { Currency.printed.contains(String($0)) }.map(
            String.init)
    }

    /// `read` are the texts of the lines, `folded` their words, `amounts` what `amounts(of:)` found.
    func facts(
        _ lines: [PrintedLine], read: [ReadLine], folded: [FoldedLine], currency: String, amounts: [[PrintedAmount]]
    ) -> DocumentFacts {
        var facts = DocumentFacts()
        // Once for each line: expressions are what reading a receipt costs.
        let roles = read.map { role(of: $0) }
        facts.amountLines = amounts.count { !$0.isEmpty }
        readMoneyLines(roles, folded, amounts, currency, &facts)
        chooseTotal(lines, roles, folded, amounts, currency, &facts)
        facts.items = ItemReader(currency: currency).items(
            lines.map(\.text), folded: folded, amounts: amounts, until: itemsEnd(roles, amounts, facts))
        facts.number = code(patterns.number, read, skip: patterns.originalNumber)
        facts.originalNumber = code(patterns.originalNumber, read, skip: [])
        facts.till =
            read.lazy.compactMap { line in
                patterns.till.lazy.compactMap { $0.value(in: line).map { String(line.text[$0]) } }.first
            }.first
        readTime(read, folded, &facts)
        weigh(&facts)
        return facts
    }

    // MARK: Money

    /// What a line is to the total.
    private enum Role {
        /// By the pattern of this rank, 0 the strongest.
        case total(rank: Int)
        /// It looks like the total and is none: a subtotal, taxes, savings.
        case notTotal
        case other

        var isTotal: Bool { if case .total = self { true } else { false } }
        var isNotTotal: Bool { if case .notTotal = self { true } else { false } }
    }

    private func role(of line: ReadLine) -> Role {
        if patterns.notTotal.contains(where: { $0.matches(line) }) { return .notTotal }
        return patterns.total.firstIndex { $0.matches(line) }.map { .total(rank: $0) } ?? .other
    }

    private func readMoneyLines(
        _ roles: [Role], _ folded: [FoldedLine], _ amounts: [[PrintedAmount]], _ currency: String,
        _ facts: inout DocumentFacts
    ) {
        let firstTotal = roles.firstIndex(where: \.isTotal)
        for index in roles.indices {
            guard let amount = amounts[index].last else { continue }
            let line = folded[index]
            if roles[index].isNotTotal,
                let word = line.words.first,
                ReceiptExtractor.subtotals.contains(where: { word.hasPrefix($0) })
            {
                facts.subtotal = facts.subtotal ?? amount.minor
            } else if line.containsAny(ReceiptWords.tax), !roles[index].isTotal {
                facts.taxes += amount.minor
            }
            if line.containsAny(ReceiptWords.tip), line.words.count <= 4 {
                facts.tip = facts.tip ?? amount.minor
            } else if line.containsAny(ReceiptWords.rounding), line.words.count <= 4 {
                facts.rounding = facts.rounding ?? amount.minor
            }
            guard let firstTotal, index > firstTotal, !roles[index].isTotal else { continue }
            if line.containsAny(ReceiptWords.change) {
                facts.change = facts.change ?? amount.minor
            } else if let type = ReceiptWords.tenders.first(where: { line.containsAny($0.phrases) })?.type,
                line.words.count <= 8, !roles[index].isNotTotal, facts.tenders.count < 16
            {
                facts.tenders.append(
                    Document.Tender(
                        type: type, amount: Money(minor: amount.minor, currency: amount.currency ?? currency)))
            }
        }
    }

    /// Of all lines that could be the total, the one with the strongest words, confirmed by arithmetic and by the size of
    /// its print; the last of equals.
    private func chooseTotal(
        _ lines: [PrintedLine], _ roles: [Role], _ folded: [FoldedLine], _ amounts: [[PrintedAmount]],
        _ currency: String,
        _ facts: inout DocumentFacts
    ) {
        var best: (score: Int, line: Int, amount: PrintedAmount)?
        let tendered = facts.tenders.reduce(0) { $0 + $1.amount.minor } - abs(facts.change ?? 0)
        for index in lines.indices {
            guard case .total(let rank) = roles[index] else { continue }
            guard let amount = amounts[index].last ?? loneAmount(after: index, folded, amounts) else { continue }
            var score = 4 * (patterns.total.count - rank)
            if lines[index].large { score += 3 }
            if tendered != 0, amount.minor == tendered { score += 5 }
            if let subtotal = facts.subtotal,
                amount.minor == subtotal + facts.taxes + (facts.tip ?? 0) + (facts.rounding ?? 0)
            {
                score += 2
            }
            if best == nil || score >= best?.score ?? 0 { best = (score, index, amount) }
        }
        guard let best else { return }
        facts.total = Money(minor: best.amount.minor, currency: best.amount.currency ?? currency)
        facts.totalLine = best.line
    }

    /// The label in one line and the amount alone in the next.
    private func loneAmount(after index: Int, _ folded: [FoldedLine], _ amounts: [[PrintedAmount]]) -> PrintedAmount? {
        guard index + 1 < amounts.count, amounts[index + 1].count == 1 else { return nil }
        return folded[index + 1].words.allSatisfy { !$0.contains(where: \.isLetter) || $0.count == 3 }
            ? amounts[index + 1].first : nil
    }

    /// Items end at the first subtotal or total.
    private func itemsEnd(_ roles: [Role], _ amounts: [[PrintedAmount]], _ facts: DocumentFacts) -> Int {
        roles.indices.first { !amounts[$0].isEmpty && (roles[$0].isTotal || roles[$0].isNotTotal) }
            ?? facts.totalLine ?? roles.count
    }

    /// Set below what the simulated tills reach (Tests/Gateway/TillFiguresTests), because real paper is worse.
    private func weigh(_ facts: inout DocumentFacts) {
        func set(_ field: DocumentField, _ found: Bool, _ confidence: Double) {
            if found { facts.evidence[field] = FieldEvidence(source: .generic, confidence: confidence) }
        }
        set(.number, facts.number != nil, 0.8)
        set(.originalNumber, facts.originalNumber != nil, 0.7)
        set(.issuedAt, facts.time != nil, 0.9)
        set(.total, facts.total != nil, 0.8)
        set(.items, !facts.items.isEmpty, 0.7)
        set(.tenders, !facts.tenders.isEmpty, 0.7)
    }

    // MARK: Numbers and times

    private func code(_ expressions: [LinePattern], _ lines: [ReadLine], skip: [LinePattern])
        -> String?
    {
        let candidates = lines.filter { line in !skip.contains { $0.matches(line) } }
        for expression in expressions {
            for line in candidates {
                guard let range = expression.value(in: line) else { continue }
                var value = line.text[range]
                while let last = value.last, last == "." || last == "-" || last == "/" || last == "_" {
                    value.removeLast()
                }
                let text = String(value)
                guard !text.isEmpty, text.count <= 64, !looksLikeTimeOrAmount(text) else { continue }
                return text
            }
        }
        return nil
    }

    private func looksLikeTimeOrAmount(_ text: String) -> Bool {
        let parts = text.split { "./-,".contains($0) }
        if parts.count == 3, parts.allSatisfy({ Int($0) != nil }), times.read(text) != nil { return true }
        return parts.count == 2 && text.contains(".") && parts.allSatisfy { Int($0) != nil } && parts[1].count == 2
    }

    /// The first date with a time of day; offers that end some day are not the date of issue.
    private func readTime(_ lines: [ReadLine], _ folded: [FoldedLine], _ facts: inout DocumentFacts) {
        var dated: (index: Int, finding: PrintedTimeReader.Finding)?
        for expression in patterns.date {
            for line in lines {
                if let range = expression.value(in: line), let finding = times.read(String(line.text[range])) {
                    return accept(finding, &facts)
                }
            }
        }
        for index in lines.indices {
            guard let finding = times.read(lines[index]), !folded[index].containsAny(ReceiptExtractor.otherDates) else {
                continue
            }
            if finding.time.second != nil { return accept(finding, &facts) }
            if dated == nil { dated = (index, finding) }
        }
        guard var (index, finding) = dated else { return }
        for near in [index + 1, index - 1, index + 2, index - 2] where lines.indices.contains(near) {
            guard let second = times.timeOfDay(in: lines[near]) else { continue }
            finding.time.second = second
            break
        }
        if finding.time.second == nil { index = -1 }
        accept(finding, &facts)
    }

    private func accept(_ finding: PrintedTimeReader.Finding, _ facts: inout DocumentFacts) {
        facts.time = finding.time
        if finding.againstSetting {
            facts.warnings.append(
                times.dayFirst
                    ? "the date reads only with the month first; day_first is set"
                    : "the date reads only with the day first; day_first is not set")
        }
        if finding.time.second == nil { facts.warnings.append("a date is printed without a time of day") }
    }

    private static let subtotals = ["SUB", "ZWISCHEN", "SOUS", "TUSSEN", "DELSUMM", "MELLANSUMM", "小計"]
    private static let otherDates = Phrases(
        """
        VALID
        EXP
        EXPIRES
        UNTIL
        GULTIG
        BIS
        VALABLE
        JUSQU
        VALIDO
        VALIDA
        HASTA
        FINO
        GELDIG
        ATE
        OPENING
        ORIGINAL
        GILTIG
        有効期限
        """)
}
