import Subjects
import Testing

@testable import Receipts

@Suite("facts of receipts")
struct ReceiptExtractionTests {
    func first(_ text: String, currency: String? = "EUR", dayFirst: Bool = true) throws -> Document {
        try #require(try Print.documents(text, currency: currency, dayFirst: dayFirst).first)
    }

    @Test("a German receipt: number, till, time, items with quantity and deposit, total, cash, customer card")
    func german() throws {
        let document = try first(
            """
            Musterladen GmbH
            Kasse: 2   Bon-Nr.: 004711
            Es bediente Sie: Frau Schmidt
            21.11.2026 14:32
            Milch 3,5%               1,29 A
            2 x 0,89
            Brezel                   1,78 B
            Pfand                    0,25-A
            Zwischensumme            2,82
            SUMME            EUR     2,82
            Gegeben BAR              5,00
            Wechselgeld              2,18
            MwSt 7%   0,18   2,64
            Kundenkarte: 9900 1234 5678
            Gutschein-Code: FB-7X9K2
            """)
        #expect(document.kind == .sale)
        #expect(document.till == "2")
        #expect(document.number == "004711")
        #expect(document.issuedAt == "2026-11-21T14:32:00")
        #expect(document.total == Money(minor: 282, currency: "EUR"))
        #expect(document.items.map(\.amount.minor) == [129, 178, -25])
        #expect(document.tenders == [Document.Tender(type: "cash", amount: Money(minor: 500, currency: "EUR"))])
        #expect(document.loyalty == [.plain("9900 1234 5678")])
        #expect(document.coupons == [.plain("FB-7X9K2")])
        #expect(!document.lines.joined().contains("Schmidt"))
        #expect(document.warnings.isEmpty)
    }

    @Test(
        "a blank groups thousands after a currency, a word for the total or a gap, and divides a quantity from a price",
        arguments: [
            ("TOTAL EUR 1 234,55", Int64(123_455)), ("TOTAL TTC        1 234,55 €", 123_455),
            ("TOTAL 12 345 678,90", 1_234_567_890), ("TOTAL € 1 234,55", 123_455),
            ("TOTAL ARTICLES 3 234,55", 23_455), ("TOTAL 3 234.55", 23_455), ("TOTAL   2   100,00", 10_000),
        ])
    func blankGroups(line: String, minor: Int64) throws {
        #expect(AmountReader(style: .automatic, currency: "EUR").amounts(in: line).last?.minor == minor)
    }

    @Test(
        "numbers of receipts in seven languages",
        arguments: [
            ("Receipt No: 12345", "12345"), ("ST# 02115 OP# 009044 TE# 44 TR# 01301", "01301"), ("TRAN 4567", "4567"),
            ("Invoice #A-17", "A-17"), ("Rg.-Nr. 42", "42"),
            ("Belegnummer: 2026/0017", "2026/0017"), ("Ticket n° 12-00345", "12-00345"),
            ("Factura simplificada: T-2026/00012", "T-2026/00012"),
            ("DOCUMENTO N. 0035-0012", "0035-0012"), ("Bonnr: 12345", "12345"),
            ("Fatura simplificada FS AB2019/0035", "AB2019/0035"),
        ])
    func numbers(line: String, number: String) throws {
        #expect(try first(line).number == number)
    }

    @Test(
        "what is no receipt number is not taken for one",
        arguments: [
            "Shop No. 42.", "SALES INVOICE", "THE STORE #12", "Table 7", "Receipt 21/11/2026", "Bon 5.00",
        ])
    func noNumber(line: String) throws {
        #expect(try first(line).number == nil)
    }

