/// The command language of a till's printer line. It is chosen per feed and never guessed per command: the same
/// prefix bytes have other lengths in other dialects.
///
/// A new dialect is a new case here, its tokeniser in `DialectTokeniser`, and nothing else: everything behind the
/// tokeniser sees only `PrintToken`.
package enum Dialect: String, Sendable, Hashable, Codable, CaseIterable {
    /// Epson ESC/POS and its many clones.
    case escpos
}

/// The tokeniser of one feed, whatever its dialect.
enum DialectTokeniser: Sendable {
    case escpos(ESCPOSTokeniser)

    init(_ dialect: Dialect) {
        switch dialect {
        case .escpos: self = .escpos(ESCPOSTokeniser())
        }
    }

    /// True while bytes of an unfinished command are held.
    var isInsideCommand: Bool {
        switch self {
        case .escpos(let tokeniser): tokeniser.isInsideCommand
        }
    }

    mutating func consume(_ bytes: some Sequence<UInt8>) -> [PrintToken] {
        var tokens: [PrintToken] = []
        switch self {
        case .escpos(var tokeniser):
            // Taken out of the enum and put back, so that its buffer stays uniquely referenced.
            self = .escpos(ESCPOSTokeniser())
            tokeniser.consume(bytes) { tokens.append($0) }
            self = .escpos(tokeniser)
        }
        return tokens
    }

    mutating func recover(giveUp: Bool) -> [PrintToken] {
        var tokens: [PrintToken] = []
        switch self {
        case .escpos(var tokeniser):
            self = .escpos(ESCPOSTokeniser())
            tokeniser.recover(giveUp: giveUp) { tokens.append($0) }
            self = .escpos(tokeniser)
        }
        return tokens
    }
}
