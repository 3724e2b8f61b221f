import Foundation
import Testing

@testable import Receipts

@Suite("journals: text, NDJSON, POSLog")
struct JournalTests {
    func decode(_ text: String, _ dialect: Dialect, pieces: Int? = nil) throws -> (ReceiptDecoder, [Document]) {
        try decode(Array(text.utf8), dialect, pieces: pieces)
    }

    func decode(_ bytes: [UInt8], _ dialect: Dialect, pieces: Int? = nil) throws -> (ReceiptDecoder, [Document]) {
        var configuration = Print.configuration()
        configuration.dialect = dialect
        var decoder = try ReceiptDecoder(configuration)
        var documents: [Document] = []
        for start in stride(from: 0, to: bytes.count, by: pieces ?? max(1, bytes.count)) {
            documents += decoder.consume(
                bytes[start..<min(bytes.count, start + (pieces ?? bytes.count))], at: Print.moment(0))
        }
        documents += decoder.finish(at: Print.moment(1))
        return (decoder, documents)
    }

    @Test("lines of text end with CR, LF or both, and a form feed ends the document", arguments: ["\n", "\r", "\r\n"])
    func text(lineEnd: String) throws {
        let receipt = ["SHOP", "Milk  1.00", "", "TOTAL 1.00"].joined(separator: lineEnd) + lineEnd + "\u{0C}"
        let documents = try decode(receipt + receipt.replacing("1.00", with: "2.00"), .text).1
        #expect(documents.map(\.total?.minor) == [100, 200])
        #expect(documents.map(\.complete) == [true, true])
        #expect(documents.first?.lines == ["SHOP", "Milk  1.00", "TOTAL 1.00"])
    }

    @Test("control characters are no text, and are counted")
    func controls() throws {
        let (decoder, documents) = try decode("SHOP\u{02}\nTOTAL 1.00\n", .text)
        #expect(decoder.counters.unknownCommands == 1)
        #expect(documents.first?.total?.minor == 100)
    }

    static let sale = """
        {"RetailStoreID":"7","WorkstationID":"3","SequenceNumber":4711,"EndDateTime":"2026-11-20T18:30:05",\
        "CurrencyCode":"EUR","RetailTransaction":{"LineItem":[\
        {"Sale":{"Description":"Milk","Quantity":2,"ExtendedAmount":2.30}},\
        {"Sale":{"Description":"Brot, groß","Quantity":1,"ExtendedAmount":"10.65"}},\
        {"@VoidFlag":true,"Sale":{"Description":"Tea","ExtendedAmount":1.00}},\
        {"Tender":{"@TenderType":"CreditDebit","Amount":12.95}}],\
        "Total":[{"@TotalType":"TransactionNetAmount","Amount":11.00},\
        {"@TotalType":"TransactionGrandAmount","Amount":12.95}]}}
        """

    @Test("an object of POSLog names is a receipt, in whatever pieces it comes", arguments: [1, 7, 100_000])
    func ndjson(pieces: Int) throws {
        let (decoder, documents) = try decode(JournalTests.sale + "\n", .ndjson, pieces: pieces)
        let document = try #require(documents.first)
        #expect(documents.count == 1)
        #expect(decoder.counters.unknownCommands == 0)
        #expect(document.kind == .sale)
        #expect(document.number == "4711")
        #expect(document.total == Money(minor: 1295, currency: "EUR"))
        #expect(document.issuedAt == "2026-11-20T18:30:05")
        #expect(document.items.map(\.text) == ["Milk", "Brot, groß"])
        #expect(document.items.map(\.amount.minor) == [230, 1065])
        #expect(document.tenders == [Document.Tender(type: "card", amount: Money(minor: 1295, currency: "EUR"))])
        #expect(document.complete)
    }

    @Test("a flat object is a receipt too, with a return's sign")
    func flat() throws {
        let line = """
            {"till":"2","number":"A-17","time":"2026-11-20 09:05","total":-3.5,"currency":"GBP","kind":"return",\
            "items":[{"text":"Cup","qty":1,"amount":3.5,"return":true}],"loyalty":"6335001","coupons":["SAVE10"]}
            """
        let document = try #require(try decode(line, .ndjson).1.first)
        #expect(document.kind == .return)
        #expect(document.number == "A-17")
        #expect(document.total == Money(minor: -350, currency: "GBP"))
        #expect(document.items.map(\.amount.minor) == [-350])
        #expect(document.loyalty.map(\.text) == ["6335001"])
        #expect(document.coupons.map(\.text) == ["SAVE10"])
        #expect(document.issuedAt == "2026-11-20T09:05:00")
    }