    @Test(
        "totals in seven languages, and what only looks like one",
        arguments: [
            ("TOTAL 5.00", 500), ("Subtotal 4.00\nTax 1.00\nGRAND TOTAL 5.00", 500), ("SUMME EUR 1.234,56", 123_456),
            ("TOTAL HT 4,00\nTOTAL TTC 5,00 €", 500), ("TOTAL A PAGAR 1.019,95", 101_995),
            ("TOTALE COMPLESSIVO 2,00", 200),
            ("Totaal 2,00", 200), ("TOTAL 5.00\nTOTAL SAVINGS 9.00\nTOTAL ITEMS 3", 500),
            ("Gesamtbetrag 1'234.50", 123_450),
            ("TOTAL\n7,80 EUR", 780), ("TOTAL 5.00\nCASH 20.00\nCHANGE 15.00", 500), ("NET A PAYER 3,50", 350),
        ])
    func totals(text: String, minor: Int64) throws {
        #expect(try first(text).total?.minor == minor)
    }

    @Test("among several totals the one that the payment confirms is taken")
    func arithmetic() throws {
        let document = try first("TOTAL 10.00\nDISCOUNT -1.00\nTOTAL 9.00\nCASH 10.00\nCHANGE 1.00\nTOTAL 12.00")
        #expect(document.total?.minor == 900)
    }

    @Test("the day and month order is the till's setting; only dates with one reading are read against it")
    func dayFirst() throws {
        #expect(try first("03/04/2026 10:00", dayFirst: true).issuedAt == "2026-04-03T10:00:00")
        #expect(try first("03/04/2026 10:00", dayFirst: false).issuedAt == "2026-03-04T10:00:00")
        let against = try first("21/11/2026 10:00", dayFirst: false)
        #expect(against.issuedAt == "2026-11-21T10:00:00")
        #expect(against.warnings.contains { $0.contains("day_first") })
        #expect(try first("03.04.2026 10:00", dayFirst: false).issuedAt == "2026-04-03T10:00:00")
    }

    @Test(
        "dates and times as tills print them",
        arguments: [
            ("2026-11-21 18:05:10", "2026-11-21T18:05:10"), ("21-11-26 18:05", "2026-11-21T18:05:00"),
            ("Monday 6th of April 2015 02:56:25 PM", "2015-04-06T14:56:25"),
            ("21. März 2026 09:15", "2026-03-21T09:15:00"),
            ("Le 3 août 2026 à 09h15", "2026-08-03T09:15:00"), ("21 de noviembre de 2026 12:00", "2026-11-21T12:00:00"),
            ("Feb. 22, 2019 7:00 am", "2019-02-22T07:00:00"), ("2026年3月4日 10:20", "2026-03-04T10:20:00"),
            ("Date: 21/11/2026\nTime: 12:30 AM", "2026-11-21T00:30:00"),
        ])
    func times(text: String, issued: String) throws {
        #expect(try first(text).issuedAt == issued)
    }

    @Test("impossible dates and dates without a time of day give no time of issue")
    func noTime() throws {
        #expect(try first("31/02/2026 10:00").issuedAt == nil)
        let document = try first("21/11/2026")
        #expect(document.issuedAt == nil)
        #expect(document.issuedDate == "2026-11-21")
        #expect(try first("Valid until 31/12/2026 23:59\n21/11/2026 10:00").issuedAt == "2026-11-21T10:00:00")
    }

    @Test("currencies have their own number of decimals, and print outweighs the setting where it is clear")
    func currencies() throws {
        #expect(try first("TOTAL 1,200", currency: "JPY").total == Money(minor: 1200, currency: "JPY"))
        #expect(try first("TOTAL 1.250", currency: "KWD").total == Money(minor: 1250, currency: "KWD"))
        #expect(try first("TOTAL 5.00 CHF", currency: "EUR").total == Money(minor: 500, currency: "CHF"))
        #expect(try first("TOTAL £5.00", currency: nil).total == Money(minor: 500, currency: "GBP"))
        #expect(try first("TOTAL 5.00", currency: nil).total == Money(minor: 500, currency: "XXX"))
    }

