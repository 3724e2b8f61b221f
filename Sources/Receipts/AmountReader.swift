import Foundation

/// An amount found in a line.
struct PrintedAmount: Sendable, Hashable {
    /// Minor units, with its sign.
    var minor: Int64
    /// What was printed, currency and sign included.
    var range: Range<String.Index>
    /// The currency that was printed beside it: a code or a sign of one currency.
    var currency: String?
    /// `$`, `kr` or `¥` stood beside it: a sign of several currencies.
    var ambiguousSign: Character?
}

/// Reads amounts of money from lines of text.
struct AmountReader: Sendable {
    let style: DecimalStyle
    let exponent: Int
    private let scanner: AmountScanner
    /// Thousands set apart by a plain blank, where it divides no columns; only for the automatic style.
    private let blankGroups: LinePattern?

    /// `currency` gives the number of decimals.
    init(style: DecimalStyle, currency: String) {
        self.style = style
        exponent = Currency.exponent(currency)
        scanner = AmountScanner(style: style, exponent: exponent)
        blankGroups = style == .automatic && exponent > 0 ? AmountReader.blankGroups[exponent] : nil
    }

    /// All amounts of a line, left to right.
    func amounts(in line: String) -> [PrintedAmount] { amounts(in: ReadLine(line)) }

    /// All amounts of a line, left to right.
    func amounts(in read: ReadLine) -> [PrintedAmount] {
        let line = read.text
        guard read.signature.digits > exponent, exponent == 0 || line.utf8.contains(where: { $0 == 0x2C || $0 == 0x2E })
        else { return [] }
        var characters = read.characters
        joinBlankGroups(of: line, in: &characters)
        return scanner.matches(in: characters).compactMap { match -> PrintedAmount? in
            let range = characters.range(match.whole, in: line)
            let number = line[characters.range(match.number, in: line)]
            guard let minor = minorUnits(number) else { return nil }
            var amount = PrintedAmount(minor: isNegative(match) ? -minor : minor, range: range)
            for currency in match.currencies { note(line[characters.range(currency, in: line)], into: &amount) }
            let isMarked = amount.currency != nil || amount.ambiguousSign != nil
            if exponent == 0, !isMarked, !isPlaced(number, of: range, in: line) { return nil }
            return amount
        }
    }

    /// Where a currency has no decimals every whole number could be an amount: numbers of tables, terminals and receipts.
    /// One without a currency's mark is believed when its thousands are grouped, when it stands in a column of its own, or
    /// as the last word of its line with the digits that prices have.
    private func isPlaced(_ number: Substring, of range: Range<String.Index>, in line: String) -> Bool {
        guard number.allSatisfy(\.isWholeNumber) else { return true }
        let before = line[..<range.lowerBound]
        guard line[range.upperBound...].count(where: { !$0.isWhitespace }) <= 3 else { return false }
        let gap = before.reversed().prefix { $0.isWhitespace }.count
        if gap >= 2 || gap == before.count { return true }
        return gap == 1 && (3...5).contains(number.count) && before.last { !$0.isWhitespace }?.isLetter == true
    }

    /// Puts no-break spaces in place of the blanks that group digits.
    private func joinBlankGroups(of line: String, in characters: inout LineCharacters) {
        guard let blankGroups, characters.hasBlankGroup else { return }
        let codes = characters
        let whole = NSRange(location: 0, length: line.utf16.count)
        for match in blankGroups.expression.matches(in: line, range: whole) {
            guard let range = Range(match.range, in: line) else { continue }
            let start = line.unicodeScalars.distance(from: line.startIndex, to: range.lowerBound)
            let count = line.unicodeScalars.distance(from: range.lowerBound, to: range.upperBound)
            guard start + count <= codes.count else { continue }
            characters.joinBlanks(start..<(start + count))
        }
    }

    /// A minus before or behind the number, or parentheses on both sides.
    private func isNegative(_ match: AmountScanner.Match) -> Bool {
        let isBracketed = match.sign == 0x28
        if match.hasSecondSign { return true }
        if let sign = match.sign, !isBracketed, sign != 0x2B { return true }
        guard let after = match.after else { return false }
        return after == 0x29 ? isBracketed : true
    }

    /// `TOTAL 1 234,55`, by the number of decimals: a blank also divides a quantity from a price, so it must follow the
    /// currency, a word for the total, or the gap before a column.
    private static let blankGroups: [Int: LinePattern] = {
        let known = Currency.printed.sorted().joined(separator: "|")
        let codes = #"(?:(?<!\p{L})(?:\#(known))(?!\p{L})|[€£$₹₺₽₩₪₫฿₴¥￥円]|kr\.?|zł|Kč|Ft|R\$|Fr\.?)"#
        var patterns: [Int: LinePattern] = [:]
        for exponent in [2, 3] {
            patterns[exponent] = LinePattern(
                #"(?:(?<=\S\s{2,40})|(?<=(?:\#(codes))\s{0,12})|(?<=(?i:total|ttc|payer|pagar|summa|suma|razem|celkem|sum)\s))"#
                    + #"\d{1,3}(?: \d{3})+(?=,\d{\#(exponent)}(?!\d))"#, caseSensitive: true)
        }
        return patterns
    }()

    private func note(_ sign: Substring, into amount: inout PrintedAmount) {
        switch sign {
        case "zł": amount.currency = "PLN"
        case "Kč": amount.currency = "CZK"
        case "Ft": amount.currency = "HUF"
        case "R$": amount.currency = "BRL"
        case "$", "¥": amount.ambiguousSign = sign.first
        case "￥": amount.ambiguousSign = "¥"
        default:
            if let first = sign.first, let currency = Currency.signs[first] {
                amount.currency = currency
            } else if Currency.printed.contains(String(sign)) {
                amount.currency = String(sign)
            } else if sign.lowercased().hasPrefix("kr") {
                amount.ambiguousSign = "k"
            }
        }
    }

    /// The digits of a printed number as minor units; nil when the number contradicts the style or is too long.
    private func minorUnits(_ number: Substring) -> Int64? {
        if exponent > 0, let known = minorUnits(ascii: number.utf8) { return known }
        var digits = number.filter(\.isWholeNumber)
        guard !digits.isEmpty, digits.count <= 15 else { return nil }
        if exponent > 0 {
            let mark = number.last { !$0.isWholeNumber }
            if style == .point || style == .apostrophe, mark != "." { return nil }
            if style == .comma || style == .space, mark != "," { return nil }
        } else if let mark = number.lastIndex(where: { $0 == "." || $0 == "," }), number[mark...].dropFirst().count != 3
        {
            // `1,200.00` yen: the zeros are no minor units.
            digits = number[..<mark].filter(\.isWholeNumber)
        }
        return Int64(digits)
    }

    /// The same for a number without anything beyond ASCII in a currency with decimals; nil when it has.
    private func minorUnits(ascii number: Substring.UTF8View) -> Int64?? {
        var value: Int64 = 0
        var digits = 0
        var mark: UInt8 = 0
        for byte in number {
            switch byte {
            case 0x30...0x39:
                digits += 1
                guard digits <= 15 else { return .some(nil) }
                value = value * 10 + Int64(byte - 0x30)
            case 0x80...: return nil
            default: mark = byte
            }
        }
        switch style {
        case .point, .apostrophe: return .some(digits > 0 && mark == 0x2E ? value : nil)
        case .comma, .space: return .some(digits > 0 && mark == 0x2C ? value : nil)
        case .automatic: return .some(digits > 0 ? value : nil)
        }
    }
}
