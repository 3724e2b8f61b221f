/// Amounts of bytes as text: `500000`, `64KiB`, `10MB`, `2GiB`.
enum SizeText {
    private static let units: [(name: String, bytes: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("TB", 1_000_000_000_000),
        ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("KB", 1_000), ("B", 1), ("", 1),
    ]

    /// The number of bytes, or nil when the text is no size. Decimal units count in thousands, the ones with an `i` in
    /// 1,024s.
    static func bytes(_ text: String) -> Int? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let name = text[number.endIndex...].drop { $0 == " " }
        guard let unit = units.first(where: { $0.name == name }), let count = DecimalText.number(String(number)) else {
            return nil
        }
        let bytes = count * Double(unit.bytes)
        guard bytes <= Double(1 << 50), bytes == bytes.rounded() else { return nil }
        return Int(bytes)
    }

    /// The size in the unit that gives the smallest whole number.
    static func text(_ bytes: Int) -> String {
        guard bytes != 0, let unit = units.first(where: { bytes % $0.bytes == 0 }) else { return "\(bytes)" }
        let shortest = units.reduce(unit) { bytes % $1.bytes == 0 && $1.bytes > $0.bytes ? $1 : $0 }
        return shortest.bytes == 1 ? "\(bytes)" : "\(bytes / shortest.bytes)\(shortest.name)"
    }
}
