import Foundation
import Subjects

/// Turns what was printed into a document: redaction first, then everything else on redacted lines only.
struct ReceiptReader: Sendable {
    let cards: CardRedactor
    let personal = PersonalRedactor.shared
    let keys: ReceiptKeys
    let extractor: ReceiptExtractor
    let classifier: ReceiptClassifier
    let till: TillID?

    /// In the order in which they are tried, each with the rules that fill what it leaves out.
    private let layouts: [Layout]
    private let codes: [ReceiptKeys.Code]
    private let timeZone: TimeZone?

    private struct Layout: Sendable {
        let template: CompiledTemplate
        let codes: [ReceiptKeys.Code]
        let extractor: ReceiptExtractor
    }

    init(_ configuration: ReceiptDecoderConfiguration, patterns: CompiledPatterns) throws(PatternError) {
        cards = CardRedactor(ownPrefixes: configuration.ownCardPrefixes)
        keys = ReceiptKeys(patterns: patterns, hasher: configuration.hasher)
        extractor = ReceiptExtractor(
            patterns: patterns, times: PrintedTimeReader(dayFirst: configuration.dayFirst),
            style: configuration.decimals,
            currency: configuration.currency)
        classifier = ReceiptClassifier(patterns: patterns)
        till = configuration.till
        timeZone = configuration.timeZone
        let own = try ReceiptKeys.compile(configuration.codes)
        codes = own
        var layouts: [Layout] = []
        // A stable order: equal priorities stay in the order of the configuration.
        let ordered = configuration.templates.enumerated().sorted {
            ($1.element.priority, $0.offset) < ($0.element.priority, $1.offset)
        }
        for (_, template) in ordered {
            layouts.append(
                Layout(
                    template: try CompiledTemplate(template),
                    codes: try ReceiptKeys.compile(template.codes) + own,
                    extractor: ReceiptExtractor(
                        patterns: patterns,
                        times: PrintedTimeReader(dayFirst: template.dayFirst ?? configuration.dayFirst),
                        style: template.decimals ?? configuration.decimals,
                        currency: template.currency ?? configuration.currency)))
        }
        self.layouts = layouts
    }

    /// - Parameter watch: remembers which long numbers the till printed lately.
    func read(_ raw: RawDocument, watch: inout CardWatch) -> Document {
        if let record = raw.journal { return read(record, raw) }
        var redactions = Redactions()
        var sightings = CardSightings()
        let printed = raw.lines.map { ReadLine($0.text) }
        var read = cards.redact(printed, counts: &redactions, sightings: &sightings)
        let cardEvidence = watch.judge(sightings)
        var warnings = maskedKeys(printed, read)
        let fiscal = fiscal(raw, read, &warnings)
        let layout = layouts.first { $0.template.fits(read) }
        // Data of symbols stays in the decoder; a card number in it must not even become a code.
        let symbols = raw.symbols.map(\.text).filter { !cards.holdsCard($0) }
        let found = keys.take(from: &read, symbols: symbols, codes: layout?.codes ?? codes, counts: &redactions)
        read = personal.redact(read, counts: &redactions)

        let texts = read.map { $0.text }
        let folded = texts.map { FoldedLine($0) }
        let lines = zip(texts, raw.lines).map { $1.with(text: $0) }
        let extractor = layout?.extractor ?? extractor
        let (currency, amounts, currencyWarnings) = extractor.amounts(of: read)
        var facts = extractor.facts(lines, read: read, folded: folded, currency: currency, amounts: amounts)
        var extras: [String: String] = [:]
        if let layout {
            let reading = TemplateReader(
                template: layout.template, amounts: AmountReader(style: extractor.style, currency: currency),
                times: extractor.times, currency: currency
            ).read(lines, read: read)
            facts.adopt(reading, of: layout.template.template)
            extras = reading.extras
        }
        let arithmetic = ReceiptArithmetic(facts, fiscal: fiscal)
        arithmetic.weigh(&facts.evidence)
        facts.warnings += arithmetic.warnings
        if let fiscal { facts.adopt(fiscal, timeZone: timeZone) }
        for kind in found.misread {
            facts.warnings.append("a \(kind.rawValue) code fails its check digit")
        }
        warnings += currencyWarnings + facts.warnings + conditions(raw, redactions)
        if raw.isImage, facts.total == nil {
            warnings.append("the till prints images instead of text; choose a text driver")
        }
        let kind =
            layout?.template.kind(of: read)
            ?? classifier.classify(raw, lines: read, folded: folded, facts: facts, amounts: amounts)
        if !layouts.isEmpty, layout == nil, [.sale, .return, .exchange].contains(kind) {
            warnings.append("no template of this till fits")
        }
        let whole = !raw.beganLate && raw.truncatedBytes == 0 && !raw.overlong
        var document = Document(
            kind: fiscal.map { kind.asSigned($0.nature) } ?? kind,
            till: till ?? facts.till.map { TillID($0) },
            number: facts.number,
            originalNumber: facts.originalNumber,
            issuedAt: facts.time?.dateTime,
            issuedDate: facts.time?.date,
            total: facts.total,
            tenders: facts.tenders,
            items: facts.items,
            loyalty: found.loyalty,
            coupons: found.coupons,
            orders: found.orders,
            surveys: found.surveys,
            extras: extras,
            evidence: facts.evidence,
            template: layout.map { "\($0.template.template.name)@\($0.template.template.version)" },
            arithmetic: arithmetic.score,
            fiscal: fiscal,
            cashier: found.cashier,
            lines: texts,
            commands: .init(known: raw.known, unknown: raw.unknown),
            complete: whole && isEnded(raw, hasTotal: facts.total != nil),
            cardEvidence: cardEvidence,
            redactions: redactions,
            warnings: warnings,
            firstByte: raw.firstByte,
            lastByte: raw.lastByte,
            bodyHash: BodyHash.of(texts, folded: folded))
        if !document.complete {
            for field in DocumentField.allCases { document.evidence[field]?.weaken() }
        }
        return document
    }

