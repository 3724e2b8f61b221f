import Foundation

/// A date or time in exactly one form, such as `dd.MM.yyyy HH:mm:ss`.
///
/// `yyyy`, `yy`, `MM`, `M`, `dd`, `d`, `MMM` (a month's name in any language of the standard rules), `HH`, `H`, `hh`, `h`
/// (1-12, with `a` for am and pm), `mm`, `ss`; text in single quotes; anything that is no ASCII letter stands for itself, and
/// blanks for any number of blanks.
package struct PrintedTimeFormat: Sendable, Hashable {
    private enum Part: Hashable {
        case number(Component, ClosedRange<Int>)
        case monthName
        case halfDay
        case literal(Character)
        case blanks
    }

    private enum Component: Hashable { case year, shortYear, month, day, hour, halfHour, minute, second }

    private let parts: [Part]
    package let hasDate: Bool
    package let hasTime: Bool

    /// nil when the format names an unknown part, or one twice, or neither a whole date nor hours and minutes.
    package init?(_ format: String) {
        var parts: [Part] = []
        var rest = Substring(format)
        while let first = rest.first {
            if first == "'" {
                rest.removeFirst()
                guard let end = rest.firstIndex(of: "'") else { return nil }
                parts += rest[..<end].map { .literal($0) }
                rest = rest[end...].dropFirst()
            } else if first == " " {
                rest = rest.drop { $0 == " " }
                parts.append(.blanks)
            } else if first.isASCII, first.isLetter {
                let run = rest.prefix { $0 == first }
                guard let part = PrintedTimeFormat.known[String(run)] else { return nil }
                parts.append(part)
                rest = rest.dropFirst(run.count)
            } else {
                parts.append(.literal(first))
                rest.removeFirst()
            }
        }
        func has(_ components: Component...) -> Bool {
            parts.contains { if case .number(let component, _) = $0 { components.contains(component) } else { false } }
        }
        let fields = parts.filter { if case .number = $0 { true } else { $0 == .monthName || $0 == .halfDay } }
        guard Set(fields).count == fields.count, !(has(.month) && parts.contains(.monthName)) else { return nil }
        hasDate = has(.year, .shortYear) && has(.day) && (has(.month) || parts.contains(.monthName))
        hasTime = has(.hour) && has(.minute) || has(.halfHour) && has(.minute) && parts.contains(.halfDay)
        guard hasDate || hasTime else { return nil }
        self.parts = parts
    }

    private static let known: [String: Part] = [
        "yyyy": .number(.year, 4...4), "yy": .number(.shortYear, 2...2), "MM": .number(.month, 2...2),
        "M": .number(.month, 1...2), "MMM": .monthName, "MMMM": .monthName, "dd": .number(.day, 2...2),
        "d": .number(.day, 1...2), "HH": .number(.hour, 2...2), "H": .number(.hour, 1...2),
        "hh": .number(.halfHour, 2...2), "h": .number(.halfHour, 1...2), "mm": .number(.minute, 2...2),
        "ss": .number(.second, 2...2), "a": .halfDay,
    ]

    /// The date and the second of the day that `text` holds, as far as the format has them; nil when it is in another form.
    func parse(_ text: String) -> (date: PrintedTime?, second: Int?)? {
        var rest = Substring(text).drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        var values: [Component: Int] = [:]
        var month: Int?
        var afternoon: Bool?
        for part in parts {
            switch part {
            case .number(let component, let digits):
                let run = rest.prefix { $0.isASCII && $0.isNumber }.prefix(digits.upperBound)
                guard digits.contains(run.count), let number = Int(run) else { return nil }
                values[component] = number
                rest = rest.dropFirst(run.count)
            case .monthName:
                let run = rest.prefix(while: \.isLetter)
                guard let number = PrintedTimeReader.month(named: run) else { return nil }
                month = number
                rest = rest.dropFirst(run.count)
            case .halfDay:
                let letters = rest.prefix(4).lowercased().filter { $0 != "." }.prefix(2)
                guard letters == "am" || letters == "pm" else { return nil }
                afternoon = letters == "pm"
                rest = rest.drop { $0.isLetter || $0 == "." }
            case .literal(let character):
                guard rest.first == character else { return nil }
                rest.removeFirst()
            case .blanks: rest = rest.drop(while: \.isWhitespace)
            }
        }
        guard rest.isEmpty else { return nil }
        var date: PrintedTime?
        if hasDate {
            let year = values[.year] ?? PrintedTimeReader.fullYear(values[.shortYear] ?? 0, digits: 2)
            guard let valid = PrintedTime(validYear: year, month: month ?? values[.month] ?? 0, day: values[.day] ?? 0)
            else { return nil }
            date = valid
        }
        guard hasTime else { return (date, nil) }
        var hour = values[.hour] ?? 0
        if let half = values[.halfHour] {
            guard (1...12).contains(half), let afternoon else { return nil }
            hour = half % 12 + (afternoon ? 12 : 0)
        }
        let minute = values[.minute] ?? 0
        let second = values[.second] ?? 0
        guard hour < 24, minute < 60, second < 60 else { return nil }
        return (date, hour * 3600 + minute * 60 + second)
    }
}
