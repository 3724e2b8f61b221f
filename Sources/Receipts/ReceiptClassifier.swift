import Foundation

/// Says what a document is, from its words, its amounts and what was printed beside text.
struct ReceiptClassifier: Sendable {
    let patterns: CompiledPatterns

    /// `folded` are the lines as words, `amounts` what they hold.
    func classify(
        _ document: RawDocument, lines: [ReadLine], folded: [FoldedLine], facts: DocumentFacts,
        amounts: [[PrintedAmount]]
    ) -> DocumentKind {
        if let kind = configured(lines) { return kind }
        if lines.isEmpty, document.rasterBytes == 0, document.drawerPulses > 0, document.symbols.isEmpty {
            return .noSale
        }
        // A short receipt under a large logo is still a receipt.
        if document.rasterBytes > 0, lines.isEmpty || (document.isImage && facts.total == nil) { return .raster }
        let headings = zip(folded, amounts).filter { $0.1.isEmpty && !$0.0.words.isEmpty }.map(\.0)
        func says(_ phrases: Phrases) -> Bool { headings.contains { isHeading($0, phrases) } }

        if says(DocumentKindWords.training) { return .training }
        if headings.contains(where: {
            isHeading($0, DocumentKindWords.reprint) && !$0.containsAny(DocumentKindWords.partyCopy)
        }) {
            return .reprint
        }
        let voided = says(DocumentKindWords.void)
        if says(DocumentKindWords.postVoid) || (voided && facts.originalNumber != nil) { return .postVoid }
        if voided { return .void }
        if says(DocumentKindWords.report) { return .report }
        if facts.items.isEmpty || facts.total == nil {
            if says(DocumentKindWords.payIn) || firstLine(folded, says: DocumentKindWords.payIn) { return .payIn }
            if says(DocumentKindWords.payOut) || firstLine(folded, says: DocumentKindWords.payOut) { return .payOut }
        }
        if facts.total == nil, facts.items.isEmpty, says(DocumentKindWords.noSale) { return .noSale }
        if facts.items.count <= 1, facts.tenders.isEmpty, cardWords(folded) >= 3 { return .cardSlip }
        if let kind = returned(facts, headings: headings) { return kind }
        if facts.total != nil { return .sale }
        return withoutTotal(document, folded: folded, facts: facts)
    }

    private func configured(_ lines: [ReadLine]) -> DocumentKind? {
        for (kind, expression) in patterns.kinds where lines.contains(where: { expression.matches($0) }) { return kind }
        return nil
    }

    /// A line that is hardly more than the phrase: terms and conditions use the same words in sentences.
    private func isHeading(_ line: FoldedLine, _ phrases: Phrases) -> Bool {
        line.containsAny(phrases)
            && phrases.all.contains { phrase in
                guard line.words.count <= phrase.count + 4, line.contains(phrase) else { return false }
                return line.words.allSatisfy { phrase.contains($0) || !ReceiptWords.terms.contains($0) }
            }
    }

    private func firstLine(_ folded: [FoldedLine], says phrases: Phrases) -> Bool {
        folded.prefix(8).contains { $0.words.count <= 6 && $0.containsAny(phrases) }
    }

    private func cardWords(_ folded: [FoldedLine]) -> Int {
        folded.reduce(into: Set<Int>()) { $0.formUnion($1.places(of: DocumentKindWords.cardSlip)) }.count
    }

    private func returned(_ facts: DocumentFacts, headings: [FoldedLine]) -> DocumentKind? {
        let headed = headings.contains { isHeading($0, DocumentKindWords.refund) }
        if headings.contains(where: { isHeading($0, DocumentKindWords.exchange) }), facts.total != nil {
            return .exchange
        }
        guard facts.total != nil else { return headed && facts.amountLines > 0 ? .return : nil }
        if let total = facts.total, total.minor < 0 { return .return }
        guard headed else { return nil }
        // Goods that came back and goods that went out on one receipt.
        let negative = facts.items.contains { $0.amount.minor < 0 }
        let positive = facts.items.contains { $0.amount.minor > 0 }
        return negative && positive ? .exchange : .return
    }

    private func withoutTotal(_ document: RawDocument, folded: [FoldedLine], facts: DocumentFacts) -> DocumentKind {
        let quantities = folded.count { line in
            line.words.count > 1 && (Int(line.words[0]) ?? Int(line.words[0].dropLast()) ?? 0) > 0
                && line.words[1].contains(where: \.isLetter)
        }
        let kitchen = folded.contains { $0.words.count <= 5 && $0.containsAny(DocumentKindWords.kitchen) }
        if facts.amountLines == 0, quantities >= (kitchen ? 1 : 3), quantities * 4 >= folded.count { return .kitchen }
        if folded.contains(where: { $0.words.count <= 8 && $0.containsAny(DocumentKindWords.coupon) }) {
            return .coupon
        }
        return .unknown
    }
}
