import Testing

@testable import Receipts

@Suite("what divides documents")
struct SegmentationTests {
    func decoder(_ change: (inout SegmentationSettings) -> Void, dialect: Dialect = .escpos) throws -> ReceiptDecoder {
        var configuration = Print.configuration()
        configuration.dialect = dialect
        change(&configuration.segmentation)
        return try ReceiptDecoder(configuration)
    }

    func lines(_ text: String...) -> [UInt8] { Array((text.joined(separator: "\n") + "\n").utf8) }

    @Test(
        "a last line is known exactly, by wildcard, by expression or by its bytes",
        arguments: [
            BoundaryPattern.exact("thank   you"), .wildcard("T?ank*"), .regex("^thank"),
            .hex(Array("THANK YOU".utf8)), .hex(Array("YOU\n".utf8)),
        ])
    func ends(pattern: BoundaryPattern) throws {
        var decoder = try decoder { $0.end = [pattern] }
        let receipt = lines("Milk 1.00", "TOTAL 1.00", " THANK YOU ".trimmed)
        let documents = decoder.consume(receipt + receipt, at: Print.moment(0))
        #expect(documents.map(\.total?.minor) == [100, 100])
        #expect(documents.map(\.complete) == [true, true])
        #expect(documents.map { $0.lines.contains("THANK YOU") } == [true, true])
    }

    @Test(
        "a first line begins a document whatever happened to the one before",
        arguments: [
            BoundaryPattern.exact("SHOP 7"), .wildcard("SHOP*"), .hex([0x1B, 0x61, 0x01] + Array("SHOP".utf8)),
        ])
    func begins(pattern: BoundaryPattern) throws {
        var decoder = try decoder { $0.begin = [pattern] }
        let receipt = [0x1B, 0x61, 0x01] + lines("SHOP 7", "Milk 1.00", "TOTAL 1.00")
        let documents =
            decoder.consume(receipt + receipt + receipt, at: Print.moment(0)) + decoder.finish(at: Print.moment(0))
        #expect(documents.map { $0.lines.first } == ["SHOP 7", "SHOP 7", "SHOP 7"])
        #expect(documents.map(\.total?.minor) == [100, 100, 100])
    }

    @Test("capitals and small letters differ only when the settings say so")
    func letterCase() throws {
        for sensitive in [false, true] {
            var decoder = try decoder {
                $0.end = [.exact("thank you")]
                $0.caseSensitive = sensitive
            }
            #expect(decoder.consume(lines("TOTAL 1.00", "THANK YOU"), at: Print.moment(0)).count == (sensitive ? 0 : 1))
        }
    }

    @Test("further lines after the last one belong to the document, up to the next boundary")
    func extraLines() throws {
        var decoder = try decoder {
            $0.end = [.exact("THANK YOU")]
            $0.extraLines = 2
        }
        let first = decoder.consume(lines("TOTAL 1.00", "THANK YOU", "a", "b", "TOTAL 2.00"), at: Print.moment(0))
        #expect(first.map(\.lines) == [["TOTAL 1.00", "THANK YOU", "a", "b"]])
        // A cut comes before they are all there.
        let second = decoder.consume(lines("THANK YOU", "c") + Print.cut, at: Print.moment(1))
        #expect(second.map(\.lines) == [["TOTAL 2.00", "THANK YOU", "c"]])
        // So does silence, and the document is whole all the same.
        _ = decoder.consume(lines("x", "THANK YOU"), at: Print.moment(2))
        #expect(decoder.advance(to: Print.moment(62)).map(\.complete) == [true])
    }