    @Test("objects of printed lines are read like print")
    func printedLines() throws {
        let lines = #"{"line":"Milk  1.00"}"# + "\n" + #"{"line":"TOTAL 1.00"}"# + "\n" + #"{"cut":true}"# + "\n"
        let whole = #"{"lines":["Tea  2.00","TOTAL 2.00 €"]}"# + "\n"
        let documents = try decode(lines + whole, .ndjson).1
        #expect(documents.map(\.total?.minor) == [100, 200])
        #expect(documents.last?.lines.last == "TOTAL 2.00 €")
    }

    @Test("what is no object, or no UTF-8, is counted and nothing else is lost")
    func rejected() throws {
        var bytes = Array("[1,2]\nnonsense\n{\"a\":1}\n".utf8) + [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D, 0x0A]
        bytes += Array((JournalTests.sale + "\n").utf8)
        let (decoder, documents) = try decode(bytes, .ndjson)
        #expect(decoder.counters.unknownCommands == 4)
        #expect(documents.map(\.number) == ["4711"])
    }

    @Test("a line without end is given up at the limit, and the next one is read")
    func endlessLine() throws {
        let bytes = [UInt8](repeating: 0x20, count: NDJSONTokeniser.lineLimit + 5) + [0x0A]
        let (decoder, documents) = try decode(bytes + Array((JournalTests.sale + "\n").utf8), .ndjson, pieces: 65536)
        #expect(decoder.counters.truncatedBytes == NDJSONTokeniser.lineLimit + 5)
        #expect(documents.map(\.number) == ["4711"])
    }

    static let transaction = """
        <Transaction CancelFlag="false">
          <RetailStoreID>7</RetailStoreID><WorkstationID>3</WorkstationID><SequenceNumber>815</SequenceNumber>
          <BusinessDayDate>2026-11-20</BusinessDayDate><EndDateTime>2026-11-20T18:30:05.123</EndDateTime>
          <OperatorID>Anna</OperatorID><CurrencyCode>EUR</CurrencyCode>
          <RetailTransaction TransactionStatus="Delivered">
            <LineItem><Sale><Description>Salt &amp; Pepper &#x20AC;</Description><Quantity>1</Quantity>
              <ExtendedAmount>2.00</ExtendedAmount></Sale></LineItem>
            <LineItem VoidFlag="true"><Sale><Description>Tea</Description><ExtendedAmount>9</ExtendedAmount></Sale></LineItem>
            <LineItem><Return><Description><![CDATA[Cup <blue>]]></Description><Quantity>1</Quantity>
              <ExtendedAmount>0.50</ExtendedAmount>
              <TransactionLink><SequenceNumber>700</SequenceNumber></TransactionLink></Return></LineItem>
            <LineItem><Tender TenderType="Cash"><Amount>2.00</Amount><TenderChange><Amount>0.50</Amount></TenderChange>
              <CreditDebit><PrimaryAccountNumber>4111111111111111</PrimaryAccountNumber></CreditDebit></Tender></LineItem>
            <Total TotalType="TransactionNetAmount">1.30</Total>
            <Total TotalType="TransactionGrandAmount">1.50</Total>
            <LoyaltyAccount><LoyaltyID>6335-77</LoyaltyID></LoyaltyAccount>
          </RetailTransaction>
        </Transaction>
        """

    @Test("a POSLog transaction is a receipt, in whatever pieces it comes", arguments: [1, 13, 100_000])
    func poslog(pieces: Int) throws {
        let stream =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><!-- till 3 --><POSLog xmlns=\"http://www.nrf-arts.org/IXRetail/namespace/\">"
            + JournalTests.transaction + JournalTests.transaction.replacing(">815<", with: ">816<") + "</POSLog>"
        let (decoder, documents) = try decode(stream, .poslogXML, pieces: pieces)
        #expect(documents.map(\.number) == ["815", "816"])
        #expect(decoder.counters.unknownCommands == 0)
        let document = try #require(documents.first)
        #expect(document.kind == .exchange)
        #expect(document.total == Money(minor: 150, currency: "EUR"))
        #expect(document.items.map(\.text) == ["Salt & Pepper €", "Cup <blue>"])
        #expect(document.items.map(\.amount.minor) == [200, -50])
        #expect(document.originalNumber == "700")
        #expect(document.issuedAt == "2026-11-20T18:30:05")
        #expect(document.issuedDate == "2026-11-20")
        #expect(document.tenders == [Document.Tender(type: "cash", amount: Money(minor: 200, currency: "EUR"))])
        #expect(document.loyalty.map(\.text) == ["6335-77"])
        #expect(!document.lines.joined().contains("1111"))
    }