    @Test("a style of decimals that is set is kept to")
    func styles() {
        #expect(AmountReader(style: .comma, currency: "EUR").amounts(in: "1.234,56").map(\.minor) == [123_456])
        #expect(AmountReader(style: .space, currency: "EUR").amounts(in: "1 234,56").map(\.minor) == [123_456])
        #expect(AmountReader(style: .point, currency: "EUR").amounts(in: "1,29").isEmpty)
        #expect(AmountReader(style: .automatic, currency: "EUR").amounts(in: "2 172.80").map(\.minor) == [17280])
        #expect(
            AmountReader(style: .automatic, currency: "EUR").amounts(in: "-5.00 5.00- 5,00").map(\.minor) == [
                -500, -500, 500,
            ])
        #expect(AmountReader(style: .automatic, currency: "EUR").amounts(in: "12345678901234567890.00").isEmpty)
    }

    @Test("customers' codes are hashed when there is a key, and leave the lines")
    func hashed() throws {
        var configuration = Print.configuration()
        let hasher = KeyedHasher(key: [1, 2, 3])
        configuration.hasher = hasher
        let bytes = Print.receipt(
            "Cashier: Anna\nLoyalty card: 9900123456\nCoupon FB-7X9K2\nOrder no: WEB-10023\nTOTAL 5.00")
        let document = try #require(try ReceiptDecoder.documents(inCapture: bytes, configuration: configuration).first)
        #expect(document.loyalty == [.hashed(hasher.hash(.loyalty, "9900123456"))])
        #expect(document.coupons == [.hashed(hasher.hash(.coupon, "FB-7X9K2"))])
        #expect(document.orders == [.hashed(hasher.hash(.order, "WEB-10023"))])
        #expect(document.cashier == hasher.hash(.cashier, "Anna"))
        let text = document.lines.joined() + (try document.jsonLine())
        for secret in ["9900123456", "7X9K2", "10023", "Anna"] { #expect(!text.contains(secret)) }
        #expect("\(document.loyalty)" == "[key(redacted)]")
    }

    @Test(
        "points, balances and offers are no customer's number",
        arguments: ["Loyalty points: 1234", "Club balance 1234", "Voucher 1000.00"])
    func noKeys(line: String) throws {
        let document = try first(line)
        #expect(document.loyalty.isEmpty && document.coupons.isEmpty)
    }

    @Test("a configured expression goes before the standard ones, also on data of symbols")
    func configured() throws {
        var configuration = Print.configuration()
        var own = ReceiptPatterns()
        own.number = ["^Beleg (\\w+)"]
        own.coupon = ["^symbol: FB:(\\w+)"]
        configuration.patterns = own.over(.standard)
        let symbol: [UInt8] = [0x1D, 0x28, 0x6B, 12, 0, 0x31, 0x50, 0x30] + Array("FB:ABC123".utf8)
        let bytes = Print.reset + symbol + Print.receipt("Beleg XYZ\nTOTAL 1.00", reset: false)
        let document = try #require(try ReceiptDecoder.documents(inCapture: bytes, configuration: configuration).first)
        #expect(document.number == "XYZ")
        #expect(document.coupons == [.plain("ABC123")])
    }

    @Test("an expression that cannot be used is named")
    func badPattern() {
        var configuration = Print.configuration()
        configuration.patterns.loyalty = ["(unclosed"]
        #expect(throws: PatternError(field: "loyalty", position: 1, pattern: "(unclosed")) {
            try ReceiptDecoder(configuration)
        }
    }

    @Test("options that do not exist are named with what exists")
    func options() {
        #expect(throws: ReceiptOptionError.unknownDialect("star")) {
            try ReceiptDecoderConfiguration(dialectName: "star")
        }
        #expect(throws: ReceiptOptionError.unknownCodePages("x")) {
            try ReceiptDecoderConfiguration(dialectName: "escpos", codePagesName: "x")
        }
        #expect(throws: ReceiptOptionError.notACurrency("EURO")) {
            try ReceiptDecoderConfiguration(dialectName: "escpos", currency: "EURO")
        }
    }
}
