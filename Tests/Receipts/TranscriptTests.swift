import Testing

@testable import Receipts

/// What is printed on the paper of the public captures, read from the bytes by hand.
@Suite("transcripts", .disabled(if: Fixtures.areAbsent, "the public captures are not beside the repository"))
struct TranscriptTests {
    private static let receipt = [
        "Ichigaya Terminal", "1-Y-X Kudan, Chiyoda-ku", "02-09-2019 19:00", "RECEIPT", "BEER 2 13.00",
        "CHIDORI 2 172.80", "TOTAL 185.80", "CASH 200.00", "CHANGE 14.20",
    ]
    private static let slip = [
        "DATE SLIP #", "Feb. 22, 2019 12345", "MERCHANT TRAN TYPE PAY COND", "0123456 PARCHASE 123",
        "SEQ # [Lump-sum]", "7890 AMOUNT 12.34", "APP CODE TAX/OTHERS 0.00", "0001111 TOTAL 12.34",
    ]

    /// Without frames, and with single blanks between columns, whose distance is each printer's own.
    private static func lines(_ document: Document?) -> [String] {
        let lines = document?.lines.map { line in
            line.split { $0 == " " || ("\u{2500}"..."\u{257F}").contains($0) }.joined(separator: " ")
        }
        return lines?.filter { !$0.isEmpty } ?? []
    }

    private static func documents(_ path: String, _ dialect: Dialect) throws -> [Document] {
        try DialectFixtureTests.decoder(path, dialect).1
    }

    @Test("every Star printer's receipt and slip read as they are printed", arguments: DialectFixtureTests.star)
    func star(printer: String) throws {
        for dialect in [Dialect.starLine, .starPRNT] {
            let receipt = try Self.documents("receiptline/\(printer)-en-receipt.bin", dialect)
            #expect(receipt.map(Self.lines) == [Self.receipt])
            #expect(receipt.map(\.complete) == [true])
            let slip = try Self.documents("receiptline/\(printer)-en-credit2.bin", dialect)
            #expect(slip.map(Self.lines) == [Self.slip])
        }
    }

    @Test(
        "every ESC/POS printer's receipt and slip read as they are printed", arguments: DialectFixtureTests.escposTexts)
    func escpos(printer: String) throws {
        #expect(try Self.documents("receiptline/\(printer)-en-receipt.bin", .escpos).map(Self.lines) == [Self.receipt])
        #expect(try Self.documents("receiptline/\(printer)-en-credit2.bin", .escpos).map(Self.lines) == [Self.slip])
    }

    @Test("the general rules find on the captures what is printed there, and nothing that is not")
    func facts() throws {
        let printers = DialectFixtureTests.escposTexts.map { ($0, Dialect.escpos) }
        for (printer, dialect) in printers + DialectFixtureTests.star.map({ ($0, Dialect.starLine) }) {
            let receipt = try #require(try Self.documents("receiptline/\(printer)-en-receipt.bin", dialect).first)
            #expect(receipt.total == Money(minor: 18580, currency: "EUR"), "\(printer)")
            #expect(receipt.issuedAt == "2019-09-02T19:00:00", "\(printer)")
            #expect(receipt.number == nil, "\(printer)")
            #expect(receipt.items.map(\.amount.minor) == [1300, 17280], "\(printer)")
            #expect(receipt.arithmetic == 1, "\(printer)")
            let slip = try #require(try Self.documents("receiptline/\(printer)-en-credit2.bin", dialect).first)
            #expect(slip.kind == .cardSlip, "\(printer)")
            #expect(slip.total == Money(minor: 1234, currency: "EUR"), "\(printer)")
            #expect(slip.issuedDate == "2019-02-22", "\(printer)")
        }
    }

    @Test("captures that are no receipts give neither total nor number")
    func noReceipts() throws {
        for name in ["barcode", "qr-code", "pdf417-code", "text-size", "margins-and-spacing", "character-tables"] {
            for document in try Self.documents("escpos-php/\(name).bin", .escpos) {
                #expect(document.total == nil && document.number == nil, "\(name)")
                #expect(document.kind != .sale, "\(name)")
            }
        }
    }
}
