import Foundation
import Simulation
import Testing

@testable import Receipts

/// What a line must hold for an expression to match is worked out from the expression; here both are asked about lines of
/// tills, whole and damaged.
@Suite("lines that an expression cannot match are passed over")
struct LinePatternTests {
    /// Every expression that the room brings along.
    static let patterns: [String] = {
        let standard = ReceiptPatterns.standard
        return standard.number + standard.originalNumber + standard.total + standard.notTotal + standard.loyalty
            + standard.coupon + standard.order + standard.cashier + standard.till
            + PersonalRedactor.sources.map { $0.1 }
    }()

    /// Lines of the simulated tills, and what noise and other scripts could make of them.
    static let lines: [String] = {
        var random = Seeded(19)
        var lines: [String] = [
            "STRASSE 1", "Straße 12", "GRO\u{1E9E}E SUMME 3,50", "ſumme 12,00", "RECEIPT N\u{212A}12",
            "Tele\u{FB01}n 0301234567",
            "İTEM TOTAL 5.00", "e\u{301}t tel\u{301}. 030 1234567", "ＴＯＴＡＬ １２．００", "KASSENBON\u{A0}NR.\u{A0}12",
            "TÉL: 01 23 45 67 89",
            "NUMÉRO 12", "№ 5", "ticket n° 12", "Gültig bis 12/27", "GÜLTIG BIS 12/27", "Prüfziffer 123", "合計 1,200",
            "ISſUE 5",
        ]
        for layout in TillLayout.allCases {
            for locale in TillLocale.allCases {
                var till = TillGenerator(layout: layout, locale: locale, seed: 3)
                var configuration = Print.configuration(currency: nil)
                configuration.codePages = CodePageProfile(name: locale.codePagesName) ?? .epson
                for kind in [DocumentKind.sale, .return] {
                    let documents = try? ReceiptDecoder.documents(
                        inCapture: till.print(kind).bytes, configuration: configuration)
                    lines += (documents ?? []).flatMap(\.lines)
                }
            }
        }
        let letters = Array("AEINORSTaeinorst0123456789    .,:/-#*@+()€ßſ\u{212A}éÉ円計様ﬁ_°º".unicodeScalars)
        let words = [
            "total", "Receipt", "no", "tel", "Beleg-Nr", "kunde:", "card", "loyalty", "code", "order", "EXP", "cvv",
            "@", "storno",
        ]
        for line in lines.shuffled(using: &random).prefix(1500) {
            var scalars = Array(line.unicodeScalars)
            for _ in 0..<3 where !scalars.isEmpty {
                let place = Int.random(in: 0..<scalars.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: scalars.remove(at: place)
                case 1: scalars.insert(letters.randomElement(using: &random) ?? " ", at: place)
                case 2: scalars[place] = letters.randomElement(using: &random) ?? " "
                default:
                    scalars.insert(contentsOf: (words.randomElement(using: &random) ?? "").unicodeScalars, at: place)
                }
            }
            lines.append(String(String.UnicodeScalarView(scalars)))
        }
        return lines
    }()

    @Test("what an expression matches, its needs let through", arguments: LinePatternTests.patterns)
    func nothingIsMissed(pattern: String) throws {
        let compiled = try #require(LinePattern(pattern))
        for line in LinePatternTests.lines where compiled.expression.matches(line) {
            #expect(compiled.mayMatch(ReadLine(line)), "\(line)")
        }
    }

    @Test("on printed lines an expression is spared nine lines of ten")
    func mostAreSpared() throws {
        let compiled = try LinePatternTests.patterns.map { try #require(LinePattern($0)) }
        var met = 0
        var all = 0
        for line in LinePatternTests.lines {
            let read = ReadLine(line)
            met += compiled.count { $0.mayMatch(read) }
            all += compiled.count
        }
        print("FIGURE lines that meet an expression: \(Double(met * 1000 / all) / 10) % of \(all)")
        #expect(met * 10 < all)
    }

    @Test(
        "needs are never more than the expression says",
        arguments: [
            ("a|b", "b"), ("(?:total)?x", "x"), ("tot(?:al)*", "tot"), ("t{2}", "tt"), ("\\btotal\\b", "(TOTAL)"),
            ("\\bstrasse", "Straße"), ("stra(?=s)sse", "straße"), ("(?!total)x", "x"), ("[ab]c", "BC"), ("[^a]c", "dc"),
            ("(?<name>sum)me", "SUMME"), ("\\Qa.b\\E", "a.b"), ("(?-i)x", "x"), ("x(?#note)", "x"), ("\\x41", "a"),
            ("\\d{3}", "１２３"), ("[[:alpha:]]5", "a5"), ("k", "\u{212A}"), ("fi", "\u{FB01}"), ("a\\.b", "a.b"),
            ("ä", "Ä"),
            ("合計", "合計"), ("(a)\\1", "aa"), ("total\\b.*[0-9]{2}", "total 12"), ("\\u0041b", "ab"),
            ("^\\s*no\\s*$", " NO "),
            ("_a\\b", "x_a"), ("a\\b", "a\u{301} "), ("x{0}y", "y"),
        ])
    func never(pattern: String, line: String) throws {
        let compiled = try #require(LinePattern(pattern))
        if compiled.expression.matches(line) { #expect(compiled.mayMatch(ReadLine(line))) }
    }

    @Test("a line without a word that the expression needs is passed over")
    func passesOver() throws {
        let total = try #require(LinePattern(#"\b(?:total|summe)\b"#))
        #expect(!total.mayMatch(ReadLine("LEATHER BAG  129.00")))
        #expect(!total.mayMatch(ReadLine("SUBTOTALS  129.00")))
        #expect(total.mayMatch(ReadLine("total: 5")))
        let number = try #require(LinePattern(#"\breceipt\s*(?:no|nr)\s*([0-9]{3})"#))
        #expect(!number.mayMatch(ReadLine("Receipt no 12")))
        #expect(!number.mayMatch(ReadLine("Order no 123")))
        #expect(number.mayMatch(ReadLine("Receipt no 123")))
    }
}
