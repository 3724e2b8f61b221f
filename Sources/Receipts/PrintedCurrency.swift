/// The currencies that are printed beside amounts: `EUR`, `€`, `kr.`, `zł`, `Fr.` and so on.
enum PrintedCurrency {
    private static let signs: Set<UInt32> = Set("€£$₹₺₽₩₪₫฿₴¥￥円".unicodeScalars.map(\.value))
    /// By their first letter, in the order in which they are tried.
    private static let codes: [UInt32: [[UInt32]]] = Dictionary(
        grouping: Currency.printed.sorted().map { $0.unicodeScalars.map(\.value) }
    ) { $0[0] }
    private static let words: [[UInt32]] = ["kr.", "kr", "zł", "Kč", "Ft", "R$", "Fr.", "Fr"].map {
        $0.unicodeScalars.map(\.value)
    }
    private static let initials: Set<UInt32> = Set(words.map { $0[0] })

    static func mayBegin(_ code: UInt32) -> Bool {
        switch code {
        case 0x41...0x5A, 0x6B, 0x7A, 0x24: true
        case 0...0x7F: false
        default: signs.contains(code)
        }
    }

    /// Where a currency that begins at `at` may end, in the order in which its forms are tried.
    static func ends(_ line: LineCharacters, _ at: Int) -> [Int] {
        let code = line.at(at)
        guard at < line.count, mayBegin(code) else { return [] }
        if signs.contains(code) { return [at + 1] }
        var ends: [Int] = []
        func stands(_ text: [UInt32]) -> Bool {
            for (offset, code) in text.enumerated() where line.at(at + offset) != code { return false }
            return true
        }
        if let codes = codes[code], !line.isLetter(at - 1), !line.isLetter(at + 3), codes.contains(where: stands) {
            ends.append(at + 3)
        }
        if initials.contains(code) {
            for word in words where stands(word) { ends.append(at + word.count) }
        }
        return ends
    }
}
