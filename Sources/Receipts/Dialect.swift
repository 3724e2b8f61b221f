/// The command language of a till's printer line. It is chosen per feed and never guessed per command: the same
/// prefix bytes have other lengths in other dialects.
///
/// A new dialect is a new case here, its tokeniser in `DialectTokeniser`, and nothing else: everything behind the
/// tokeniser sees only `PrintToken`.
package enum Dialect: String, Sendable, Hashable, Codable, CaseIterable {
    /// Epson ESC/POS and its many clones.
    case escpos
    /// Star Line Mode (TSP, SP series).
    case starLine = "star-line"
    /// StarPRNT (mC-Print, mPOP, TSP100IV).
    case starPRNT = "star-prnt"
    /// Plain text: CR, LF or CRLF end lines, FF ends pages.
    case text
    /// One JSON object a line.
    case ndjson
    /// ARTS POSLog 6 transactions as XML, one after the other.
    case poslogXML = "poslog-xml"

    /// True when what comes are records of a till's journal rather than a printer's commands: always UTF-8.
    package var isJournal: Bool { self == .ndjson || self == .poslogXML }
}

/// The tokeniser of one feed, whatever its dialect.
struct DialectTokeniser: Sendable {
    private var tokeniser: any Tokeniser

    init(_ dialect: Dialect) {
        tokeniser =
            switch dialect {
            case .escpos: CommandTokeniser<ESCPOSCommands>()
            case .starLine, .starPRNT: CommandTokeniser<StarCommands>()
            case .text: TextTokeniser()
            case .ndjson: NDJSONTokeniser()
            case .poslogXML: POSLogTokeniser()
            }
    }

    /// True while bytes of something unfinished are held.
    var isInsideCommand: Bool { tokeniser.isInsideCommand }

    mutating func consume(_ bytes: some Sequence<UInt8>) -> [PrintToken] {
        var tokens: [PrintToken] = []
        tokeniser.consume(bytes) { tokens.append($0) }
        return tokens
    }

    mutating func recover(giveUp: Bool) -> [PrintToken] {
        var tokens: [PrintToken] = []
        tokeniser.recover(giveUp: giveUp) { tokens.append($0) }
        return tokens
    }
}