    @Test("flags of the transaction say what it is")
    func flags() throws {
        func kind(_ from: String, _ to: String) throws -> DocumentKind? {
            try decode(JournalTests.transaction.replacing(from, with: to), .poslogXML).1.first?.kind
        }
        #expect(try kind("CancelFlag=\"false\"", "TrainingModeFlag=\"true\"") == .training)
        #expect(try kind("CancelFlag=\"false\"", "CancelFlag=\"true\"") == .void)
        #expect(try kind("Delivered", "PostVoided") == .postVoid)
    }

    @Test("document types and own entities are refused, a broken transaction is given up, the next one is read")
    func hostile() throws {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>"
        let (decoder, documents) = try decode(bomb + JournalTests.transaction, .poslogXML)
        #expect(decoder.counters.unknownCommands >= 1)
        #expect(documents.map(\.number) == ["815"])

        let broken = JournalTests.transaction.replacing("</Sale>", with: "</Sold>")
        let after = try decode(broken + JournalTests.transaction, .poslogXML)
        #expect(after.1.map(\.number) == ["815"])
        #expect(after.0.counters.truncatedBytes > 0)

        let entity = try decode(JournalTests.transaction.replacing("&amp;", with: "&file;"), .poslogXML)
        #expect(entity.1.isEmpty)
    }

    @Test("a transaction over the limit is given up, and so is one that never ends")
    func bounds() throws {
        let huge =
            "<Transaction><Description>" + String(repeating: "x<b/>", count: 300_000) + "</Description></Transaction>"
        let (decoder, documents) = try decode(huge + JournalTests.transaction, .poslogXML, pieces: 65536)
        #expect(documents.map(\.number) == ["815"])
        #expect(decoder.counters.truncatedBytes > 0)

        let deep = String(repeating: "<a>", count: 5000)
        let nested = try decode("<Transaction>" + deep + JournalTests.transaction, .poslogXML)
        #expect(nested.0.counters.unknownCommands > 0)

        let half = try decode(String(JournalTests.transaction.prefix(300)), .poslogXML)
        #expect(half.1.isEmpty)
        #expect(half.0.counters.truncatedBytes > 200)
    }

    @Test("a card number or an address that someone typed as goods is redacted")
    func redaction() throws {
        let text = JournalTests.transaction.replacing("Salt", with: "4111 1111 1111 1111 a@b.example")
        let document = try #require(try decode(text, .poslogXML).1.first)
        #expect(!document.items.map(\.text).joined().contains("4111 1111"))
        #expect(!document.items.map(\.text).joined().contains("a@b.example"))
        #expect(document.redactions.pan == 1)
    }

    @Test("decimal text is exact, and what is none is refused")
    func decimals() {
        #expect(Money(decimal: "12.9", currency: "EUR")?.minor == 1290)
        #expect(Money(decimal: "-0.05", currency: "EUR")?.minor == -5)
        #expect(Money(decimal: "1200.00", currency: "JPY")?.minor == 1200)
        #expect(Money(decimal: "1.2345", currency: "KWD") == nil)
        #expect(Money(decimal: "1,50", currency: "EUR") == nil)
        #expect(Money(decimal: "1e5", currency: "EUR") == nil)
        #expect(Money(minor: -5, currency: "EUR").decimal == "-0.05")
    }

    @Test("random bytes never crash a journal's reader", arguments: [Dialect.text, .ndjson, .poslogXML])
    func noise(dialect: Dialect) throws {
        var random = Seeded(9)
        let alphabet = Array("<>/&;\"'{}[]:,!-?= \nTransactionSale0123".utf8) + [0, 0xFF, 0xC3]
        for _ in 0..<60 {
            let bytes = (0..<400).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            let (decoder, _) = try decode(bytes + Array("\n".utf8), dialect, pieces: 11)
            #expect(decoder.counters.bytes == 401)
        }
    }
}
