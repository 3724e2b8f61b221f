import Testing

@testable import Receipts

@Suite("ESC/POS tokens")
struct ESCPOSTokeniserTests {
    func tokens(_ bytes: [UInt8], giveUp: Bool = true) -> [PrintToken] {
        var tokeniser = CommandTokeniser<ESCPOSCommands>()
        var tokens: [PrintToken] = []
        tokeniser.consume(bytes) { tokens.append($0) }
        if giveUp { tokeniser.recover(giveUp: true) { tokens.append($0) } }
        return tokens
    }

    func text(_ string: String) -> PrintToken { .text(Array(string.utf8)) }

    @Test("a 24-dot image (ESC * 33) takes three bytes a column")
    func bitImage() {
        let image: [UInt8] = [0x1B, 0x2A, 0x21, 96, 0] + [UInt8](repeating: 0x41, count: 288)
        #expect(tokens(image + Array("Z".utf8)) == [.raster(bytes: 288), text("Z")])
    }

    @Test("italics with and without a parameter leave the text alone")
    func italics() {
        #expect(tokens([0x1B, 0x34, 0x01] + Array("In".utf8)) == [.command, text("In")])
        #expect(tokens([0x1B, 0x34] + Array("Italic".utf8)) == [.command, text("Italic")])
        #expect(tokens([0x1B, 0x34]) == [.command])
    }

    @Test("a parameter may be a blank, XON or any other byte")
    func parameters() {
        let mode = PrintStyle.Change(width: 2, height: 1, emphasised: false, underlined: false)
        #expect(tokens([0x1B, 0x21, 0x20] + Array("A".utf8)) == [.style(mode), text("A")])
        #expect(tokens([0x1D, 0x21, 0x11] + Array("A".utf8)) == [.style(.init(width: 2, height: 2)), text("A")])
    }

    @Test("an unknown command costs its prefix and one byte, and is counted")
    func unknown() {
        #expect(tokens([0x1B, 0x7E] + Array("A".utf8)) == [.unknown, text("A")])
        #expect(tokens([0x02] + Array("A".utf8)) == [.unknown, text("A")])
    }

    @Test("real-time requests between commands are commands")
    func realTime() {
        #expect(tokens([0x10, 0x04, 0x01, 0x10, 0x14, 1, 0, 1] + Array("A".utf8)) == [.command, .drawer, text("A")])
    }

    @Test("a status request injected into an image does not spill its last bytes as text")
    func injected() {
        var payload = [UInt8](repeating: 0xAA, count: 96)
        payload.replaceSubrange(40..<40, with: [0x10, 0x04, 0x01])
        let bytes = Print.raster(width: 12, height: 8, payload: payload) + Print.reset + Array("OK".utf8)
        #expect(tokens(bytes) == [.raster(bytes: 99), .initialise, text("OK")])
    }

    @Test("a bitmap (GS D) is as long as its own header says")
    func bitmap() {
        let bmp: [UInt8] = [0x42, 0x4D, 20, 0, 0, 0] + [UInt8](repeating: 0x55, count: 14)
        let bytes: [UInt8] = [0x1D, 0x44, 0x30, 0x43, 0x30, 0x20, 0x20, 0x30, 0x31] + bmp
        #expect(tokens(bytes + Array("A".utf8)) == [.raster(bytes: 21), text("A")])
    }

    @Test("a counter command in text form ends at its fifth further semicolon")
    func counter() {
        #expect(tokens([0x1D, 0x43, 0x3B] + Array("1;2;3;4;5;A".utf8)) == [.command, text("A")])
    }

    @Test("what is printed on the customer display does not enter the receipt, and a cut ends it")
    func display() {
        let bytes: [UInt8] =
            [0x1B, 0x3D, 0x02] + Array("TOTAL 5.00".utf8) + [0x1F, 0x24, 1, 2, 0x1B, 0x3D, 0x01] + Array("A".utf8)
        #expect(tokens(bytes) == [.command, .command, .command, text("A")])
        #expect(
            tokens([0x1B, 0x3D, 0x02] + Array("X".utf8) + Print.cut + Array("A".utf8)) == [.command, .cut, text("A")])
    }

    @Test("barcodes and 2-D symbols give their data")
    func symbols() {
        let qr: [UInt8] = [0x1D, 0x28, 0x6B, 6, 0, 0x31, 0x50, 0x30] + Array("ABC".utf8)
        #expect(
            tokens([0x1D, 0x6B, 0x49, 3] + Array("XYZ".utf8)) == [
                .symbol(PrintedSymbol(kind: .barcode, data: Array("XYZ".utf8)))
            ])
        #expect(
            tokens([0x1D, 0x6B, 2] + Array("123".utf8) + [0]) == [
                .symbol(PrintedSymbol(kind: .barcode, data: Array("123".utf8)))
            ])
        #expect(tokens(qr) == [.symbol(PrintedSymbol(kind: .qr, data: Array("ABC".utf8)))])
    }

    @Test("a payload that is declared too long gives back the text that it swallowed")
    func swallowed() {
        var bytes = Print.raster(width: 72, height: 8, payload: [UInt8](repeating: 0x00, count: 576 - 255))
        bytes += Array("Thanks for visiting\n".utf8) + Print.cut
        let found = tokens(bytes)
        #expect(found.contains(text("Thanks for visiting")))
        #expect(found.contains(.cut))
        #expect(!found.contains(.unknown))
    }

    @Test("any split of the bytes gives the same tokens", arguments: 0..<40)
    func chunks(seed: UInt64) {
        var random = Seeded(seed)
        var bytes: [UInt8] = []
        for _ in 0..<60 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes += Print.reset
            case 1: bytes += [0x1B, 0x21, UInt8.random(in: 0...255, using: &random)]
            case 2: bytes += Array("Line \(random.next())\n".utf8)
            case 3:
                bytes += Print.raster(
                    width: 2, height: 40, payload: (0..<80).map { _ in .random(in: 0...255, using: &random) })
            case 4: bytes += [0x1D, 0x6B, 0x45, 4] + Array("1234".utf8)
            default: bytes += (0..<8).map { _ in .random(in: 0...255, using: &random) }
            }
        }
        var tokeniser = CommandTokeniser<ESCPOSCommands>()
        var pieces: [PrintToken] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...9, using: &random))
            rest = rest.dropFirst(piece.count)
            tokeniser.consume(piece) { pieces.append($0) }
        }
        tokeniser.recover(giveUp: true) { pieces.append($0) }
        #expect(joined(pieces) == joined(tokens(bytes)))
    }

    /// Runs of text may be split anywhere.
    func joined(_ tokens: [PrintToken]) -> [PrintToken] {
        tokens.reduce(into: []) { result, token in
            if case .text(let more) = token, case .text(let text) = result.last {
                result[result.count - 1] = .text(text + more)
            } else {
                result.append(token)
            }
        }
    }
}