    /// The signature is read before its data is searched for cards: a signature's digits may look like one. What is kept of
    /// it is looked at instead.
    private func fiscal(_ raw: RawDocument, _ lines: [ReadLine], _ warnings: inout [String]) -> FiscalRecord? {
        let (record, found) = FiscalReader.read(symbols: raw.symbols.map(\.text), lines: lines)
        warnings += found
        guard var record else { return nil }
        if let till = record.till, cards.holdsCard(till) { record.till = nil }
        if let number = record.number, cards.holdsCard(number) { record.number = nil }
        return record
    }

    /// A document that a cut or a last line ended is whole; one that silence or the next one ended is, if it came as far
    /// as its total.
    private func isEnded(_ raw: RawDocument, hasTotal: Bool) -> Bool {
        switch raw.ending {
        case .boundary: true
        case .implied, .reset: hasTotal
        case .broken: false
        }
    }

    /// A loyalty number that reads like a payment card is masked like one: the till's configuration can say better.
    private func maskedKeys(_ printed: [ReadLine], _ redacted: [ReadLine]) -> [String] {
        let lost = zip(printed, redacted).contains { before, after in
            before.text != after.text && keys.patterns.loyalty.contains { $0.matches(before) && !$0.matches(after) }
        }
        return lost ? ["a loyalty number reads like a payment card and was masked; set own_card_prefixes"] : []
    }

    func conditions(_ raw: RawDocument, _ redactions: Redactions) -> [String] {
        var warnings: [String] = []
        if raw.beganLate { warnings.append("listening began in the middle of this document") }
        switch raw.ending {
        case .boundary: break
        case .implied: warnings.append("no cut at its end")
        case .reset: warnings.append("no cut at its end: the printer was reset")
        case .broken: warnings.append("the stream ended without a cut")
        }
        if raw.truncatedBytes > 0 { warnings.append("\(raw.truncatedBytes) bytes of a broken command were given up") }
        if raw.overlong { warnings.append("the document was too long and was closed") }
        if raw.unreadable { warnings.append("some text is in characters that cannot be read") }
        if redactions.pan + redactions.track > 0 {
            warnings.append("digits that read like a full card number were masked")
        }
        return warnings
    }
}

extension DocumentKind {
    /// What the document is when its signature says so: the law's words outweigh those of the layout.
    fileprivate func asSigned(_ nature: FiscalRecord.Nature) -> DocumentKind {
        switch (nature, self) {
        case (_, .reprint): .reprint
        case (.training, _): .training
        case (.cancelled, _): .postVoid
        case (.aborted, _): .void
        case (.credit, .sale), (.credit, .unknown): .return
        case (.sale, .unknown): .sale
        default: self
        }
    }
}

/// A fingerprint of a document's text that copies share.
enum BodyHash {
    /// FNV-1a over 128 bits (draft-eastlake-fnv), 32 hex digits. Not secret and not meant to be: the lines are redacted.
    static func of(_ lines: [String]) -> String { of(lines, folded: lines.map { FoldedLine($0) }) }

    /// `folded` are the lines as words.
    static func of(_ lines: [String], folded: [FoldedLine]) -> String {
        var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013b
        for (line, folded) in zip(lines, folded) {
            if folded.words.count <= 4, folded.containsAny(ReceiptWords.reprint) { continue }
            guard !folded.words.isEmpty else { continue }
            for byte in line.utf8 where byte != 0x20 && byte != 0x2A {
                hash = (hash ^ UInt128(byte)) &* prime
            }
            hash = (hash ^ 0x0A) &* prime
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
