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
    private var splitter = CommandSplitter()
    /// The word in hand; it may go on in the next piece.
    private var word: [UInt8] = []

    /// nil for a dialect whose commands cannot be told from its text here: nothing is better than a wrong mask.
    package init?(dialect: Dialect) {
        switch dialect.rawValue {
        case "escpos": hasCommands = true
        case "text", "ndjson", "poslog-xml": hasCommands = false
        default: return nil
        }
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
        case .command(let bytes): return endWord() + CaptureMask.masked(command: bytes)
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
        // Bar codes: function A ends with NUL, function B is counted.
        case (0x1D, 0x6B): return blanked(bytes, from: bytes[2] > 6 ? 4 : 3)
        // Two-dimensional symbols: the data follows pL pH cn fn m.
        case (0x1D, 0x28): return blanked(bytes, from: 8)
        default: return blanked(bytes, from: 8)
        }
    }

    private static func blanked(_ bytes: [UInt8], from start: Int) -> [UInt8] {
        var bytes = bytes
        for index in min(start, bytes.count)..<bytes.count where bytes[index] != 0 {
            bytes[index] = (0x41...0x5A).contains(bytes[index]) ? 0x58 : 0x39
        }
        return bytes
    }
}
