import Foundation
import Testing

@testable import Receipts

@Suite("card data")
struct CardRedactorTests {
    /// Leading digits of schemes with a length that they issue, or issued.
    static let schemes: [(prefix: String, length: Int)] =
        [
            ("4", 16), ("4", 13), ("4", 19), ("51", 16), ("55", 16), ("2221", 16), ("2719", 16), ("34", 15), ("37", 15),
            ("36", 14), ("305", 14), ("3095", 18), ("36", 15), ("36", 16), ("36", 17), ("38", 19), ("6011", 16),
            ("65", 16),
            ("6011", 17), ("65", 18), ("644", 19), ("3530", 16), ("3530", 17), ("3528", 18), ("3589", 19), ("62", 16),
            ("62", 17), ("62", 18), ("62", 19), ("8100", 17), ("8171", 16), ("8122", 18), ("8133", 19), ("2201", 16),
            ("2201", 17), ("2204", 18), ("2203", 19), ("636", 16), ("636", 18), ("637", 16), ("6304", 16), ("5018", 16),
            ("5612", 12), ("508", 16), ("8201", 16), ("8199", 16), ("1946", 16), ("2205", 16), ("8600", 16),
            ("9860", 16),
            ("9704", 16), ("9704", 19), ("9792", 16), ("9410", 16),
        ]
        + (12...19).flatMap { length in
            ["5018", "5020", "5038", "5893", "6304", "6759", "6761", "6762", "6763"].map { ($0, length) }
        }

    /// Lengths that no scheme of the prefix issues any more, and that would hit too many receipt numbers: they are found
    /// where payments stand or where the number stands by itself.
    static func isNoLongerIssued(_ card: String) -> Bool {
        card.hasPrefix("4") && card.count == 13 || card.hasPrefix("5612")
    }

    /// A number with a valid check digit, of a scheme and length that exists.
    static func card(_ random: inout Seeded) -> String {
        let (prefix, length) = schemes.randomElement(using: &random) ?? ("4", 16)
        return card(prefix, length, &random)
    }

    static func card(_ prefix: String, _ length: Int, _ random: inout Seeded) -> String {
        var digits = prefix.utf8.map { $0 - 0x30 }
        while digits.count < length - 1 { digits.append(UInt8.random(in: 0...9, using: &random)) }
        for check in UInt8(0)...9 where CardNumber.passesLuhn(digits + [check]) {
            digits.append(check)
            break
        }
        return digits.map(String.init).joined()
    }

    static func grouped(_ card: String, by divider: String) -> String {
        var groups: [Substring] = []
        var rest = card[...]
        while !rest.isEmpty {
            groups.append(rest.prefix(4))
            rest = rest.dropFirst(4)
        }
        return groups.joined(separator: divider)
    }

