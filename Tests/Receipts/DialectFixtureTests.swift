import Foundation
import Testing

@testable import Receipts

@Suite(
    "dialects on public captures",
    .disabled(if: Fixtures.areAbsent, "the public captures are not beside the repository"))
struct DialectFixtureTests {
    static let star = ["starlinesbcs", "starsbcs", "emustarlinesbcs", "starimpact"]
    static let escposTexts = ["citizen", "epson", "escpos", "fit", "generic", "sii"]

    /// Every capture with its dialect.
    static let all: [(path: String, dialect: Dialect)] =
        (Fixtures.escposPHP + Fixtures.receiptline + ["snaildev/receipt-text-gb18030.bin"]).map { ($0, .escpos) }
        + (star + ["stargraphic"]).flatMap { printer in
            ["receipt", "credit2"].map { ("receiptline/\(printer)-en-\($0).bin", .starLine) }
        }

    static func configuration(_ dialect: Dialect) -> ReceiptDecoderConfiguration {
        var configuration = Print.configuration()
        configuration.dialect = dialect
        configuration.codePages = CodePageProfile(name: dialect == .escpos ? "epson" : "star") ?? .epson
        return configuration
    }

    static func decoder(_ path: String, _ dialect: Dialect) throws -> (ReceiptDecoder, [Document]) {
        var decoder = try ReceiptDecoder(configuration(dialect))
        let bytes = try Fixtures.bytes(path)
        let documents = decoder.consume(bytes, at: Print.moment(0)) + decoder.finish(at: Print.moment(0))
        return (decoder, documents)
    }

    @Test("there are 39 captures, and in the right dialect no command of them is unknown")
    func known() throws {
        #expect(DialectFixtureTests.all.count == 39)
        for (path, dialect) in DialectFixtureTests.all {
            var decoder = try ReceiptDecoder(DialectFixtureTests.configuration(dialect))
            _ = decoder.consume(try Fixtures.bytes(path), at: Print.moment(0))
            _ = decoder.finish(at: Print.moment(0))
            #expect(decoder.counters.unknownCommands == 0, "\(path)")
            #expect(decoder.counters.truncatedBytes == 0, "\(path)")
            #expect(decoder.counters.knownCommands > 0, "\(path)")
            #expect(!decoder.wrongDialect, "\(path)")
        }
    }

    @Test("in the other family's dialect the alarm is raised, given 40 commands")
    func wrongFamily() throws {
        var raised = 0
        for (path, dialect) in DialectFixtureTests.all {
            let wrong: Dialect = dialect == .escpos ? .starLine : .escpos
            let (decoder, documents) = try DialectFixtureTests.decoder(path, wrong)
            let commands = decoder.counters.knownCommands + decoder.counters.unknownCommands
            guard commands >= DialectMonitor.minimum else { continue }
            let share = Double(decoder.counters.unknownCommands) / Double(commands)
            #expect(decoder.dialectAlarms > 0, "\(path): \(share) of \(commands)")
            #expect(documents.contains { $0.warnings.contains { $0.hasPrefix("wrong dialect?") } }, "\(path)")
            raised += 1
        }
        // The others have fewer than 40 commands.
        #expect(raised >= 25)
    }

    @Test("Star's two dialects read each other's streams")
    func siblings() throws {
        for printer in DialectFixtureTests.star {
            let path = "receiptline/\(printer)-en-receipt.bin"
            let line = try DialectFixtureTests.decoder(path, .starLine).1
            let prnt = try DialectFixtureTests.decoder(path, .starPRNT).1
            #expect(line == prnt)
        }
    }

    /// Letters and digits with single blanks: frames and column positions are each printer's own.
    static func words(_ document: Document) -> [String] {
        document.lines.map { line in
            let kept = line.map { $0.isLetter || $0.isNumber || $0.isPunctuation || $0 == "+" || $0 == "$" ? $0 : " " }
            return String(kept).split(separator: " ").joined(separator: " ")
        }.filter { line in line.contains { $0.isLetter || $0.isNumber } }
    }

    @Test("the same receipt has the same text in every dialect", arguments: ["receipt", "credit2"])
    func sameText(name: String) throws {
        let escpos = DialectFixtureTests.escposTexts.map { ("receiptline/\($0)-en-\(name).bin", Dialect.escpos) }
        let star = DialectFixtureTests.star.map { ("receiptline/\($0)-en-\(name).bin", Dialect.starLine) }
        let expected = DialectFixtureTests.words(
            try #require(try DialectFixtureTests.decoder("receiptline/epson-en-\(name).bin", .escpos).1.first))
        #expect(expected.count >= 6)
        for (path, dialect) in escpos + star {
            let documents = try DialectFixtureTests.decoder(path, dialect).1
            #expect(documents.count == 1, "\(path)")
            #expect(documents.first.map(DialectFixtureTests.words) == expected, "\(path)")
        }
    }

    @Test("a Star receipt gives the facts that the ESC/POS one gives")
    func starFacts() throws {
        for printer in DialectFixtureTests.star {
            let document = try #require(
                try DialectFixtureTests.decoder("receiptline/\(printer)-en-receipt.bin", .starPRNT).1.first)
            #expect(document.kind == .sale, "\(printer)")
            #expect(document.total == Money(minor: 18580, currency: "EUR"), "\(printer)")
            #expect(document.issuedAt == "2019-09-02T19:00:00", "\(printer)")
            #expect(document.items.map(\.text) == ["BEER", "CHIDORI"], "\(printer)")
        }
    }

    @Test("a receipt in Star Graphic mode is an image", arguments: ["receipt", "credit2"])
    func graphic(name: String) throws {
        let documents = try DialectFixtureTests.decoder("receiptline/stargraphic-en-\(name).bin", .starLine).1
        #expect(documents.map(\.kind) == [.raster])
    }
}
