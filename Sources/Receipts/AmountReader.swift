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
    private let expression: NSRegularExpression?
    /// Thousands set apart by a plain blank, where it divides no columns; only for the automatic style.
    private let blankGroups: NSRegularExpression?

    /// `currency` gives the number of decimals.
    init(style: DecimalStyle, currency: String) {
        self.style = style
        exponent = Currency.exponent(currency)
        let decimals = exponent == 0 ? #"(?:[.,]-|[.,]00(?!\d))?(?![.,]\d)"# : #"[.,]\d{\#(exponent)}(?!\d)"#
        let groups: String
        switch style {
        case .point: groups = "[,]"
        case .comma: groups = "[.]"
        case .space: groups = #"[ \u00A0\u202F]"#
        case .apostrophe: groups = "['\u{2019}]"
        case .automatic: groups = #"[.,'’\u00A0\u202F]"#
        }
        let known = Currency.printed.sorted().joined(separator: "|")
        let codes = #"(?:(?<!\p{L})(?:\#(known))(?!\p{L})|[€£$₹₺₽₩₪₫฿₴¥￥円]|kr\.?|zł|Kč|Ft|R\$|Fr\.?)"#
        let pattern =
            #"(?<![\d.,:/\-*])(?:(?<c1>\#(codes))\s{0,12})?(?<sign>[-−–+(]\s?)?(?:(?<c2>\#(codes))\s?)?"#
            + #"(?<sign2>[-−–]\s?)?(?<n>\d{1,3}(?:\#(groups)\d{3})+\#(decimals)|\d{1,9}\#(decimals))(?![\d:/%])"#
            + #"(?<after>\s?[-−)](?!\d))?(?:\s?(?<c3>\#(codes))(?![\p{L}\d]))?"#
        expression = try? NSRegularExpression(pattern: pattern)
        // `TOTAL 1 234,55`: a blank also divides a quantity from a price, so it must follow the currency, a word for the
        // total, or the gap before a column.
        let blank =
            #"(?:(?<=\S\s{2,40})|(?<=(?:\#(codes))\s{0,12})|(?<=(?i:total|ttc|payer|pagar|summa|suma|razem|celkem|sum)\s))"#
            + #"\d{1,3}(?: \d{3})+(?=,\d{\#(exponent)}(?!\d))"#
        blankGroups = style == .automatic && exponent > 0 ? try? NSRegularExpression(pattern: blank) : nil
    }

    /// All amounts of a line, left to right.
    func amounts(in line: String) -> [PrintedAmount] {
        guard let expression else { return [] }
        let whole = NSRange(location: 0, length: line.utf16.count)
        return expression.matches(in: joined(line), range: whole).compactMap { match in
            func group(_ name: String) -> Substring? {
                Range(match.range(withName: name), in: line).map { line[$0] }
            }
            guard let range = Range(match.range, in: line), let number = group("n"), let minor = minorUnits(number)
            else { return nil }
            let opening = group("sign").map { !$0.contains("+") } ?? false
            let negative =
                opening && group("sign")?.contains("(") == false || group("sign2") != nil || isNegative(group, opening)
            var amount = PrintedAmount(minor: negative ? -minor : minor, range: range)
            for name in ["c1", "c2", "c3"] {
                guard let sign = group(name) else { continue }
                read(sign, into: &amount)
            }
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

    /// The line with no-break spaces in place of the blanks that group digits; as many UTF-16 units as before.
    private func joined(_ line: String) -> String {
        guard let blankGroups, line.utf8.contains(0x2C) else { return line }
        let text = NSMutableString(string: line)
        let whole = NSRange(location: 0, length: text.length)
        for match in blankGroups.matches(in: line, range: whole) {
            _ = text.replaceOccurrences(of: " ", with: "\u{A0}", range: match.range)
        }
        return text as String
    }

    /// A trailing minus, or parentheses on both sides.
    private func isNegative(_ group: (String) -> Substring?, _ opening: Bool) -> Bool {
        guard let after = group("after") else { return false }
        return after.contains(")") ? opening && group("sign")?.contains("(") == true : true
    }

    private func read(_ sign: Substring, into amount: inout PrintedAmount) {
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
}
