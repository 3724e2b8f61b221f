import Foundation

/// A date and time as printed: local time, without an offset from UTC.
struct PrintedTime: Sendable, Hashable {
    var year: Int
    var month: Int
    var day: Int
    /// Seconds of the day; nil when only a date was printed.
    var second: Int?

    /// `YYYY-MM-DD`
    var date: String {
        PrintedTime.padded(year, 4) + "-" + PrintedTime.padded(month, 2) + "-" + PrintedTime.padded(day, 2)
    }

    /// `YYYY-MM-DDTHH:MM:SS`, nil without a time of day.
    var dateTime: String? {
        guard let second else { return nil }
        return [second / 3600, second / 60 % 60, second % 60].map { PrintedTime.padded($0, 2) }.joined(separator: ":")
            .withPrefix(date + "T")
    }

    /// Seconds since 1970 if it were a time in UTC; midnight without a time of day.
    var secondsAsUTC: Int64 {
        // Days from civil (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"); years are positive here.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468) * 86_400 + Int64(second ?? 0)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension PrintedTime {
    /// A day that exists, between 1990 and 2099.
    init?(validYear year: Int, month: Int, day: Int) {
        guard (1990...2099).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        let leap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[month - 1] else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }
}

extension String {
    fileprivate func withPrefix(_ prefix: String) -> String { prefix + self }
}

/// Finds dates and times of day in lines.
struct PrintedTimeReader: Sendable {
    /// 3/4 is the third of April (true) or the fourth of March (false): a setting of the till, never guessed.
    let dayFirst: Bool

    /// A date found in a line, and whether it could only be read against the setting.
    struct Finding: Sendable, Hashable {
        var time: PrintedTime
        var againstSetting: Bool
    }

    /// The first date of a line, with the time of day if one is printed in the same line.
    func read(_ line: String) -> Finding? { read(ReadLine(line)) }

    /// The same for a line that is read already.
    func read(_ line: ReadLine) -> Finding? {
        guard line.text.utf8.count >= 6, line.signature.digits >= 3, var finding = date(in: line) else { return nil }
        finding.time.second = timeOfDay(in: line)
        return finding
    }

    /// The first time of day of a line: seconds since midnight.
    func timeOfDay(in line: String) -> Int? { timeOfDay(in: ReadLine(line)) }

    /// The same for a line that is read already.
    func timeOfDay(in line: ReadLine) -> Int? {
        guard line.characters.mayHoldTimeOfDay else { return nil }
        guard let match = PrintedTimeReader.match(PrintedTimeReader.time, line) else { return nil }
        guard var hour = match.number(1), let minute = match.number(2) else { return nil }
        let second = match.number(3) ?? match.number(4) ?? 0
        if let half = match.text(5)?.first {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (half == "p" || half == "P" ? 12 : 0)
        }
        guard hour < 24, minute < 60, second < 60 else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    private func date(in line: ReadLine) -> Finding? {
        if let match = PrintedTimeReader.match(PrintedTimeReader.yearFirst, line), let year = match.number(1),
            let month = match.number(2), let day = match.number(3), let time = PrintedTimeReader.valid(year, month, day)
        {
            return Finding(time: time, againstSetting: false)
        }
        if line.characters.mayHoldNumericDate,
            let match = PrintedTimeReader.match(PrintedTimeReader.numeric, line), let first = match.number(1),
            let mark = match.text(2), let second = match.number(3), let year = match.number(4)
        {
            // Dots are used only by countries that put the day first.
            let dayLeads = dayFirst || mark == "."
            let full = PrintedTimeReader.fullYear(year, digits: match.text(4)?.count ?? 4)
            let (day, month) = dayLeads ? (first, second) : (second, first)
            if let time = PrintedTimeReader.valid(full, month, day) {
                return Finding(time: time, againstSetting: false)
            }
            if let time = PrintedTimeReader.valid(full, day, month) { return Finding(time: time, againstSetting: true) }
        }
        guard PrintedTimeReader.mayNameMonth(line) else { return nil }
        if let match = PrintedTimeReader.match(PrintedTimeReader.dayMonthName, line) {
            return named(match, day: 1, month: 2, year: 3)
        }
        if let match = PrintedTimeReader.match(PrintedTimeReader.monthNameDay, line) {
            return named(match, day: 2, month: 1, year: 3)
        }
        return nil
    }

    private func named(_ match: Match, day: Int, month: Int, year: Int) -> Finding? {
        guard let dayNumber = match.number(day), let name = match.text(month), let yearNumber = match.number(year)
        else { return nil }
        guard let monthNumber = PrintedTimeReader.month(named: name) else { return nil }
        let full = PrintedTimeReader.fullYear(yearNumber, digits: match.text(year)?.count ?? 4)
        return PrintedTimeReader.valid(full, monthNumber, dayNumber).map { Finding(time: $0, againstSetting: false) }
    }

    /// The month that a name, or the beginning of one, means in the languages of the standard rules.
    static func month(named name: Substring) -> Int? {
        let folded = name.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil).lowercased()
        return PrintedTimeReader.months.first { folded.hasPrefix($0.0) }?.1
    }

