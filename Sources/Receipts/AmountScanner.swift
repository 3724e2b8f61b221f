/// Finds amounts in the characters of a line. In the words of a regular expression, leftmost first and greedy:
///
///     (?<![\d.,:/\-*])
///     (?:CURRENCY\s{0,12})? (?:[-−–+(]\s?)? (?:CURRENCY\s?)? (?:[-−–]\s?)?
///     (?:\d{1,3}(?:GROUP\d{3})+DECIMALS | \d{1,9}DECIMALS) (?![\d:/%])
///     (?:\s?[-−)](?!\d))? (?:\s?CURRENCY(?![\p{L}\d]))?
///
/// A test holds it against that expression.
struct AmountScanner: Sendable {
    /// Characters of a line, from the first to behind the last.
    typealias Span = Range<Int>

    struct Match: Sendable {
        var whole: Span
        var number: Span
        var currencies: [Span] = []
        var sign: UInt32?
        var hasSecondSign = false
        /// What stands behind the number: a minus or a closing parenthesis.
        var after: UInt32?
    }

    private let groups: Set<UInt32>
    private let exponent: Int

    init(style: DecimalStyle, exponent: Int) {
        self.exponent = exponent
        groups =
            switch style {
            case .point: [0x2C]
            case .comma: [0x2E]
            case .space: [0x20, 0xA0, 0x202F]
            case .apostrophe: [0x27, 0x2019]
            case .automatic: [0x2E, 0x2C, 0x27, 0x2019, 0xA0, 0x202F]
            }
    }

    /// All amounts, left to right; none overlaps another.
    func matches(in line: LineCharacters) -> [Match] {
        var matches: [Match] = []
        var at = 0
        while at < line.count {
            if let match = match(line, at) {
                matches.append(match)
                at = match.whole.upperBound
            } else {
                at += 1
            }
        }
        return matches
    }

    private static func divides(_ code: UInt32) -> Bool {
        switch code {
        case 0x2E, 0x2C, 0x3A, 0x2F, 0x2D, 0x2A: true
        default: LineCharacters.isDigit(code)
        }
    }

    private static func isMinus(_ code: UInt32) -> Bool { code == 0x2D || code == 0x2212 || code == 0x2013 }
    private static func isSign(_ code: UInt32) -> Bool { isMinus(code) || code == 0x2B || code == 0x28 }

    private func match(_ line: LineCharacters, _ at: Int) -> Match? {
        let code = line.codes[at]
        let isDigit = LineCharacters.isDigit(code)
        guard isDigit || AmountScanner.isSign(code) || PrintedCurrency.mayBegin(code) else { return nil }
        if at > 0, AmountScanner.divides(line.codes[at - 1]) { return nil }
        if isDigit { return number(line, at).map { finished(line, at, $0, Match(whole: at..<at, number: $0)) } }
        for first in PrintedCurrency.ends(line, at) {
            var blanks = 0
            while blanks < 12, line.isBlank(first + blanks) { blanks += 1 }
            for gap in stride(from: blanks, through: 0, by: -1) {
                var match = Match(whole: at..<at, number: at..<at)
                match.currencies = [at..<first]
                if let found = signed(line, at, first + gap, match) { return found }
            }
        }
        return signed(line, at, at, Match(whole: at..<at, number: at..<at))
    }

    /// What may follow the first currency: sign, currency, sign, number.
    private func signed(_ line: LineCharacters, _ start: Int, _ at: Int, _ match: Match) -> Match? {
        if AmountScanner.isSign(line.at(at)), at < line.count {
            var match = match
            match.sign = line.codes[at]
            for next in AmountScanner.behindBlank(line, at + 1) {
                if let found = marked(line, start, next, match) { return found }
            }
        }
        return marked(line, start, at, match)
    }

    private func marked(_ line: LineCharacters, _ start: Int, _ at: Int, _ match: Match) -> Match? {
        for end in PrintedCurrency.ends(line, at) {
            var match = match
            match.currencies.append(at..<end)
            for next in AmountScanner.behindBlank(line, end) {
                if let found = negated(line, start, next, match) { return found }
            }
        }
        return negated(line, start, at, match)
    }

    private func negated(_ line: LineCharacters, _ start: Int, _ at: Int, _ match: Match) -> Match? {
        if at < line.count, AmountScanner.isMinus(line.codes[at]) {
            var match = match
            match.hasSecondSign = true
            for next in AmountScanner.behindBlank(line, at + 1) {
                if let number = number(line, next) { return finished(line, start, number, match) }
            }
        }
        return number(line, at).map { finished(line, start, $0, match) }
    }

    /// `\s?`: behind a blank first, then without it.
    private static func behindBlank(_ line: LineCharacters, _ at: Int) -> [Int] {
        line.isBlank(at) ? [at + 1, at] : [at]
    }

    // MARK: The number

    private func number(_ line: LineCharacters, _ at: Int) -> Span? {
        var digits = 0
        while digits < 9, line.isDigit(at + digits) { digits += 1 }
        guard digits > 0 else { return nil }
        for lead in stride(from: min(3, digits), through: 1, by: -1) {
            // The ends of one group, two groups and so on.
            var ends: [Int] = []
            var end = at + lead
            while end < line.count, groups.contains(line.codes[end]), line.isDigit(end + 1), line.isDigit(end + 2),
                line.isDigit(end + 3)
            {
                end += 4
                ends.append(end)
            }
            for end in ends.reversed() {
                if let end = decimals(line, end) { return at..<end }
            }
        }
        for count in stride(from: digits, through: 1, by: -1) {
            if let end = decimals(line, at + count) { return at..<end }
        }
        return nil
    }

    /// The end of the decimals that begin at `at`, where a number may end.
    private func decimals(_ line: LineCharacters, _ at: Int) -> Int? {
        let mark = line.at(at) == 0x2E || line.at(at) == 0x2C
        if exponent > 0 {
            guard mark, (1...exponent).allSatisfy({ line.isDigit(at + $0) }) else { return nil }
            let end = at + 1 + exponent
            return line.isDigit(end) || !mayEnd(line, end) ? nil : end
        }
        if mark, line.at(at + 1) == 0x2D, isWhole(line, at + 2) { return at + 2 }
        if mark, line.at(at + 1) == 0x30, line.at(at + 2) == 0x30, !line.isDigit(at + 3), isWhole(line, at + 3) {
            return at + 3
        }
        return isWhole(line, at) ? at : nil
    }

    /// No decimals follow.
    private func isWhole(_ line: LineCharacters, _ at: Int) -> Bool {
        !((line.at(at) == 0x2E || line.at(at) == 0x2C) && line.isDigit(at + 1)) && mayEnd(line, at)
    }

    private func mayEnd(_ line: LineCharacters, _ at: Int) -> Bool {
        let code = line.at(at)
        return !line.isDigit(at) && code != 0x3A && code != 0x2F && code != 0x25
    }

    private func finished(_ line: LineCharacters, _ start: Int, _ number: Span, _ match: Match) -> Match {
        var match = match
        match.number = number
        var end = number.upperBound
        for next in AmountScanner.behindBlank(line, end) where next < line.count {
            let code = line.codes[next]
            guard code == 0x2D || code == 0x2212 || code == 0x29, !line.isDigit(next + 1) else { continue }
            match.after = code
            end = next + 1
            break
        }
        search: for next in AmountScanner.behindBlank(line, end) {
            for close in PrintedCurrency.ends(line, next) where !line.isLetter(close) && !line.isDigit(close) {
                match.currencies.append(next..<close)
                end = close
                break search
            }
        }
        match.whole = start..<end
        return match
    }
}
