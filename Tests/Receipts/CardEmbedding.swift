@testable import Receipts

/// Ways in which tills print card numbers, from the usual to the nasty: each is bytes of ESC/POS between other text.
enum CardEmbedding: String, CaseIterable {
    case plain, spaced, dashed, dotted, brackets, singleDigits, oneDigitALine, twoLines, fourLines, styleInside
    case moveInside, tabInside, pageInside, fullWidth, mixedWidth, column, columnRight, insideDigits, letterInside
    case trackOne, trackTwo, chipTrack, qr, barcode, emphasisEachDigit, wrapped, pairs, sixes

    /// Receipt bytes without reset and cut. `random` draws what stands around the number.
    func bytes(_ card: String, _ random: inout Seeded) -> [UInt8] {
        let groups = CardRedactorTests.grouped(card, by: " ").split(separator: " ").map(String.init)
        func text(_ text: String) -> [UInt8] { Array(text.utf8) }
        func joined(_ divider: [UInt8]) -> [UInt8] { Array(groups.map { text($0) }.joined(separator: divider)) }
        switch self {
        case .plain: return text("CARD " + card)
        case .spaced: return text("VISA " + groups.joined(separator: "  "))
        case .dashed: return text(groups.joined(separator: "-") + " AUTH OK")
        case .dotted: return text("PAN:" + groups.joined(separator: "."))
        case .brackets: return text("(" + groups.joined(separator: ")(") + ")")
        case .singleDigits: return text(card.map(String.init).joined(separator: " "))
        case .oneDigitALine: return text(card.map(String.init).joined(separator: "\n"))
        case .twoLines: return text("NO " + card.prefix(8) + "\n" + card.dropFirst(8) + " OK")
        case .fourLines: return text(groups.joined(separator: "\n"))
        case .styleInside: return joined([0x1B, 0x21, 0x30])
        case .moveInside: return joined([0x1B, 0x24, 0x40, 0x01])
        case .tabInside: return joined([0x09])
        case .pageInside: return joined([0x1B, 0x74, UInt8.random(in: 0...5, using: &random)])
        case .fullWidth: return [0x1B, 0x74, 255] + Self.wide(card)
        case .mixedWidth: return text(String(card.prefix(6))) + Self.wide(String(card.dropFirst(6)))
        case .column:
            return text("\(card.prefix(8))  ITEM A\n\(card.dropFirst(8))  ITEM B")
        case .columnRight:
            let lines = groups.map { "ITEM \(UInt8.random(in: 1...9, using: &random)).50 EUR      \($0)" }
            return text(lines.joined(separator: "\n"))
        case .insideDigits:
            let head = (0..<6).map { _ in String(UInt8.random(in: 0...9, using: &random)) }.joined()
            return text("REF " + head + card + "77")
        case .letterInside: return text(groups.joined(separator: "x"))
        case .trackOne: return text("%B\(card)^DOE/JANE^27121010000000000000?")
        case .trackTwo: return text(";\(card)=27121010000012345678?")
        case .chipTrack: return text("\(card)D27121010000012345678F")
        case .qr:
            let data = text("coupon " + card)
            return [0x1D, 0x28, 0x6B, UInt8(data.count + 3), 0, 49, 80, 48] + data
        case .barcode: return [0x1D, 0x6B, 73, UInt8(card.utf8.count + 2)] + text("{B" + card)
        case .emphasisEachDigit: return Array(card.utf8.map { [$0] }.joined(separator: [0x1B, 0x45, 1]))
        case .wrapped:
            let lead = String(repeating: "-", count: 42 - card.count / 2)
            return text(lead + card.prefix(card.count / 2) + "\n" + card.dropFirst(card.count / 2))
        case .pairs: return text(Self.chunks(card, 2).joined(separator: " "))
        case .sixes: return text(Self.chunks(card, 6).joined(separator: "-"))
        }
    }

    /// Whether numbers of any length are found: in the other ways only those that schemes issue.
    var findsEveryLength: Bool {
        switch self {
        case .column, .columnRight, .insideDigits: false
        default: true
        }
    }

    private static func chunks(_ text: String, _ size: Int) -> [String] {
        stride(from: 0, to: text.count, by: size).map { String(text.dropFirst($0).prefix(size)) }
    }

    /// Full-width digits in UTF-8 (the tests' till prints UTF-8).
    private static func wide(_ digits: String) -> [UInt8] {
        digits.unicodeScalars.flatMap { scalar in
            Array(String(Unicode.Scalar(scalar.value - 0x30 + 0xFF10).map(Character.init) ?? "?").utf8)
        }
    }
}
