/// The characters of a line by number, as scanners take them: without strings and without grapheme clusters.
struct LineCharacters: Sendable {
    /// Scalar values.
    private(set) var codes: [UInt32]
    /// Where each begins in the text's UTF-8; nil while all are ASCII.
    private var offsets: [Int]?

    init(_ line: String) {
        codes = []
        codes.reserveCapacity(line.utf8.count)
        for byte in line.utf8 {
            guard byte < 0x80 else {
                codes.removeAll(keepingCapacity: true)
                break
            }
            codes.append(UInt32(byte))
        }
        guard codes.count < line.utf8.count else { return }
        var offsets: [Int] = []
        var offset = 0
        for scalar in line.unicodeScalars {
            codes.append(scalar.value)
            offsets.append(offset)
            offset += UTF8.width(scalar)
        }
        offsets.append(offset)
        self.offsets = offsets
    }

    var count: Int { codes.count }

    /// The range of the text that these characters take.
    func range(_ range: Range<Int>, in line: String) -> Range<String.Index> {
        let start = offsets?[range.lowerBound] ?? range.lowerBound
        let end = offsets?[range.upperBound] ?? range.upperBound
        let first = line.utf8.index(line.startIndex, offsetBy: start)
        return first..<line.utf8.index(first, offsetBy: end - start)
    }

    /// Puts a no-break space in place of the blanks of a range.
    mutating func joinBlanks(_ range: Range<Int>) {
        for index in range where codes[index] == 0x20 { codes[index] = 0xA0 }
    }

    /// A digit, a blank and three digits, and somewhere behind them a comma: thousands may be set apart by blanks.
    var hasBlankGroup: Bool {
        guard codes.count > 6 else { return false }
        for index in 1..<(codes.count - 4)
        where codes[index] == 0x20 && isDigit(index - 1) && isDigit(index + 1) && isDigit(index + 2)
            && isDigit(index + 3)
        {
            return codes[(index + 4)...].contains(0x2C)
        }
        return false
    }

    /// The code at `index`, 0 outside the line.
    func at(_ index: Int) -> UInt32 { index >= 0 && index < codes.count ? codes[index] : 0 }

    /// A decimal digit of any script.
    static func isDigit(_ code: UInt32) -> Bool {
        if code < 0x80 { return code >= 0x30 && code <= 0x39 }
        return Unicode.Scalar(code)?.properties.generalCategory == .decimalNumber
    }

    static func isBlank(_ code: UInt32) -> Bool {
        if code < 0x80 { return code == 0x20 || (code >= 0x09 && code <= 0x0D) }
        return Unicode.Scalar(code)?.properties.isWhitespace ?? false
    }

    static func isLetter(_ code: UInt32) -> Bool {
        if code < 0x80 { return (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7A }
        switch Unicode.Scalar(code)?.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    func isDigit(_ index: Int) -> Bool { index >= 0 && index < codes.count && LineCharacters.isDigit(codes[index]) }
    func isBlank(_ index: Int) -> Bool { index >= 0 && index < codes.count && LineCharacters.isBlank(codes[index]) }
    func isLetter(_ index: Int) -> Bool { index >= 0 && index < codes.count && LineCharacters.isLetter(codes[index]) }

    /// Digits around one of `.`, `/` and `-`, twice: a numeric date has them.
    var mayHoldNumericDate: Bool {
        guard codes.count >= 6 else { return false }
        for index in 1..<(codes.count - 3) {
            let mark = codes[index]
            guard mark == 0x2E || mark == 0x2F || mark == 0x2D, isDigit(index - 1), isDigit(index + 1) else { continue }
            if at(index + 2) == mark || isDigit(index + 2) && at(index + 3) == mark { return true }
        }
        return false
    }

    /// A digit, a colon (or an h, or the Japanese hour) and two digits.
    var mayHoldTimeOfDay: Bool {
        guard codes.count >= 4 else { return false }
        for index in 1..<(codes.count - 2) {
            switch codes[index] {
            case 0x3A, 0x68, 0x48, 0x6642:
                if isDigit(index - 1), (0x30...0x35).contains(codes[index + 1]), isDigit(index + 2) { return true }
            default: continue
            }
        }
        return false
    }
}
