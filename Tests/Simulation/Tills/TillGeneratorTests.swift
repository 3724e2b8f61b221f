import Foundation
import Receipts
import Testing

@testable import Simulation

struct TillGeneratorTests {
    @Test("every language has a word for everything that a till prints", arguments: TillLocale.allCases)
    func words(locale: TillLocale) {
        #expect(locale.words.missing.isEmpty)
        for layout in TillLayout.allCases { #expect(locale.goods(layout).count == 5) }
    }

    @Test("items and what changes them add up to the total, and what is given to total and change")
    func sums() {
        for layout in TillLayout.allCases {
            for locale in TillLocale.allCases {
                var till = TillGenerator(layout: layout, locale: locale, seed: 1)
                for kind in [DocumentKind.sale, .sale, .return, .sale, .postVoid, .training, .reprint] {
                    let truth = till.print(kind).truth
                    let sum = (truth.items + truth.adjustments).reduce(0) { $0 + $1.amount }
                    #expect(sum == truth.total, "\(layout) \(locale) \(kind)")
                    #expect(truth.tenders.reduce(0) { $0 + $1.amount } - (truth.change ?? 0) == truth.total)
                    #expect(truth.number != nil && truth.issuedAt?.count == 19)
                }
            }
        }
    }

    @Test(
        "every layout in every place is printed without a character that the printer lacks",
        arguments: TillLocale.allCases)
    func characters(locale: TillLocale) {
        for layout in TillLayout.allCases {
            var till = TillGenerator(layout: layout, locale: locale, seed: 2)
            for kind in layout.kinds {
                for element in till.paper(kind) {
                    guard case .line(let text, let style) = element else { continue }
                    // What the page lacks is printed as a question mark; no till here asks anything.
                    let bytes = locale.codePage.encode(text)
                    #expect(!bytes.contains(UInt8(ascii: "?")), "\(layout) \(kind): \(text)")
                    #expect(text.printedColumns * (style.wide ? 2 : 1) <= layout.columns, "\(layout) \(kind): \(text)")
                }
            }
        }
    }

    @Test("the same seed prints the same bytes, another seed others")
    func seeded() {
        func bytes(_ seed: UInt64) -> [UInt8] {
            var till = TillGenerator(layout: .department, locale: .france, seed: seed)
            return (0..<20).flatMap { _ in till.transaction().flatMap(\.bytes) }
        }
        let (one, again, other) = (bytes(1), bytes(1), bytes(2))
        #expect(one == again)
        #expect(one != other)
    }

    @Test("money and dates are printed as the place does")
    func styles() {
        #expect(TillLocale.unitedStates.money(-123_456, variant: 0) == "-$1,234.56")
        #expect(TillLocale.germany.money(123_456_789, variant: 1) == "1.234.567,89 EUR")
        #expect(TillLocale.france.plain(100_005) == "1 000,05")
        #expect(TillLocale.japan.money(12_345, variant: 1) == "12,345円")
        let time = CivilTime(local: 1_793_577_600 + 15 * 3600 + 61)
        #expect(time.iso(toTheMinute: false) == "2026-11-02T15:01:01")
        #expect(TillLocale.unitedStates.printed(time, variant: 0).time == "03:01 PM")
        #expect(TillLocale.japan.printed(time, variant: 2).date == "2026年11月2日")
    }

    @Test("fiscal codes state the printed total", arguments: [TillLocale.austria, .germany, .portugal])
    func fiscal(locale: TillLocale) throws {
        for layout in TillLayout.allCases {
            var till = TillGenerator(layout: layout, locale: locale, seed: 5)
            let truth = till.print(.sale).truth
            let payload = try #require(truth.fiscal)
            let total = try #require(truth.total)
            let point = "\(total / 100).\(CivilTime.two(Int(total % 100)))"
            switch locale {
            case .germany:
                let fields = payload.split(separator: ";", omittingEmptySubsequences: false)
                #expect(fields.count == 12 && fields[3].hasPrefix("Beleg^") && fields[3].contains("^\(point):"))
            case .portugal:
                #expect(payload.contains("*O:\(point)*Q:") && payload.contains(" \(truth.number ?? "?")*H:"))
            default:
                let fields = payload.split(separator: "_")
                #expect(fields.count == 13 && fields[2] == truth.number ?? "")
                let cents = fields[4...8].reduce(Int64(0)) { $0 + (Int64($1.filter { $0 != "," }) ?? 0) }
                #expect(cents == total)
            }
        }
    }
}
