import Testing

@testable import Receipts

@Suite("documents in a stream")
struct DocumentSegmenterTests {
    func decoder(synchronised: Bool = true, _ change: (inout ReceiptDecoderConfiguration) -> Void = { _ in }) throws
        -> ReceiptDecoder
    {
        var configuration = Print.configuration()
        configuration.startsSynchronised = synchronised
        change(&configuration)
        return try ReceiptDecoder(configuration)
    }

    @Test("a cut ends a document at once, with the times of its first and last byte")
    func cut() throws {
        var decoder = try decoder()
        #expect(decoder.consume(Print.reset + Array("Milk 1.00\n".utf8), at: Print.moment(10)).isEmpty)
        let documents = decoder.consume(Array("TOTAL 1.00\n".utf8) + Print.cut, at: Print.moment(12))
        #expect(documents.map(\.complete) == [true])
        #expect(documents.first?.firstByte == Print.moment(10))
        #expect(documents.first?.lastByte == Print.moment(12))
        #expect(documents.first?.warnings == [])
        #expect(decoder.nextDeadline == nil)
    }

    @Test("when a cut is lost the next reset ends the document")
    func lostCut() throws {
        let bytes = Print.receipt("Milk 1.00\nTOTAL 1.00", cut: false) + Print.receipt("Tea 2.00\nTOTAL 2.00")
        let documents = try ReceiptDecoder.documents(inCapture: bytes, configuration: Print.configuration())
        #expect(documents.map(\.total?.minor) == [100, 200])
        #expect(documents.first?.warnings == ["no cut at its end: the printer was reset"])
    }

    @Test("a pause shorter than the hard idle time does not end a document")
    func pause() throws {
        var decoder = try decoder()
        _ = decoder.consume(Print.reset + Array("Milk 1.00\n".utf8), at: Print.moment(0))
        #expect(decoder.nextDeadline == .seconds(3))
        #expect(decoder.advance(to: Print.moment(3)).isEmpty)
        #expect(decoder.nextDeadline == .seconds(60))
        #expect(decoder.advance(to: Print.moment(59)).isEmpty)
        let documents = decoder.consume(Array("TOTAL 1.00\n".utf8) + Print.cut, at: Print.moment(59))
        #expect(documents.map(\.total?.minor) == [100])
        #expect(documents.map(\.complete) == [true])
    }

    @Test("a long silence ends a document, and it is complete only with a total")
    func silence() throws {
        var decoder = try decoder()
        _ = decoder.consume(Print.receipt("Milk 1.00\nTOTAL 1.00", cut: false), at: Print.moment(0))
        #expect(decoder.advance(to: Print.moment(60)).map(\.complete) == [true])
        _ = decoder.consume(Print.receipt("Milk 1.00", cut: false), at: Print.moment(100))
        // The next bytes come so late that nobody let time pass in between.
        #expect(decoder.consume(Print.reset, at: Print.moment(300)).map(\.complete) == [false])
    }

    @Test("listening that begins in the middle of a document gives an incomplete one, then whole ones")
    func midStream() throws {
        var decoder = try decoder(synchronised: false)
        let documents = decoder.consume(
            Array("lk 1.00\nTOTAL 1.00\n".utf8) + Print.cut + Print.receipt("Tea 2.00\nTOTAL 2.00"), at: Print.moment(0)
        )
        #expect(documents.map(\.complete) == [false, true])
        #expect(documents.map(\.total?.minor) == [100, 200])
    }

    @Test("listening that begins with a reset gives a whole document")
    func attachAtReset() throws {
        var decoder = try decoder(synchronised: false)
        #expect(decoder.consume(Print.receipt("TOTAL 1.00"), at: Print.moment(0)).map(\.complete) == [true])
    }

    @Test("listening that begins inside an image does not take pixels for lines")
    func midImage() throws {
        var decoder = try decoder(synchronised: false)
        var random = Seeded(3)
        let pixels = (0..<400).map { _ in
            [0x00, 0xFF, 0x80, 0x01, 0x7F, 0x1F].randomElement(using: &random) ?? UInt8(0)
        }
        let documents = decoder.consume(pixels + [0x0A] + Array("TOTAL 1.00\n".utf8) + Print.cut, at: Print.moment(0))
        #expect(documents.map(\.lines) == [["TOTAL 1.00"]])
        #expect(documents.map(\.complete) == [false])
    }

    @Test("a payload that never comes gives back the receipt's end after a short silence")
    func truncatedPayload() throws {
        var decoder = try decoder()
        let image = Print.raster(width: 72, height: 20, payload: [UInt8](repeating: 0, count: 1440 - 255))
        let bytes = Print.reset + Array("TOTAL 1.00\n".utf8) + image + Array("Thanks for visiting\n".utf8) + Print.cut
        #expect(decoder.consume(bytes, at: Print.moment(0)).isEmpty)
        let documents = decoder.advance(to: Print.moment(3))
        #expect(documents.map(\.lines) == [["TOTAL 1.00", "Thanks for visiting"]])
        #expect(documents.map(\.complete) == [false])
        #expect(decoder.counters.truncatedBytes > 1000)
    }

    @Test("a lost line ends the document as incomplete, and the next one too")
    func interrupted() throws {
        var decoder = try decoder()
        _ = decoder.consume(Print.reset + Array("Milk 1.00\n".utf8), at: Print.moment(0))
        #expect(decoder.interrupt(at: Print.moment(1)).map(\.complete) == [false])
        #expect(decoder.consume(Array("TOTAL 1.00\n".utf8) + Print.cut, at: Print.moment(2)).map(\.complete) == [false])
        #expect(decoder.consume(Print.receipt("TOTAL 2.00"), at: Print.moment(3)).map(\.complete) == [true])
    }

