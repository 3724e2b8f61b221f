/// Decimal numbers as configuration files and people write them.
enum DecimalText {
    /// Digits, at most one point with digits on both sides, an optional sign; nothing else that `Double` would take.
    static func number(_ text: String) -> Double? {
        let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        let parts = unsigned.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), unsigned.utf8.count <= 40,
            parts.allSatisfy({ part in
                !part.isEmpty && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            })
        else { return nil }
        return Double(text)
    }

    /// The shortest text that gives the number again: `3`, not `3.0`.
    static func text(_ number: Double) -> String {
        let text = String(describing: number)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
