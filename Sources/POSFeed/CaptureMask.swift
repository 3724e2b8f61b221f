package import Receipts

/// Hides what a printer line says and keeps its shape: digits become 9, letters x or X, except in words that tell what a
/// line is; commands stay, the data of symbols and images does not. Pure; masked bytes tokenise as the originals did.
package struct CaptureMask: Sendable {
    /// Words that receipts share and that no person is called by.
    static let words: Set<String> = [
        "TOTAL", "SUBTOTAL", "SUMME", "GESAMT", "MONTANT", "SUMA", "TOTALE", "BETRAG", "AMOUNT", "DUE", "BALANCE",
        "CASH",
        "CARD", "CHANGE", "BAR", "KARTE", "RUECKGELD", "TAX", "VAT", "MWST", "TVA", "IVA", "RECEIPT", "INVOICE", "BON",
        "BELEG", "TICKET", "NO", "NR", "DATE", "DATUM", "TIME", "UHR", "TILL", "KASSE", "POS", "RETURN", "REFUND",
        "VOID",
        "STORNO", "COPY", "REPRINT", "TRAINING", "EUR", "USD", "GBP", "CHF", "SEK", "PLN", "ORDER", "TABLE", "ITEMS",
        "QTY",
        "DISCOUNT", "RABATT", "COUPON", "THANK", "YOU", "VIELEN", "DANK", "MERCI", "SALE", "NET", "GROSS", "NETTO",
        "BRUTTO",
    ]

    /// Whether the stream has commands; journals are text throughout.
    private let hasCommands: Bool
    private let isStar: Bool
    private var splitter: CommandSplitter
    /// The word in hand; it may go on in the next piece.
    private var word: [UInt8] = []

    package init(dialect: Dialect) {
        switch dialect {
        case .escpos, .starLine, .starPRNT: hasCommands = true
        case .text, .ndjson, .poslogXML: hasCommands = false
        }
        isStar = dialect == .starLine || dialect == .starPRNT
        splitter = CommandSplitter(dialect: dialect)
    }

    /// The masked bytes of what is complete.
    package mutating func consume(_ bytes: [UInt8]) -> [UInt8] {
        guard hasCommands else { return masked(.text(bytes)) }
        var pieces: [CommandSplitter.Piece] = []
        splitter.consume(bytes) { pieces.append($0) }
        return pieces.flatMap { masked($0) }
    }

    /// What was still in hand.
    package mutating func finish() -> [UInt8] {
        var pieces: [CommandSplitter.Piece] = []
        splitter.finish { pieces.append($0) }
        return pieces.flatMap { masked($0) } + endWord()
    }

    private mutating func masked(_ piece: CommandSplitter.Piece) -> [UInt8] {
        switch piece {
        case .text(let bytes):
            var out: [UInt8] = []
            for byte in bytes {
                switch byte {
                case 0x41...0x5A, 0x61...0x7A, 0x80...0xFF:
                    word.append(byte)
                    // A word that is longer is no word of the list.
                    if word.count > 64 { out += endWord() }
                case 0x30...0x39: out += endWord() + [0x39]
                default: out += endWord() + [byte]
                }
            }
            return out
        case .command(let bytes):
            return endWord() + (isStar ? CaptureMask.masked(star: bytes) : CaptureMask.masked(command: bytes))
        case .unknown(let bytes): return endWord() + bytes.map { $0 >= 0x20 ? 0x78 : $0 }
        }
    }

    private mutating func endWord() -> [UInt8] {
        defer { word.removeAll(keepingCapacity: true) }
        if CaptureMask.words.contains(String(decoding: word, as: UTF8.self).uppercased()) { return word }
        return word.map { (0x41...0x5A).contains($0) ? 0x58 : $0 < 0x80 ? 0x78 : $0 == 0xA0 ? $0 : 0xE9 }
    }

    /// Commands keep their first bytes, which say what they are and how long; payloads behind them are blanked.
    private static func masked(command bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > 8 || (bytes.count > 4 && bytes[0] == 0x1D && bytes[1] == 0x6B) else { return bytes }
        switch (bytes[0], bytes[1]) {
        // Columns of tabs and drawn letters say nothing; with other bytes in them their length would be another.
        case (0x1B, UInt8(ascii: "D")), (0x1B, UInt8(ascii: "&")): return bytes
        case (0x1C, UInt8(ascii: "q")): return logos(bytes, from: 3)
        case (0x1D, UInt8(ascii: "8")): return blanked(bytes, from: 10)
        // Bar codes: function A ends with NUL, function B is counted.
        case (0x1D, 0x6B): return blanked(bytes, from: bytes[2] > 6 ? 4 : 3)
        // Among them two-dimensional symbols: the data follows pL pH cn fn m.
        default: return blanked(bytes, from: 8)
        }
    }

    private static func masked(star bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > 6, bytes[0] == 0x1B else { return bytes }
        switch bytes[1] {
        // ESC b n1 n2 n3 n4 data RS.
        case UInt8(ascii: "b"): return blanked(bytes, from: 6, to: bytes.count - 1)
        case UInt8(ascii: "D"), UInt8(ascii: "B"), UInt8(ascii: "*"): return bytes
        // ESC FS q: logos.
        case 0x1C: return bytes[2] == UInt8(ascii: "q") ? logos(bytes, from: 4) : bytes
        case 0x1D:
            switch (bytes[2], bytes[3], bytes[4]) {
            // ESC GS x D nL nH data: PDF417.
            case (UInt8(ascii: "x"), UInt8(ascii: "D"), _): return blanked(bytes, from: 6)
            // ESC GS y D 1 m nL nH data: QR code; D 2 a has blocks of m nL nH data.
            case (UInt8(ascii: "y"), UInt8(ascii: "D"), 0x31): return blanked(bytes, from: 8)
            case (UInt8(ascii: "y"), UInt8(ascii: "D"), 0x32):
                return blocks(bytes, from: 6, header: 3) { bytes, start in word(bytes, start + 1) }
            // Page mode, memory switches: numbers only.
            case (UInt8(ascii: "P"), _, _), (UInt8(ascii: "#"), _, _): return bytes
            // Images: ESC GS S m xL xH yL yH n.
            default: return blanked(bytes, from: 9)
            }
        // Images: the size stands before them.
        default: return blanked(bytes, from: 5)
        }
    }

    /// Stored logos, each after its size xL xH yL yH in bytes and eighths of bytes.
    private static func logos(_ bytes: [UInt8], from start: Int) -> [UInt8] {
        blocks(bytes, from: start, header: 4) { bytes, start in word(bytes, start) * word(bytes, start + 2) * 8 }
    }

    private static func word(_ bytes: [UInt8], _ index: Int) -> Int { Int(bytes[index]) | Int(bytes[index + 1]) << 8 }

    /// Blanks a row of blocks behind their headers, which say how long each is.
    private static func blocks(
        _ bytes: [UInt8], from start: Int, header: Int, _ length: ([UInt8], Int) -> Int
    ) -> [UInt8] {
        var (masked, index) = (bytes, start)
        while index + header <= bytes.count {
            let end = min(bytes.count, index + header + length(bytes, index))
            masked = blanked(masked, from: index + header, to: end)
            index = end
        }
        return masked
    }

    private static func blanked(_ bytes: [UInt8], from start: Int, to end: Int = .max) -> [UInt8] {
        var bytes = bytes
        let end = min(end, bytes.count)
        for index in min(start, end)..<end where bytes[index] != 0 {
            bytes[index] = (0x41...0x5A).contains(bytes[index]) ? 0x58 : 0x39
        }
        return bytes
    }
}
