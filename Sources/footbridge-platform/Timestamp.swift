import Foundation

/// RFC 3339 as the contract uses it.
enum Timestamp {
    /// UTC with milliseconds: `2026-11-21T09:30:00.000Z`.
    static func text(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// Whether the text is an RFC 3339 date-time: section 5.6, with an offset, fields in range.
    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40 else { return false }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard number(0..<4) != nil, bytes[4] == UInt8(ascii: "-"), let month = number(5..<7),
            bytes[7] == UInt8(ascii: "-"), let day = number(8..<10), bytes[10] == UInt8(ascii: "T"),
            let hour = number(11..<13), bytes[13] == UInt8(ascii: ":"), let minute = number(14..<16),
            bytes[16] == UInt8(ascii: ":"), let second = number(17..<19), (1...12).contains(month),
            (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return false }
        var position = 19
        if bytes[position] == UInt8(ascii: ".") {
            let start = position + 1
            position = start
            while position < bytes.count, number(position..<position + 1) != nil { position += 1 }
            guard position > start else { return false }
        }
        if position + 1 == bytes.count { return bytes[position] == UInt8(ascii: "Z") }
        guard position + 6 == bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-"),
            let hours = number(position + 1..<position + 3), bytes[position + 3] == UInt8(ascii: ":"),
            let minutes = number(position + 4..<position + 6)
        else { return false }
        return hours < 24 && minutes < 60
    }
}