    @Test("the drawer pulse behind a cut belongs to the sale; a pulse alone is an opening without a sale")
    func drawer() throws {
        var decoder = try decoder()
        #expect(decoder.consume(Print.receipt("TOTAL 1.00") + Print.drawer, at: Print.moment(0)).map(\.kind) == [.sale])
        #expect(decoder.advance(to: Print.moment(100)).isEmpty)
        #expect(decoder.consume(Print.drawer, at: Print.moment(200)).isEmpty)
        let documents = decoder.advance(to: Print.moment(260))
        #expect(documents.map(\.kind) == [.noSale])
        #expect(documents.first?.firstByte == Print.moment(200))
        #expect(decoder.nextDeadline == nil)
    }

    @Test("a drawer pulse before the receipt is part of the sale")
    func drawerFirst() throws {
        var decoder = try decoder()
        #expect(decoder.consume(Print.drawer, at: Print.moment(0)).isEmpty)
        #expect(decoder.consume(Print.receipt("TOTAL 1.00"), at: Print.moment(20)).map(\.kind) == [.sale])
        #expect(decoder.advance(to: Print.moment(200)).isEmpty)
    }

    @Test("configured first and last lines divide documents")
    func lines() throws {
        var decoder = try decoder {
            $0.patterns.begin = ["^\\*\\*\\* START"]
            $0.patterns.end = ["^THANK YOU"]
        }
        let first = decoder.consume(
            Array("*** START\nTOTAL 1.00\n*** START\nTOTAL 2.00\nTHANK YOU\n".utf8), at: Print.moment(0))
        #expect(first.map(\.total?.minor) == [100, 200])
        #expect(first.last?.complete == true)
    }

    @Test("an endless document is closed and said to be overlong")
    func endless() throws {
        var decoder = try decoder()
        var documents: [Document] = []
        for index in 0..<9000 {
            documents += decoder.consume(Array("line \(index)\n".utf8), at: Print.moment(index / 100))
        }
        #expect(documents.count == 2)
        #expect(documents.allSatisfy { $0.lines.count == DocumentSegmenter.lineLimit && !$0.complete })
    }

    @Test("an identical receipt within two minutes is a copy, a later one is not")
    func copies() throws {
        var decoder = try decoder()
        let receipt = Print.receipt("Milk 1.00\nTOTAL 1.00")
        #expect(decoder.consume(receipt, at: Print.moment(0)).map(\.kind) == [.sale])
        #expect(decoder.consume(receipt, at: Print.moment(100)).map(\.kind) == [.reprint])
        #expect(decoder.consume(receipt, at: Print.moment(400)).map(\.kind) == [.sale])
        let ticket = Print.receipt("TABLE 4\n2 x Beer")
        #expect(decoder.consume(ticket, at: Print.moment(500)).map(\.kind) == [.kitchen])
        #expect(decoder.consume(ticket, at: Print.moment(510)).map(\.kind) == [.kitchen])
    }

    @Test("a copy has the body hash of its original")
    func bodyHash() throws {
        let original = try Print.documents("Milk 1.00\nTOTAL   1.00")
        let copy = try Print.documents("*** REPRINT ***\nMilk 1.00\nTOTAL 1.00")
        #expect(copy.map(\.kind) == [.reprint])
        #expect(original.map(\.bodyHash) == copy.map(\.bodyHash))
        #expect(try Print.documents("Milk 2.00\nTOTAL 2.00").map(\.bodyHash) != copy.map(\.bodyHash))
    }

    @Test("any split of a stream gives the same documents", arguments: 0..<25)
    func chunks(seed: UInt64) throws {
        var random = Seeded(seed)
        var bytes: [UInt8] = []
        for _ in 0..<6 {
            bytes += Print.receipt(
                "SHOP \(seed)\nItem  \(Int.random(in: 1...9, using: &random)).50\nCARD 4111 1111 1111 1111\nTOTAL 5.00",
                reset: Bool.random(using: &random), cut: Int.random(in: 0..<4, using: &random) > 0)
            if Bool.random(using: &random) {
                bytes += (0..<30).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
        }
        var whole = try decoder()
        var pieces = try decoder()
        let expected = whole.consume(bytes, at: Print.moment(0)) + whole.finish(at: Print.moment(0))
        var found: [Document] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...40, using: &random))
            rest = rest.dropFirst(piece.count)
            found += pieces.consume(piece, at: Print.moment(0))
        }
        found += pieces.finish(at: Print.moment(0))
        #expect(found == expected)
    }

    @Test("random bytes never crash the decoder, at any pace", arguments: 0..<30)
    func noise(seed: UInt64) throws {
        var random = Seeded(seed &+ 77)
        var decoder = try decoder(synchronised: seed.isMultiple(of: 2))
        var seconds = 0
        var lines = 0
        let prefixes: [UInt8] = [0x1B, 0x1C, 0x1D, 0x10, 0x1F, 0x0A, 0x0D, 0x12]
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 1...80, using: &random)).map { _ in
                Int.random(in: 0..<4, using: &random) == 0
                    ? prefixes.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
            }
            seconds += [0, 0, 0, 1, 4, 70].randomElement(using: &random) ?? 0
            lines += decoder.consume(bytes, at: Print.moment(seconds)).reduce(0) { $0 + $1.lines.count }
        }
        lines += decoder.finish(at: Print.moment(seconds)).reduce(0) { $0 + $1.lines.count }
        #expect(lines <= decoder.counters.bytes)
        #expect(decoder.nextDeadline == nil)
    }
}