    @Test("no card number survives among other text, however it is divided", arguments: 0..<20)
    func survivors(seed: UInt64) throws {
        var random = Seeded(seed &+ 1000)
        var decoder = try ReceiptDecoder(Print.configuration())
        let dividers = [
            "", " ", "-", "  ", ".", "|", ",", ")(", "\n", " - ", "\u{1B}!\u{8}", "\u{1B}E\u{1}", "\u{1B}$\u{8}\u{1}",
        ]
        let before = ["", "CARD: ", "Card no ", "VISA ", "REF 12 ", "X", "ITEM 3.50\n", "PAN="]
        let after = ["", " EXP 12/27", " 9", "\nTOTAL 5.00", "X", " 21/11/2026"]
        for _ in 0..<200 {
            let card = CardRedactorTests.card(&random)
            let divider = dividers.randomElement(using: &random) ?? ""
            let text =
                (before.randomElement(using: &random) ?? "") + CardRedactorTests.grouped(card, by: divider)
                + (after.randomElement(using: &random) ?? "")
            let documents = decoder.consume(Print.receipt("SHOP\n\(text)\nTHANKS"), at: Print.moment(0))
            let json = try documents.map { try $0.jsonLine() }.joined()
            let digits = documents.flatMap(\.lines).joined().filter(\.isNumber)
            #expect(
                !digits.contains(card),
                "seed \(seed): scheme \(card.prefix(4)) of \(card.count) divided by \(divider.debugDescription)")
            #expect(!digits.contains(card.dropLast(4)))
            #expect(!json.contains(card))
        }
    }

    @Test("only the last four digits stay and lines keep their shape")
    func shape() {
        var counts = Redactions()
        let lines = CardRedactor().redact(["VISA 4111 1111 1111 1111", "EXP 12/27"], counts: &counts)
        #expect(lines == ["VISA **** **** **** 1111", "EXP 12/27"])
        #expect(counts.pan == 1)
    }

    @Test("numbers that tills cut short themselves keep only the last four")
    func truncated() {
        var counts = Redactions()
        let lines = CardRedactor().redact(["411111XXXXXX1234", "************1111 12/27", "2 x 13.50"], counts: &counts)
        #expect(lines == ["******XXXXXX1234", "************1111 12/27", "2 x 13.50"])
        #expect(counts.pan == 1)
    }

    @Test("magnetic stripe data is taken out whole")
    func tracks() {
        var counts = Redactions()
        let lines = CardRedactor().redact(
            ["A %B4111111111111111^DOE/JOHN^27121010000000000000? Z", ";4111111111111111=27121010000012345678? Z"],
            counts: &counts)
        #expect(counts.track == 2)
        #expect(!lines.joined().contains("1111"))
        #expect(!lines.joined().contains("2712"))
        #expect(!lines.joined().contains("DOE"))
        #expect(lines.allSatisfy { $0.hasSuffix("Z") })
    }

    @Test("amounts, dates and article numbers are left alone")
    func ordinary() {
        let lines = [
            "12.95", "", "13.00  14.25", "21-11-2026 14:32", "4006381333931", "Receipt 0001234567",
            "IBAN DE89 3704 0044 0532 0130 00",
        ]
        var counts = Redactions()
        #expect(CardRedactor().redact(lines, counts: &counts) == lines)
        #expect(counts.pan == 0)
    }

    @Test("the retailer's own card numbers are no payment cards")
    func own() {
        var random = Seeded(7)
        var card = CardRedactorTests.card(&random)
        while !card.hasPrefix("6304") { card = CardRedactorTests.card(&random) }
        var counts = Redactions()
        #expect(CardRedactor(ownPrefixes: ["6304"]).redact([card], counts: &counts) == [card])
        #expect(CardRedactor().redact([card], counts: &counts) != [card])
    }

    @Test("e-mail addresses, telephone numbers, verification codes, expiry dates and names are taken out")
    func personal() {
        var counts = Redactions()
        let lines = PersonalRedactor().redact(
            [
                "jane.doe@example.com", "mail: very.long.name@exam", "ple.co.uk", "Tel. 030 / 1234567",
                "(555) 123-4567",
                "+49 30 901820", "CVV: 123", "EXP 12/27", "Customer: Jane Doe", "2 @ 1.50",
            ], counts: &counts)
        #expect(
            lines == [
                "[email]", "mail: [email]", "[email]", "Tel. [phone]", "[phone]", "[phone]", "CVV: ***", "EXP **/**",
                "Customer: [name]", "2 @ 1.50",
            ])
        #expect(counts.cvv == 1 && counts.expiry == 1 && counts.name == 1)
    }

    @Test("every built-in expression compiles")
    func expressions() {
        for (_, pattern, _) in PersonalRedactor.sources {
            #expect(ReceiptPatterns.problem(in: pattern) == nil)
        }
        #expect(throws: Never.self) { try CompiledPatterns(.standard) }
    }

    @Test("a card number in a symbol does not become a customer's code")
    func symbol() throws {
        let symbol: [UInt8] = [0x1D, 0x6B, 0x49, 22] + Array("coupon4111111111111111".utf8)
        let bytes = Print.reset + symbol + Print.receipt("TOTAL 5.00", reset: false)
        let documents = try ReceiptDecoder.documents(inCapture: bytes, configuration: Print.configuration())
        #expect(documents.first?.coupons == [])
    }
}
