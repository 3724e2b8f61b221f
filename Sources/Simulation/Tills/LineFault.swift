/// What goes wrong on the way from a till to the box.
package enum LineFault: String, Sendable, Hashable, Codable, CaseIterable {
    case droppedByte = "dropped_byte"
    case flippedBit = "flipped_bit"
    /// The cut command is missing.
    case lostCut = "lost_cut"
    /// The printer is out of paper: the till waits in the middle.
    case pause
    /// The bytes come in two reads.
    case twoChunks = "two_chunks"
    /// The same bytes come again half a minute later.
    case duplicatedPrint = "duplicated_print"
    /// An image whose command promises more bytes than follow.
    case truncatedPayload = "truncated_payload"
    /// Random bytes, as from a plug that is touched.
    case noise

    /// The print as it arrives: damaged, or in other pieces.
    func pieces(
        of bytes: [UInt8], after gap: Duration, dialect: PaperDialect, _ generator: inout SeededGenerator
    ) -> [LineTranscript.Piece] {
        var bytes = bytes
        let place = generator.below(max(1, bytes.count - 8)) + 2
        switch self {
        case .droppedByte:
            if bytes.indices.contains(place) { bytes.remove(at: place) }
        case .flippedBit:
            if bytes.indices.contains(place) { bytes[place] ^= 1 << UInt8(generator.below(8)) }
        case .lostCut:
            let cut = dialect == .escpos ? 7 : 3
            bytes.removeLast(min(cut, bytes.count))
        case .pause, .twoChunks:
            let second = LineTranscript.Piece(
                after: self == .pause ? .seconds(20) : .zero, bytes: Array(bytes[min(place, bytes.count)...]))
            return [.init(after: gap, bytes: Array(bytes[..<min(place, bytes.count)])), second]
        case .duplicatedPrint:
            return [.init(after: gap, bytes: bytes), .init(after: .seconds(30), bytes: bytes)]
        case .truncatedPayload:
            // 72 x 200 dots bytes are announced, 255 of them are missing (as measured on a public capture).
            let whole = PaperEncoder(dialect: dialect, codePage: .cp437).bytes([.image(width: 72, height: 200)])
            bytes.insert(
                contentsOf: whole.dropFirst(5).dropLast(dialect == .escpos ? 255 : 259), at: min(2, bytes.count))
        case .noise:
            bytes = generator.bytes(8 + generator.below(40)) + bytes
        }
        return [.init(after: gap, bytes: bytes)]
    }
}