    /// False when no month's name begins anywhere in the line.
    private static func mayNameMonth(_ line: ReadLine) -> Bool {
        if line.signature.isOpaque || monthBits.contains(where: { line.signature.holds($0) }) { return true }
        return line.characters.codes.contains { $0 >= 0x80 && LineCharacters.isLetter($0) }
    }

    /// The first three letters of each, as `LineSignature` knows them.
    private static let monthBits: Set<UInt16> = Set(
        months.compactMap { name, _ in
            let bytes = name.utf8.prefix(3).map { UInt32($0) }
            return bytes.contains { $0 >= 0x80 } ? nil : LineSignature.triple(bytes[0], bytes[1], bytes[2])
        })

    /// Two digits are a year from 1970 to 2069.
    static func fullYear(_ year: Int, digits: Int) -> Int {
        digits > 2 ? year : year + (year < 70 ? 2000 : 1900)
    }

    private static func valid(_ year: Int, _ month: Int, _ day: Int) -> PrintedTime? {
        PrintedTime(validYear: year, month: month, day: day)
    }

    // Longer beginnings first: they decide between months that begin alike in other languages.
    private static let months: [(String, Int)] = [
        ("juil", 7), ("juin", 6), ("jan", 1), ("ene", 1), ("gen", 1), ("janv", 1), ("feb", 2), ("fev", 2), ("mar", 3),
        ("mrt", 3),
        ("maa", 3), ("mai", 5), ("may", 5), ("mei", 5), ("mag", 5), ("apr", 4), ("avr", 4), ("abr", 4), ("jun", 6),
        ("giu", 6),
        ("jul", 7), ("lug", 7), ("aug", 8), ("aou", 8), ("ago", 8), ("sep", 9), ("set", 9), ("oct", 10), ("okt", 10),
        ("ott", 10), ("out", 10), ("nov", 11), ("dec", 12), ("dez", 12), ("dic", 12), ("mär", 3),
    ]

    private static let yearFirst = compiled(#"(?<!\d)(20\d{2}|19\d{2})[\-/.年]\s?(\d{1,2})[\-/.月]\s?(\d{1,2})(?!\d)"#)
    private static let numeric = compiled(#"(?<![\d.,/\-])(\d{1,2})([./\-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/\-]|[.,]\d)"#)
    private static let dayMonthName = compiled(
        #"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º)?[\s.\-]*(?:of\s+|de\s+)?(\p{L}{3,10})\.?[\s.,\-]*(?:de\s+)?(\d{4}|\d{2}(?!\d|:))"#
    )
    private static let monthNameDay = compiled(#"(\p{L}{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)"#)
    private static let time = compiled(
        #"(?<![\d.,:])([01]?\d|2[0-4])[:h時]([0-5]\d)(?:分(?:([0-5]\d)秒)?|:([0-5]\d))?(?:\s?([ap])\.?m\b\.?)?(?![\d:])"#)

    private static func compiled(_ pattern: String) -> LinePattern? { LinePattern(pattern) }

    private struct Match {
        let line: String
        let result: NSTextCheckingResult

        func text(_ group: Int) -> Substring? { Range(result.range(at: group), in: line).map { line[$0] } }
        func number(_ group: Int) -> Int? { text(group).flatMap { Int($0) } }
    }

    private static func match(_ pattern: LinePattern?, _ line: ReadLine) -> Match? {
        guard let pattern, pattern.mayMatch(line) else { return nil }
        let text = line.text
        return pattern.expression.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)).map {
            Match(line: text, result: $0)
        }
    }
}
