import Foundation
import Receipts
import Testing

@testable import POSFeed

@Suite("The language of a recorded receipt")
struct DialectDetectorTests {
    static let star = ["starlinesbcs", "starsbcs", "emustarlinesbcs", "starimpact", "stargraphic"]

    /// The public captures with the family they are in.
    static func captures() throws -> [(path: String, isStar: Bool)] {
        try ["escpos-php", "receiptline", "snaildev"].flatMap { folder in
            try FileManager.default.contentsOfDirectory(
                atPath: CommissioningTests.fixtures.appending(path: folder).path
            )
            .filter { $0.hasSuffix(".bin") }
            .map { name in
                ("\(folder)/\(name)", folder == "receiptline" && star.contains { name.hasPrefix("\($0)-") })
            }
        }
    }

    @Test(
        "is the right family on all 39 public captures, or the guess says why it is unsure",
        .enabled(if: CommissioningTests.hasFixtures))
    func families() throws {
        let captures = try Self.captures()
        #expect(captures.count == 39)
        var sure = 0
        for (path, isStar) in captures {
            let bytes = try CommissioningTests.fixture(path)
            let guesses = DialectDetector.dialects(of: bytes)
            let best = try #require(guesses.first)
            let about = Comment("\(path): \(guesses)")
            let families: [Dialect] = isStar ? [.starLine, .starPRNT] : [.escpos]
            if DialectDetector.doubt(guesses) == nil {
                sure += 1
                #expect(families.contains(best.dialect), about)
            }
        }
        #expect(sure >= 35, "\(sure)")
    }

    @Test("is told for journals and plain text, too")
    func journals() {
        let lines = "CORNER SHOP\nReceipt No 4711\nMilk 1.00\nBread 2.00\nTOTAL EUR 3.00\nThank you\n"
        let text = DialectDetector.dialects(of: Array((lines + lines + "\u{0C}").utf8))
        #expect(text.first?.dialect == .text && DialectDetector.doubt(text) == nil, "\(text)")
        let records = (1...3).map { number in
            #"{"number":"\#(number)","time":"2026-11-21T18:30:00","total":"3.00","currency":"EUR"}"# + "\n"
        }.joined()
        let journal = DialectDetector.dialects(of: Array(records.utf8))
        #expect(journal.first?.dialect == .ndjson && DialectDetector.doubt(journal) == nil, "\(journal)")
        let log = """
            <?xml version="1.0"?><POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/"><Transaction>\
            <SequenceNumber>17</SequenceNumber><RetailTransaction><Total TotalType="TransactionGrandAmount">3.00</Total>\
            </RetailTransaction></Transaction></POSLog>
            """
        let poslog = DialectDetector.dialects(of: Array(log.utf8))
        #expect(poslog.first?.dialect == .poslogXML && DialectDetector.doubt(poslog) == nil, "\(poslog)")
    }

    @Test("is not claimed from noise, nor from a few bytes")
    func unsure() {
        var random = SplitMix(seed: 3)
        for length in [3, 40, 400, 4_000] {
            let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(DialectDetector.doubt(DialectDetector.dialects(of: noise)) != nil, "\(length) bytes")
        }
        #expect(DialectDetector.doubt(DialectDetector.dialects(of: [])) != nil)
        #expect(DialectDetector.doubt(DialectDetector.dialects(of: Array("\u{1B}@".utf8))) != nil)
    }
}
