import Foundation

/// RFC 3339 as the contract uses it.
enum Timestamp {
    /// UTC with milliseconds: `2026-11-21T09:30:00.000Z`.
    static func text(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// UTC with milliseconds, of milliseconds since 1970.
    static func text(milliseconds: Int64) -> String { text(Date(timeIntervalSince1970: Double(milliseconds) / 1000)) }

    /// Milliseconds since 1970 of a date.
    static func milliseconds(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1000).rounded(.down)) }

    /// Whether the text is an RFC 3339 date-time: section 5.6, with an offset, fields in range.
    static func isValid(_ text: String) -> Bool { milliseconds(text) != nil }

    /// Milliseconds since 1970 of an RFC 3339 date-time; what is finer is cut off. Nil for any other text.
    static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40 else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard let year = number(0..<4), bytes[4] == UInt8(ascii: "-"), let month = number(5..<7),
            bytes[7] == UInt8(ascii: "-"), let day = number(8..<10), bytes[10] == UInt8(ascii: "T"),
            let hour = number(11..<13), bytes[13] == UInt8(ascii: ":"), let minute = number(14..<16),
            bytes[16] == UInt8(ascii: ":"), let second = number(17..<19), (1...12).contains(month),
            (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var position = 19
        var fraction = 0
        if bytes[position] == UInt8(ascii: ".") {
            let start = position + 1
            position = start
            while position < bytes.count, let digit = number(position..<position + 1) {
                if position < start + 3 { fraction = fraction * 10 + digit }
                position += 1
            }
            guard position > start else { return nil }
            for _ in min(position - start, 3)..<3 { fraction *= 10 }
        }
        let local = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
        guard let offset = offset(bytes, position) else { return nil }
        return Int64((local - offset) * 1000 + fraction)
    }

    /// Seconds by which the local time is ahead of UTC, from what stands after the seconds.
    private static func offset(_ bytes: [UInt8], _ position: Int) -> Int? {
        if position + 1 == bytes.count { return bytes[position] == UInt8(ascii: "Z") ? 0 : nil }
        guard position + 6 == bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-"),
            bytes[position + 3] == UInt8(ascii: ":")
        else { return nil }
        let digits = [position + 1, position + 2, position + 4, position + 5].map {
            Int(bytes[$0]) - Int(UInt8(ascii: "0"))
        }
        guard digits.allSatisfy((0...9).contains) else { return nil }
        let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        guard hours < 24, minutes < 60 else { return nil }
        let seconds = (hours * 60 + minutes) * 60
        return bytes[position] == UInt8(ascii: "-") ? -seconds : seconds
    }

    /// Days since 1970-01-01 in the Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
