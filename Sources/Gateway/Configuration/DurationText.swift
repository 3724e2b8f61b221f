/// Durations as text with one unit: `250ms`, `1.5s`, `15min`, `4h`, `62d`.
enum DurationText {
    /// Units with their length in milliseconds, longest first.
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// The duration, or nil when the text is none. A space before the unit is allowed; a sign is not. Precise to a
    /// millisecond; at most a thousand years.
    static func duration(_ text: String) -> Duration? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let name = text[number.endIndex...].drop { $0 == " " }
        guard let unit = units.first(where: { $0.name == name }), let count = DecimalText.number(String(number)) else {
            return nil
        }
        let milliseconds = count * Double(unit.milliseconds)
        guard milliseconds <= 365_000 * 86_400_000 else { return nil }
        return .milliseconds(Int64(milliseconds.rounded()))
    }

    /// The duration in the longest unit that needs no fraction.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        guard milliseconds != 0 else { return "0s" }
        let unit = units.first { milliseconds % $0.milliseconds == 0 } ?? ("ms", 1)
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}
