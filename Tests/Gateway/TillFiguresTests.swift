import Foundation
import Receipts
import Testing

@testable import Gateway
@testable import Simulation

/// The simulated tills, eight layouts in eight places, read by general rules and by the shipped templates.
@Suite("receipts of the simulated tills")
struct TillFiguresTests {
    static let templates: URL = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("config/templates")

    static func configuration(_ locale: TillLocale, templates: [ReceiptTemplate] = []) throws
        -> ReceiptDecoderConfiguration
    {
        var configuration = try ReceiptDecoderConfiguration(
            dialectName: "escpos", codePagesName: locale.codePagesName, currency: locale.currency,
            dayFirst: locale.dayFirst)
        configuration.decimals = locale.decimals
        configuration.templates = templates
        configuration.ownCardPrefixes = TillGenerator.ownCardPrefixes
        configuration.timeZone = TimeZone(
            identifier: locale == .portugal ? "Europe/Lisbon" : locale == .germany ? "Europe/Berlin" : "Europe/Vienna")
        return configuration
    }

    static func template(_ layout: TillLayout) throws -> ReceiptTemplate {
        try TemplateFile.load(templates.appendingPathComponent("\(layout.rawValue).yaml").path).template
    }

    /// Share and examples.
    struct Score {
        var right = 0
        var all = 0
        var wrong: [String] = []

        mutating func count(_ holds: Bool, _ example: @autoclosure () -> String) {
            all += 1
            if holds { right += 1 } else if wrong.count < 12 { wrong.append(example()) }
        }

        var share: Double { all == 0 ? 1 : Double(right) / Double(all) }
    }

    @Test("the general rules alone, without fiscal codes, find 95 % of the totals and 99 % of the dates")
    func generic() throws {
        var total = Score()
        var date = Score()
        var number = Score()
        for layout in TillLayout.allCases {
            for locale in TillLocale.allCases {
                var till = TillGenerator(layout: layout, locale: locale, seed: 4)
                till.printsFiscalCode = false
                var configuration = try Self.configuration(locale)
                configuration.timeZone = nil
                for _ in 0..<3 {
                    let print = till.print(.sale)
                    let document = try ReceiptDecoder.documents(inCapture: print.bytes, configuration: configuration)
                        .first
                    let place = "\(layout.rawValue) \(locale.rawValue)"
                    guard let document, document.fiscal == nil else {
                        total.count(false, place)
                        continue
                    }
                    total.count(
                        document.total?.minor == print.truth.total,
                        "\(place): \(document.total?.minor ?? -1) for \(print.truth.total ?? -1)")
                    date.count(
                        document.issuedAt?.prefix(16) == print.truth.issuedAt?.prefix(16),
                        "\(place): \(document.issuedAt ?? "-") for \(print.truth.issuedAt ?? "-")")
                    number.count(
                        document.number == print.truth.number,
                        "\(place): \(document.number ?? "-") for \(print.truth.number ?? "-")")
                }
            }
        }
        print(
            "FIGURE generic rules: total \(total.right), date \(date.right), number \(number.right) of \(total.all)")
        #expect(total.share >= 0.95, "\(total.wrong)")
        #expect(date.share >= 0.99, "\(date.wrong)")
        #expect(number.share >= 0.9, "\(number.wrong)")
    }

    /// What the paper says of goods: the document's items without the lines that change the total.
    private static func goods(_ document: Document, _ truth: PrintTruth) -> [PrintTruth.Item] {
        var adjustments = truth.adjustments.map { ($0.text.filter { $0 != " " }, $0.amount) }
        return document.items.compactMap { item -> PrintTruth.Item? in
            let key = (item.text.filter { $0 != " " }, item.amount.minor)
            if let index = adjustments.firstIndex(where: { $0 == key }) {
                adjustments.remove(at: index)
                return nil
            }
            return PrintTruth.Item(text: item.text, quantity: item.quantity, amount: item.amount.minor)
        }
    }

