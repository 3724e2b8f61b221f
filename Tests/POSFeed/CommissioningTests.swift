import Foundation
import Receipts
import Subjects
import Testing

@testable import POSFeed

@Suite("What a technician sees of a till")
struct CommissioningTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/fixtures/pos")
    static let hasFixtures = FileManager.default.fileExists(atPath: fixtures.path)

    static func fixture(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: fixtures.appending(path: name)))
    }

    private func mask(_ bytes: [UInt8], pieces: Int = .max) throws -> [UInt8] {
        var mask = try #require(CaptureMask(dialect: .escpos))
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: min(pieces, max(1, bytes.count))) {
            out += mask.consume(Array(bytes[start..<min(bytes.count, start + min(pieces, bytes.count))]))
        }
        return out + mask.finish()
    }

    @Test("a mask hides names, numbers and cards, and keeps commands, length and the words that receipts share")
    func masked() throws {
        let print = "\u{1B}@Served by Maria\n4111 1111 1111 1111\nTOTAL 12.50 EUR\n\u{1D}k\u{04}ABC123\0\u{1D}V\u{1}"
        let masked = try mask(Array(print.utf8))
        let text = String(decoding: masked, as: UTF8.self)
        #expect(masked.count == print.utf8.count)
        #expect(!text.contains("Maria") && !text.contains("4111") && !text.contains("123"))
        #expect(text.contains("Xxxxxx xx Xxxxx\n9999 9999 9999 9999\nTOTAL 99.99 EUR\n"))
        #expect(text.hasPrefix("\u{1B}@") && text.hasSuffix("\u{1D}V\u{1}"))
    }

    @Test("masking does not depend on how the stream is cut")
    func pieces() throws {
        let bytes = Array("\u{1B}@Subtotal 1.00\nZebra 2.00\n\u{1D}(k\u{08}\u{0}1P0hello\nTOTAL 3.00\n".utf8)
        let whole = try mask(bytes)
        for size in 1...bytes.count { #expect(try mask(bytes, pieces: size) == whole, "pieces of \(size)") }
    }

    @Test("real receipts keep their length and their commands under the mask", .enabled(if: hasFixtures))
    func realReceipts() throws {
        for name in ["receipt-with-logo", "demo", "qr-code", "barcode", "text-size"] {
            let bytes = try Self.fixture("escpos-php/\(name).bin")
            let masked = try mask(bytes)
            #expect(masked.count == bytes.count, "\(name)")
            func commands(_ bytes: [UInt8]) throws -> [Document.Commands] {
                try ReceiptDecoder.documents(inCapture: bytes, configuration: ReceiptDecoderConfiguration()).map(
                    \.commands)
            }
            #expect(try commands(masked) == commands(bytes), "\(name)")
        }
    }

    @Test("no card number survives the mask, wherever it is printed")
    func cards() throws {
        var random = SplitMix(seed: 9)
        for _ in 0..<500 {
            let digits = (0..<16).map { _ in Character("\(Int.random(in: 1...8, using: &random))") }
            var print = ""
            for digit in digits {
                print.append(digit)
                print += ["", "", "", " ", "\n", "\u{1B}E\u{1}"].randomElement(using: &random) ?? ""
            }
            let masked = String(decoding: try mask(Array(print.utf8)), as: UTF8.self)
            #expect(masked.allSatisfy { !("1"..."8").contains($0) || $0 == "\u{1}" })
        }
    }

    @Test("a recording says until when it may be read, and is deleted afterwards")
    func expiry() throws {
        let now = UnixTime(seconds: Int64(1_800_000_000))
        let capture = TechnicianCapture(
            till: "till 1", dialect: "escpos", expires: now + .seconds(60), bytes: [1, 2, 10, 3])
        #expect(try TechnicianCapture(file: capture.file, now: now)?.bytes == [1, 2, 10, 3])
        #expect(throws: TechnicianCapture.Failure.self) {
            _ = try TechnicianCapture(file: capture.file, now: now + .seconds(60))
        }
        #expect(try TechnicianCapture(file: [0x1B, 0x40, 0x0A], now: now) == nil)
        #expect(throws: TechnicianCapture.Failure.damaged) {
            _ = try TechnicianCapture(file: Array("\(TechnicianCapture.magic) expires=soon\n".utf8), now: now)
        }
        let folder = try TestFolder()
        let old = TechnicianCapture(till: "1", dialect: "escpos", expires: UnixTime(seconds: Int64(1_000)), bytes: [65])
        try folder.append(old.file, to: "old.fbc")
        let bench = try FeedBench(.capture(path: folder.path + "/old.fbc", bytesPerSecond: nil))
        #expect(bench.notices.wait { !$0.isEmpty })
        #expect(bench.feed.stop())
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/old.fbc"))
        let fresh = TechnicianCapture(
            till: "1", dialect: "escpos", expires: UnixTime(seconds: Int64(4_000_000_000)),
            bytes: FeedBench.receipt("1.00"))
        try folder.append(fresh.file, to: "fresh.fbc")
        let again = try FeedBench(.capture(path: folder.path + "/fresh.fbc", bytesPerSecond: nil))
        #expect(again.documents.wait { $0.count == 1 })
        #expect(again.documents.all.first?.lines.first == "Milk 1.00")
    }

    @Test("the raw view names commands and shows no text")
    func listing() throws {
        var listing = try #require(CommandListing(dialect: .escpos))
        let lines = listing.consume(Array("\u{1B}@Maria 77\n\u{1D}V\u{1}".utf8))
        #expect(lines == ["ESC @  1B 40", "  \"Xxxxx 99\"", "LF  0A", "GS V  1D 56 01"])
    }

    private func document(_ print: String) throws -> Document {
        try #require(
            try ReceiptDecoder.documents(inCapture: Array(print.utf8), configuration: FeedBench.configuration("t"))
                .first)
    }

    @Test("a good receipt passes its sheet; each thing that is missing fails it by name")
    func sheet() throws {
        let good = try document(
            "\u{1B}@CORNER SHOP\nReceipt No 4711\n2026-11-21 18:30:00\nMilk 1.00\nBread 2.00\nTOTAL EUR 3.00\n\u{1D}V\u{1}"
        )
        var counters = FeedCounters()
        counters.bytes = 100
        let sheet = TillSheet(good, counters: counters, localTime: "2026-11-21T18:31:00")
        #expect(sheet.passed, "\(sheet.text)")
        #expect(sheet.text.contains("PASS  total           3.00 EUR"))
        #expect(sheet.text.contains("60 s behind the box"))
        counters.lineErrors.framing = 3
        #expect(!TillSheet(good, counters: counters, localTime: "2026-11-21T18:31:00").passed)
        #expect(!TillSheet(good, counters: FeedCounters(), localTime: "2026-11-23T18:31:00").passed)
        let bad = try document("\u{1B}@Milk 1.00\nCard 4111 1111 1111 1111\n\u{1D}V\u{1}")
        let failed = TillSheet(bad, counters: counters, localTime: "2026-11-21T18:31:00")
        let names = failed.lines.filter { $0.verdict == .fail }.map(\.what)
        #expect(names.contains("number") && names.contains("card data") && names.contains("date and time"))
        #expect(!failed.text.contains("4111"))
    }

    @Test("the language of real receipts is found", .enabled(if: hasFixtures))
    func dialects() throws {
        for name in ["escpos-php/receipt-with-logo.bin", "receiptline/escpos-en-receipt.bin"] {
            let guess = DialectDetector.dialects(of: try Self.fixture(name)).first
            #expect(guess?.dialect == .escpos && guess?.unknown == 0, "\(name): \(String(describing: guess))")
        }
    }

    @Test(
        "the code page is the one in which words have letters where letters are due",
        arguments: [
            ("cp850", "Käse Grüße Brötchen Gebühr", [0x84, 0x81, 0xE1, 0x94]),
            ("windows-1252", "Käse Grüße Brötchen Gebühr", [0xE4, 0xFC, 0xDF, 0xF6]),
        ] as [(String, String, [UInt8])])
    func codePages(name: String, text: String, letters: [UInt8]) {
        let map: [Character: UInt8] = ["ä": letters[0], "ü": letters[1], "ß": letters[2], "ö": letters[3]]
        let bytes = text.flatMap { character -> [UInt8] in map[character].map { [$0] } ?? Array(String(character).utf8)
        }
        let receipt = [0x1B, 0x40] + bytes + Array("\nSUMME 1,00\n\u{1D}V\u{1}".utf8)
        let found = DialectDetector.letters(of: receipt, dialect: .escpos)
        // Pages that read the same are the same for this till.
        let read = CodePageProfile(name: found.name).map { profile -> String in
            var configuration = ReceiptDecoderConfiguration()
            configuration.codePages = profile
            let documents = try? ReceiptDecoder.documents(inCapture: receipt, configuration: configuration)
            return documents?.first?.lines.first ?? ""
        }
        #expect(read == text || found.doubt != nil, "\(found)")
    }

    @Test("a receipt in plain ASCII says nothing about its code page, and says so")
    func ascii() {
        let letters = DialectDetector.letters(of: FeedBench.receipt("1.00"), dialect: .escpos)
        #expect(letters.name == "epson" && letters.doubt != nil)
    }

    @Test("a technician's port is held like the daemon's, and let go")
    func probe() throws {
        let pty = try Pty()
        do {
            let probe = try PortProbe(path: pty.path, settings: LineSettings(baud: 115_200))
            #expect(throws: PortError.self) { try PortProbe(path: pty.path, settings: LineSettings()) }
            pty.write(Array("abc".utf8))
            #expect(PortProbe.first(of: [probe], timeout: .seconds(20)) === probe)
            #expect(try probe.read(timeout: .seconds(20)) == Array("abc".utf8))
            try probe.change(to: LineSettings(baud: 9600))
            #expect(try probe.read(timeout: .zero) == [])
            #expect(probe.errors() == nil)
        }
        #expect(throws: Never.self) { try PortProbe(path: pty.path, settings: LineSettings()) }
    }
}
