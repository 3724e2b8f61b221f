import Testing

@testable import Receipts

@Suite("public captures", .disabled(if: Fixtures.areAbsent, "the public captures are not beside the repository"))
struct ReceiptFixtureTests {
    @Test("every command of the escpos-php captures is known", arguments: Fixtures.escposPHP)
    func escposPHP(path: String) throws {
        let documents = try ReceiptDecoder.documents(
            inCapture: Fixtures.bytes(path), configuration: Print.configuration())
        #expect(!documents.isEmpty)
        #expect(documents.allSatisfy { $0.commands.unknown == 0 && $0.complete })
        #expect(documents.reduce(0) { $0 + $1.commands.known } > 0)
    }

    @Test("the invoice with a logo has its lines, its total and its time")
    func receiptWithLogo() throws {
        let documents = try ReceiptDecoder.documents(
            inCapture: Fixtures.bytes("escpos-php/receipt-with-logo.bin"),
            configuration: Print.configuration(currency: "USD"))
        let document = try #require(documents.first)
        #expect(documents.count == 1)
        #expect(document.kind == .sale)
        #expect(document.total == Money(minor: 1425, currency: "USD"))
        #expect(document.issuedAt == "2015-04-06T14:56:25")
        #expect(document.number == nil)
        #expect(document.items.map(\.text) == ["Example item #1", "Another thing", "Something else", "A final item"])
        #expect(document.items.map(\.amount.minor) == [400, 350, 100, 445])
        #expect(document.warnings.isEmpty)
        #expect(
            document.lines == [
                "ExampleMart Ltd.", "Shop No. 42.", "SALES INVOICE", String(repeating: " ", count: 47) + "$",
                "Example item #1                             4.00", "Another thing                               3.50",
                "Something else                              1.00", "A final item                                4.45",
                "Subtotal                                   12.95", "A local tax                                 1.30",
                "Total            $ 14.25", "Thank you for shopping at ExampleMart",
                "For trading hours, please visit example.com", "Monday 6th of April 2015 02:56:25 PM",
            ])
    }

    @Test("printers of the ESC/POS family print the same receipt", arguments: Fixtures.receiptline)
    func receiptline(path: String) throws {
        let documents = try ReceiptDecoder.documents(
            inCapture: Fixtures.bytes(path), configuration: Print.configuration())
        let document = try #require(documents.first)
        #expect(documents.count == 1)
        #expect(document.commands.unknown == 0)
        if path.hasSuffix("receipt.bin") {
            #expect(document.kind == .sale)
            #expect(document.total == Money(minor: 18580, currency: "EUR"))
            #expect(document.issuedAt == "2019-09-02T19:00:00")
            #expect(document.items.map(\.text) == ["BEER", "CHIDORI"])
            #expect(document.items.map(\.quantity) == [2, 2])
            #expect(document.tenders == [Document.Tender(type: "cash", amount: Money(minor: 20000, currency: "EUR"))])
        } else {
            #expect(document.kind == .cardSlip)
            #expect(document.total == Money(minor: 1234, currency: "EUR"))
        }
    }

    @Test("code pages that change within a line are followed")
    func encodings() throws {
        let documents = try ReceiptDecoder.documents(
            inCapture: Fixtures.bytes("escpos-php/character-encodings.bin"), configuration: Print.configuration())
        let lines = try #require(documents.first).lines
        #expect(
            lines.contains { $0.contains("spiste jordbær med fløde, mens cirkusklovnen Wolther spillede på xylofon.") })
        #expect(lines.contains { $0.contains("Falsches Üben von Xylophonmusik quält jeden größeren Zwerg.") })
        #expect(lines.contains { $0.contains("El pingüino Wenceslao hizo kilómetros") })
        #expect(lines.contains { $0.contains("Le cœur déçu mais l'âme plutôt naïve") })
        #expect(lines.contains { $0.contains("Pchnąć w tę łódź jeża lub ośm skrzyń fig.") })
        #expect(lines.contains { $0.contains("В чащах юга жил бы цитрус?") })
    }

    @Test("a Chinese bill reads in GB18030")
    func chinese() throws {
        var configuration = Print.configuration(currency: "CNY")
        configuration.codePages = try #require(CodePageProfile(name: "gb18030"))
        let documents = try ReceiptDecoder.documents(
            inCapture: Fixtures.bytes("snaildev/receipt-text-gb18030.bin"), configuration: configuration)
        let document = try #require(documents.first)
        #expect(document.total == Money(minor: 6800, currency: "CNY"))
        #expect(document.issuedAt == "2016-05-06T21:32:49")
        #expect(document.lines.contains { $0.contains("应收金额：68.00") })
    }

    @Test(
        "damaged captures never crash the decoder and stay bounded",
        arguments: Fixtures.escposPHP + Fixtures.receiptline)
    func damaged(path: String) throws {
        let original = try Fixtures.bytes(path).prefix(12000)
        var random = Seeded(UInt64(original.count))
        for _ in 0..<8 {
            var bytes = Array(original)
            for _ in 0..<Int.random(in: 1...20, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: index)
                case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                }
            }
            let documents = try ReceiptDecoder.documents(inCapture: bytes, configuration: Print.configuration())
            #expect(documents.reduce(0) { $0 + $1.lines.count } <= bytes.count)
        }
    }
}