    @Test("with its template every till's numbers, times, totals and items are right", arguments: TillLayout.allCases)
    func template(layout: TillLayout) throws {
        let template = try Self.template(layout)
        var score = Score()
        for locale in TillLocale.allCases {
            var till = TillGenerator(layout: layout, locale: locale, seed: 5)
            let configuration = try Self.configuration(locale, templates: [template])
            for kind in [DocumentKind.sale, .return, .sale] {
                let print = till.print(kind)
                let truth = print.truth
                let documents = try ReceiptDecoder.documents(inCapture: print.bytes, configuration: configuration)
                let document = try #require(documents.first)
                let goods = Self.goods(document, truth)
                let wrong = [
                    document.number == truth.number
                        ? nil : "number \(document.number ?? "-") for \(truth.number ?? "-")",
                    document.issuedAt?.prefix(16) == truth.issuedAt?.prefix(16)
                        ? nil : "time \(document.issuedAt ?? "-") for \(truth.issuedAt ?? "-")",
                    document.total?.minor == truth.total
                        ? nil : "total \(document.total?.minor ?? -1) for \(truth.total ?? -1)",
                    goods == truth.items ? nil : "items \(goods) for \(truth.items)",
                    document.originalNumber == truth.originalNumber
                        ? nil : "original \(document.originalNumber ?? "-") for \(truth.originalNumber ?? "-")",
                    document.template == nil ? "no template" : nil,
                    // An article number may read like a card's: that is for the redaction to be careful about.
                    document.warnings.filter { !$0.contains("card number") }.isEmpty ? nil : "\(document.warnings)",
                ].compactMap { $0 }
                score.count(wrong.isEmpty, "\(locale.rawValue) \(kind): \(wrong) \(document.lines)")
            }
        }
        #expect(score.right == score.all, "\(score.wrong.prefix(2))")
    }

    /// A flipped bit can turn a digit of a number or a date into another: no reader of text can know. In amounts the
    /// arithmetic says it.
    @Test("a receipt that lost or gained bytes is not read wrong without a word")
    func faults() throws {
        var silent: [LineFault: Int] = [:]
        var count = 0
        var examples: [String] = []
        for layout in TillLayout.allCases {
            let template = try Self.template(layout)
            for locale in [TillLocale.unitedStates, .germany, .france, .sweden] {
                for fault in LineFault.allCases where fault != .flippedBit {
                    var till = TillGenerator(layout: layout, locale: locale, seed: 6)
                    let transcript = till.transcript(count: 3, fault: fault)
                    var configuration = try Self.configuration(locale, templates: [template])
                    configuration.startsSynchronised = true
                    let bytes = transcript.pieces.flatMap(\.bytes)
                    let documents = try ReceiptDecoder.documents(inCapture: bytes, configuration: configuration)
                    let truths = transcript.prints.map(\.truth)
                    for document in documents where document.complete && document.warnings.isEmpty {
                        count += 1
                        let right = truths.contains {
                            // What is missing is not wrong.
                            (document.number == nil || $0.number == document.number)
                                && (document.total == nil || $0.total == document.total?.minor)
                                && (document.issuedAt == nil
                                    || $0.issuedAt?.prefix(16) == document.issuedAt?.prefix(16))
                        }
                        if !right {
                            silent[fault, default: 0] += 1
                            if examples.count < 6 {
                                examples.append(
                                    "\(layout) \(locale) \(fault) \(document.number ?? "-") \(document.issuedAt ?? "-") \(document.total?.minor ?? -1) \(document.lines)"
                                )
                            }
                        }
                    }
                }
            }
        }
        #expect(silent.isEmpty, "\(examples)")
    }

    @Test(
        "the fiscal code of each country says what the print says",
        arguments: [TillLocale.austria, .germany, .portugal])
    func fiscal(locale: TillLocale) throws {
        for layout in TillLayout.allCases {
            let template = try Self.template(layout)
            var till = TillGenerator(layout: layout, locale: locale, seed: 7)
            let configuration = try Self.configuration(locale, templates: [template])
            for _ in 0..<3 {
                let print = till.print(.sale)
                let document = try #require(
                    try ReceiptDecoder.documents(inCapture: print.bytes, configuration: configuration).first)
                let record = try #require(document.fiscal)
                #expect(record.total == print.truth.total)
                #expect(document.evidence[.total]?.source == .fiscal)
                #expect(!document.warnings.contains { $0.contains("fiscal") }, "\(document.warnings)")
                #expect(document.number == print.truth.number)
                if locale != .germany { #expect(record.number?.hasSuffix(print.truth.number ?? "?") == true) }
                switch record.issued {
                case .local(let text): #expect(text.prefix(16) == print.truth.issuedAt?.prefix(16))
                case .date(let text): #expect(text == print.truth.issuedAt.map { String($0.prefix(10)) })
                case .instant, nil: #expect(locale == .germany)
                }
            }
        }
    }
}
