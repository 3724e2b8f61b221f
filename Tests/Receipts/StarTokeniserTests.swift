import Testing

@testable import Receipts

@Suite("Star tokens")
struct StarTokeniserTests {
    func tokens(_ bytes: [UInt8]) -> [PrintToken] {
        var tokeniser = CommandTokeniser<StarCommands>()
        var tokens: [PrintToken] = []
        tokeniser.consume(bytes) { tokens.append($0) }
        tokeniser.recover(giveUp: true) { tokens.append($0) }
        return tokens
    }

    func text(_ string: String) -> PrintToken { .text(Array(string.utf8)) }

    @Test("what cuts in one family feeds or sizes in the other")
    func collisions() {
        #expect(tokens([0x1B, 0x64, 0x33] + Array("A".utf8)) == [.cut, text("A")])
        #expect(tokens([0x1B, 0x69, 0x01, 0x00] + Array("A".utf8)) == [.style(.init(width: 1, height: 2)), text("A")])
        #expect(tokens([0x1B, 0x45] + Array("A".utf8)) == [.style(.init(emphasised: true)), text("A")])
        #expect(tokens([0x1C]) == [.drawer])
    }

    @Test("a barcode ends at its record separator")
    func barcode() {
        let bytes: [UInt8] = [0x1B, 0x62, 6, 1, 2, 80] + Array("12345".utf8) + [0x1E] + Array("A".utf8)
        #expect(tokens(bytes) == [.symbol(PrintedSymbol(kind: .barcode, data: Array("12345".utf8))), text("A")])
    }

    @Test("a QR code gives its data, whether counted or in blocks")
    func qrCode() {
        let plain: [UInt8] = [0x1B, 0x1D, 0x79, 0x44, 0x31, 0, 3, 0] + Array("ABC".utf8)
        let blocks: [UInt8] = [0x1B, 0x1D, 0x79, 0x44, 0x32, 1, 0, 3, 0] + Array("ABC".utf8)
        let symbol = PrintToken.symbol(PrintedSymbol(kind: .qr, data: Array("ABC".utf8)))
        #expect(tokens(plain + Array("Z".utf8)) == [symbol, text("Z")])
        #expect(tokens(blocks + Array("Z".utf8)) == [symbol, text("Z")])
        #expect(tokens([0x1B, 0x1D, 0x79, 0x50]) == [.command])
    }

    @Test("a bit image of 24 dots takes three bytes a column")
    func image() {
        let bytes: [UInt8] = [0x1B, 0x58, 4, 0] + [UInt8](repeating: 0x41, count: 12) + Array("Z".utf8)
        #expect(tokens(bytes) == [.raster(bytes: 12), text("Z")])
    }

    @Test("raster lines are read in raster mode only")
    func raster() {
        let lines: [UInt8] = [0x62, 3, 0, 0x41, 0x42, 0x43, 0x6B, 1, 0, 0x44]
        let enter: [UInt8] = [0x1B, 0x2A, 0x72, 0x41]
        let leave: [UInt8] = [0x1B, 0x2A, 0x72, 0x42]
        #expect(
            tokens(enter + lines + leave + Array("b".utf8)) == [
                .command, .raster(bytes: 3), .raster(bytes: 1), .command, text("b"),
            ])
    }

    @Test("any split of a stream gives the same tokens", arguments: 0..<20)
    func split(seed: UInt64) {
        var random = Seeded(seed &+ 5)
        let parts: [[UInt8]] = [
            [0x1B, 0x40], [0x1B, 0x1D, 0x41, 1, 0], Array("TOTAL".utf8), [0x0A], [0x1B, 0x62, 6, 1, 2, 80, 0x31, 0x1E],
            [0x1B, 0x2A, 0x72, 0x59, 0x32, 0x34, 0x00], [0x1B, 0x58, 2, 0, 1, 2, 3, 4, 5, 6], [0x1B, 0x64, 0x33],
            [0x1B, 0x44, 8, 16, 0], [0x07], [0x1B, 0x7E],
        ]
        let bytes = (0..<40).flatMap { _ in parts.randomElement(using: &random) ?? [] }
        var tokeniser = CommandTokeniser<StarCommands>()
        var pieces: [PrintToken] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...9, using: &random))
            rest = rest.dropFirst(piece.count)
            tokeniser.consume(piece) { pieces.append($0) }
        }
        tokeniser.recover(giveUp: true) { pieces.append($0) }
        let joined = pieces.joinedText
        let expected = tokens(bytes).joinedText
        #expect(joined == expected)
    }
}

extension [PrintToken] {
    /// The same tokens with neighbouring runs of text made one.
    var joinedText: [PrintToken] {
        var joined: [PrintToken] = []
        for token in self {
            if case .text(let bytes) = token, case .text(let before)? = joined.last {
                joined[joined.count - 1] = .text(before + bytes)
            } else {
                joined.append(token)
            }
        }
        return joined
    }
}
