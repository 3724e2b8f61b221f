import Foundation
import Receipts
import Subjects
import Testing

@testable import POSFeed

@Suite("What a technician sees of a till")
struct CommissioningTests {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/fixtures/pos")
    static let hasFixtures = FileManager.default.fileExists(atPath: fixtures.path)

    static func fixture(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: fixtures.appending(path: name)))
    }

    private func mask(_ bytes: [UInt8], _ dialect: Dialect = .escpos, pieces: Int = .max) -> [UInt8] {
        var mask = CaptureMask(dialect: dialect)
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: min(pieces, max(1, bytes.count))) {
            out += mask.consume(Array(bytes[start..<min(bytes.count, start + min(pieces, bytes.count))]))
        }
        return out + mask.finish()
    }

    @Test("a mask hides names, numbers and cards, and keeps commands, length and the words that receipts share")
    func masked() throws {
        let print = "\u{1B}@Served by Maria\n4111 1111 1111 1111\nTOTAL 12.50 EUR\n\u{1D}k\u{04}ABC123\0\u{1D}V\u{1}"
        let masked = mask(Array(print.utf8))
        let text = String(decoding: masked, as: UTF8.self)
        #expect(masked.count == print.utf8.count)
        #expect(!text.contains("Maria") && !text.contains("4111") && !text.contains("123"))
        #expect(text.contains("Xxxxxx xx Xxxxx\n9999 9999 9999 9999\nTOTAL 99.99 EUR\n"))
        #expect(text.hasPrefix("\u{1B}@") && text.hasSuffix("\u{1D}V\u{1}"))
    }

    @Test("masking does not depend on how the stream is cut")
    func pieces() {
        let bytes = Array("\u{1B}@Subtotal 1.00\nZebra 2.00\n\u{1D}(k\u{08}\u{0}1P0hello\nTOTAL 3.00\n".utf8)
        let whole = mask(bytes)
        for size in 1...bytes.count { #expect(mask(bytes, pieces: size) == whole, "pieces of \(size)") }
    }

    @Test("real receipts keep their length and their commands under the mask", .enabled(if: hasFixtures))
    func realReceipts() throws {
        for name in ["receipt-with-logo", "demo", "qr-code", "barcode", "text-size"] {
            let bytes = try Self.fixture("escpos-php/\(name).bin")
            let masked = mask(bytes)
            #expect(masked.count == bytes.count, "\(name)")
            func commands(_ bytes: [UInt8]) throws -> [Document.Commands] {
                try ReceiptDecoder.documents(inCapture: bytes, configuration: ReceiptDecoderConfiguration()).map(
                    \.commands)
            }
            #expect(try commands(masked) == commands(bytes), "\(name)")
        }
    }

    @Test("real receipts for Star printers keep theirs, and their text is hidden", .enabled(if: hasFixtures))
    func realStarReceipts() throws {
        for (path, isStar) in try DialectDetectorTests.captures() where isStar {
            for dialect in [Dialect.starLine, .starPRNT] {
                let bytes = try Self.fixture(path)
                let masked = mask(bytes, dialect)
                #expect(masked.count == bytes.count, "\(path)")
                var count = (plain: TokenCount(dialect: dialect), masked: TokenCount(dialect: dialect))
                count.plain.take(bytes)
                count.masked.take(masked)
                #expect(count.plain.summary == count.masked.summary, "\(path)")
                var configuration = ReceiptDecoderConfiguration()
                configuration.dialect = dialect
                let documents = try ReceiptDecoder.documents(inCapture: masked, configuration: configuration)
                let text = documents.flatMap(\.lines).joined()
                #expect(!text.contains { ("1"..."8").contains($0) }, "\(path)")
            }
        }
    }

    @Test("the data of Star's bar codes and symbols is hidden, their sizes stay")
    func starSymbols() {
        let barcode = Array("\u{1B}b4120AB4711\u{1E}".utf8)
        #expect(mask(barcode, .starLine) == Array("\u{1B}b4120XX9999\u{1E}".utf8))
        let code = [0x1B, 0x1D, 0x79, 0x44, 0x31, 0, 6, 0] + Array("AB4711".utf8) + [0x1B, 0x1D, 0x79, 0x50]
        #expect(
            mask(code, .starPRNT) == [0x1B, 0x1D, 0x79, 0x44, 0x31, 0, 6, 0] + Array("XX9999".utf8) + code.suffix(4))
        let blocks = [0x1B, 0x1D, 0x79, 0x44, 0x32, 2, 1, 2, 0] + Array("A4".utf8) + [1, 3, 0] + Array("B47".utf8)
        #expect(
            mask(blocks, .starPRNT)
                == [0x1B, 0x1D, 0x79, 0x44, 0x32, 2, 1, 2, 0] + Array("X9".utf8) + [1, 3, 0] + Array("X99".utf8))
        let document = [0x1B, 0x1D, 0x78, 0x44, 4, 0] + Array("K471".utf8)
        #expect(mask(document, .starPRNT) == [0x1B, 0x1D, 0x78, 0x44, 4, 0] + Array("X999".utf8))
        let columns: [UInt8] = [0x1B, 0x44, 2, 4, 6, 8, 10, 12, 14, 16, 18, 0]
        #expect(mask(columns, .starLine) == columns && mask(columns) == columns)
    }

    @Test("stored logos are blanked behind their sizes")
    func storedLogos() {
        let first: [UInt8] = [1, 0, 1, 0] + Array(repeating: 0x35, count: 8)
        let second: [UInt8] = [2, 0, 1, 0] + Array(repeating: 0x36, count: 16)
        let blank = [1, 0, 1, 0] + Array(repeating: UInt8(0x39), count: 8) + [2, 0, 1, 0]
        #expect(
            mask([0x1C, 0x71, 2] + first + second)
                == [0x1C, 0x71, 2] + blank + Array(repeating: UInt8(0x39), count: 16))
    }

    @Test("the raw view of a Star line names its commands")
    func starListing() {
        var listing = CommandListing(dialect: .starLine)
        let lines = listing.consume(Array("\u{1B}@Maria 77\n\u{1B}d\u{2}".utf8))
        #expect(lines == ["ESC @  1B 40", "  \"Xxxxx 99\"", "LF  0A", "ESC d  1B 64 02"])
    }

    @Test(
        "expired recordings are swept from a folder; fresh ones, links, and files of other names stay, whatever is in them"
    )
    func sweep() throws {
        let folder = try TestFolder()
        let now = UnixTime(seconds: Int64(1_800_000_000))
        func recording(_ expires: UnixTime) -> [UInt8] {
            TechnicianCapture(till: "1", dialect: "escpos", expires: expires, bytes: [65]).file
        }
        try folder.append(recording(now), to: "old.fbc")
        try folder.append(recording(now), to: "queue.sqlite-shm")
        try folder.append(recording(now + .seconds(1)), to: "fresh.fbc")
        try folder.append(Array("\(TechnicianCapture.magic) expires=soon\n".utf8), to: "damaged.fbc")
        try folder.append([0x1B, 0x40], to: "plain.bin")
        try FileManager.default.createDirectory(atPath: "\(folder.path)/captures", withIntermediateDirectories: true)
        try folder.append(recording(now), to: "captures/old.fbc")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/link", withDestinationPath: "\(folder.path)/captures/old.fbc")
        #expect(CaptureSweep.sweep(folder.path, now: now) == ["\(folder.path)/old.fbc"])
        #expect(CaptureSweep.sweep(folder.path, now: now) == [])
        #expect(CaptureSweep.sweep("\(folder.path)/nowhere", now: now) == [])
        let deleted = Gathered<String>()
        let sweep = CaptureSweep(folders: ["\(folder.path)/captures"], now: { now }, report: { deleted.add($0) })
        sweep.start()
        #expect(deleted.wait { $0.count == 1 })
        sweep.stop(deadline: .seconds(20))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
                == ["captures", "damaged.fbc", "fresh.fbc", "link", "plain.bin", "queue.sqlite-shm"])
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
            let masked = String(decoding: mask(Array(print.utf8)), as: UTF8.self)
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
        var listing = CommandListing(dialect: .escpos)
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