    @Test("a raw pattern is found whatever the pieces, and not inside an image", arguments: 1...7)
    func rawPieces(size: Int) throws {
        var decoder = try decoder { $0.end = [.hex([0x1B, 0x64, 0x05])] }
        let image = Print.raster(width: 3, height: 2, payload: [0x00, 0x1B, 0x64, 0x05, 0x00, 0x00])
        let bytes =
            lines("TOTAL 1.00") + image + lines("Bye") + [0x1B, 0x64, 0x05] + lines("TOTAL 2.00") + [0x1B, 0x64, 0x05]
        var documents: [Document] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            documents += decoder.consume(bytes[start..<min(bytes.count, start + size)], at: Print.moment(0))
        }
        #expect(documents.map(\.lines) == [["TOTAL 1.00", "Bye"], ["TOTAL 2.00"]])
        #expect(decoder.nextDeadline == nil)
    }

    @Test("bytes that might become a pattern are given back after a silence")
    func heldBack() throws {
        var decoder = try decoder { $0.end = [.hex(Array("1.00 END".utf8))] }
        _ = decoder.consume(Array("TOTAL 1.00".utf8), at: Print.moment(0))
        #expect(decoder.nextDeadline != nil)
        _ = decoder.advance(to: Print.moment(3))
        let documents = decoder.consume([0x0A] + Print.cut, at: Print.moment(4))
        #expect(documents.map(\.lines) == [["TOTAL 1.00"]])
    }

    @Test("hexadecimal text is bytes in the usual ways of writing them, and nothing else")
    func hexText() {
        #expect(BoundaryPattern.bytes(hex: "1B 40") == [0x1B, 0x40])
        #expect(BoundaryPattern.bytes(hex: "0x1b,0x40") == [0x1B, 0x40])
        #expect(BoundaryPattern.bytes(hex: "1b40") == [0x1B, 0x40])
        #expect(BoundaryPattern.bytes(hex: "1B 4") == nil)
        #expect(BoundaryPattern.bytes(hex: "") == nil)
        #expect(BoundaryPattern.bytes(hex: String(repeating: "00", count: 65)) == nil)
    }

    @Test("an expression that cannot be used is refused with its place")
    func refused() {
        #expect(throws: PatternError(field: "end", position: 2, pattern: "(")) {
            _ = try decoder { $0.end = [.exact("("), .regex("(")] }
        }
    }

    @Test("a document ends at its line limit and at its page limit")
    func limits() throws {
        var decoder = try decoder { $0.lineLimit = 10 }
        let documents = decoder.consume(Array(String(repeating: "x\n", count: 25).utf8), at: Print.moment(0))
        #expect(documents.map(\.lines.count) == [10, 10])
        #expect(documents.allSatisfy { $0.warnings.contains("the document was too long and was closed") })

        var pages = try self.decoder({ $0.pageLimit = 2 }, dialect: .text)
        let two = pages.consume(Array("a\n\u{0C}b\n\u{0C}c\n\u{0C}".utf8), at: Print.moment(0))
        #expect(two.map(\.lines) == [["a", "b"]])
    }

    @Test("a reset in the middle closes what is in hand as truncated, unless the till resets within its receipts")
    func reset() throws {
        var strict = try decoder { _ in }
        let bytes = Print.reset + lines("Milk 1.00") + Print.receipt("Tea 2.00\nTOTAL 2.00")
        let documents = strict.consume(bytes, at: Print.moment(0))
        #expect(documents.map(\.complete) == [false, true])
        #expect(documents.first?.warnings.contains("no cut at its end: the printer was reset") == true)

        var lenient = try decoder { $0.resetEnds = false }
        let one = lenient.consume(bytes, at: Print.moment(0))
        #expect(one.map(\.lines) == [["Milk 1.00", "Tea 2.00", "TOTAL 2.00"]])
        #expect(one.map(\.complete) == [true])
    }

    @Test("a break of the line gives out what is in hand as incomplete, and the next reset begins afresh")
    func lineBreak() throws {
        var decoder = try decoder { _ in }
        let image = Print.raster(width: 72, height: 100, payload: [1, 2, 3])
        _ = decoder.consume(Print.reset + lines("TOTAL 1.00") + image, at: Print.moment(0))
        let broken = decoder.lineBreak(at: Print.moment(1))
        #expect(broken.map(\.complete) == [false])
        #expect(decoder.lineBreak(at: Print.moment(1)).isEmpty)
        #expect(decoder.counters.lineBreaks == 2)
        #expect(decoder.consume(Print.receipt("TOTAL 2.00"), at: Print.moment(2)).map(\.complete) == [true])
        _ = decoder.lineBreak(at: Print.moment(3))
        // Noise before the next receipt's text is no line of it.
        let noisy = decoder.consume([0x00, 0xFE, 0x02, 0x0A] + lines("TOTAL 3.00") + Print.cut, at: Print.moment(4))
        #expect(noisy.map(\.lines) == [["TOTAL 3.00"]])
        #expect(noisy.map(\.complete) == [false])
    }

    @Test("slips with the number of a receipt become part of it within the time, and no others")
    func joins() throws {
        var decoder = try decoder { $0.joinWithin = .seconds(20) }
        let receipt = Print.receipt("SHOP\nReceipt No. 1234\nMilk 1.00\nTOTAL 1.00")
        let slip = Print.receipt("COUPON\nReceipt No. 1234\nSAVE 10 %")
        #expect(decoder.consume(receipt, at: Print.moment(0)).isEmpty)
        #expect(decoder.nextDeadline == .seconds(20))
        #expect(decoder.consume(slip, at: Print.moment(5)).isEmpty)
        let joined = decoder.advance(to: Print.moment(25))
        #expect(joined.map(\.kind) == [.sale])
        #expect(joined.first?.lines.contains("COUPON") == true)
        #expect(joined.first?.total?.minor == 100)
        #expect(joined.first?.lastByte == Print.moment(5))
        #expect(decoder.nextDeadline == nil)

        let other = Print.receipt("SHOP\nReceipt No. 1235\nMilk 1.00\nTOTAL 1.00")
        _ = decoder.consume(receipt, at: Print.moment(300))
        #expect(decoder.consume(other, at: Print.moment(301)).map(\.number) == ["1234"])
        #expect(decoder.finish(at: Print.moment(302)).map(\.number) == ["1235"])
    }

    @Test("without a setting every slip is given out at once")
    func noJoin() throws {
        var decoder = try decoder { _ in }
        #expect(decoder.consume(Print.receipt("Receipt No. 1\nTOTAL 1.00"), at: Print.moment(0)).count == 1)
    }

    @Test("the alarm for a wrong dialect comes at 40 commands and goes when the share has fallen")
    func monitor() {
        var monitor = DialectMonitor()
        for index in 0..<39 { monitor.count(index.isMultiple(of: 3) ? .unknown : .command) }
        #expect(!monitor.isAlarmed)
        monitor.count(.unknown)
        #expect(monitor.isAlarmed)
        for _ in 0..<100 { monitor.count(.command) }
        #expect(monitor.isAlarmed, "between the two shares it stays as it is")
        for _ in 0..<400 { monitor.count(.command) }
        #expect(!monitor.isAlarmed)
        #expect(monitor.alarms == 1)
    }
}

extension String {
    fileprivate var trimmed: String { split(separator: " ").joined(separator: " ") }
}
