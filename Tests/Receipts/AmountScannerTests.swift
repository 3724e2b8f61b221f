import Foundation
import Testing

@testable import Receipts

/// The scanner is held against the expression that says the same.
@Suite("amounts are scanned as the expression would find them")
struct AmountScannerTests {
    private static func expression(_ style: DecimalStyle, _ exponent: Int) throws -> NSRegularExpression {
        let decimals = exponent == 0 ? #"(?:[.,]-|[.,]00(?!\d))?(?![.,]\d)"# : #"[.,]\d{\#(exponent)}(?!\d)"#
        let groups: String
        switch style {
        case .point: groups = "[,]"
        case .comma: groups = "[.]"
        case .space: groups = #"[ \u00A0\u202F]"#
        case .apostrophe: groups = "['\u{2019}]"
        case .automatic: groups = #"[.,'’\u00A0\u202F]"#
        }
        let known = Currency.printed.sorted().joined(separator: "|")
        let codes = #"(?:(?<!\p{L})(?:\#(known))(?!\p{L})|[€£$₹₺₽₩₪₫฿₴¥￥円]|kr\.?|zł|Kč|Ft|R\$|Fr\.?)"#
        return try NSRegularExpression(
            pattern: #"(?<![\d.,:/\-*])(?:(?<c1>\#(codes))\s{0,12})?(?<sign>[-−–+(]\s?)?(?:(?<c2>\#(codes))\s?)?"#
                + #"(?<sign2>[-−–]\s?)?(?<n>\d{1,3}(?:\#(groups)\d{3})+\#(decimals)|\d{1,9}\#(decimals))(?![\d:/%])"#
                + #"(?<after>\s?[-−)](?!\d))?(?:\s?(?<c3>\#(codes))(?![\p{L}\d]))?"#)
    }

    /// Pieces of amounts in any order, which hit every part of the expression far more often than lines do.
    private static func line(_ random: inout Seeded) -> String {
        let pieces = [
            "1", "12", "123", "1234567890", "000", "00", "5", ".", ",", ".50", ",00", ".-", "-", "−", "–", "+", "(",
            ")", " ", "  ",
            "\u{A0}", "\u{202F}", "'", "’", "€", "EUR", "USD", "$", "R$", "kr", "kr.", "zł", "Kč", "Ft", "Fr.", "¥",
            "円", "£", ":", "/",
            "%", "*", "x", "A", "TOTAL ", "１", "é", "1,234.56", "1.234,56", "1 234,56", "12.00", "9,99",
        ]
        return (0..<Int.random(in: 1...9, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
    }

    @Test("forty thousand lines of pieces", arguments: DecimalStyle.allCases, [0, 2, 3])
    func same(style: DecimalStyle, exponent: Int) throws {
        let expression = try Self.expression(style, exponent)
        let scanner = AmountScanner(style: style, exponent: exponent)
        var random = Seeded(UInt64(exponent) + 40)
        var found = 0
        for _ in 0..<2700 {
            let line = Self.line(&random)
            let characters = LineCharacters(line)
            let expected = expression.matches(in: line, range: NSRange(location: 0, length: line.utf16.count)).map {
                match in
                ["n", "c1", "c2", "c3", "sign", "sign2", "after"].map { name in
                    Range(match.range(withName: name), in: line).map { String(line[$0]) } ?? "absent"
                } + [Range(match.range, in: line).map { String(line[$0]) } ?? "absent"]
            }
            let matches = scanner.matches(in: characters)
            #expect(matches.count == expected.count, "\(line)")
            for (match, fields) in zip(matches, expected) {
                func text(_ span: Range<Int>) -> String { String(line[characters.range(span, in: line)]) }
                #expect(text(match.number) == fields[0], "\(line)")
                #expect(match.currencies.map(text) == fields[1...3].filter { $0 != "absent" }, "\(line)")
                #expect((match.sign != nil) == (fields[4] != "absent"), "\(line)")
                #expect(match.hasSecondSign == (fields[5] != "absent"), "\(line)")
                #expect((match.after != nil) == (fields[6] != "absent"), "\(line)")
                #expect(text(match.whole) == fields[7], "\(line)")
                found += 1
            }
        }
        #expect(found > 300)
    }
}
