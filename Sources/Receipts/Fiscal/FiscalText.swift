import Subjects

/// The scalar fields of fiscal signatures, read strictly: what is not exactly in the law's form is nothing.
enum FiscalText {
    /// `-?1234.56` with the given mark and up to so many decimals, as hundredths; more decimals must be zero.
    static func hundredths(_ text: Substring, mark: Character, decimals: ClosedRange<Int> = 2...2) -> Int64? {
        var digits = text
        let negative = digits.first == "-"
        if negative { digits.removeFirst() }
        let parts = digits.split(separator: mark, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...12).contains(whole.utf8.count), whole.utf8.allSatisfy(isDigit) else {
            return nil
        }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard decimals.contains(fraction.utf8.count), parts.count == 2 || decimals.contains(0),
            fraction.utf8.allSatisfy(isDigit), fraction.dropFirst(2).allSatisfy({ $0 == "0" }),
            let units = Int64(whole)
        else { return nil }
        let cents = fraction.prefix(2) + String(repeating: "0", count: max(0, 2 - fraction.count))
        guard let minor = Int64(cents) else { return nil }
        return (negative ? -1 : 1) * (units * 100 + minor)
    }

    /// Up to 19 digits.
    static func counter(_ text: Substring) -> UInt64? {
        (1...19).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit) ? UInt64(text) : nil
    }

    /// `YYYY-MM-DDTHH:MM:SS`, a day that exists.
    static func local(_ text: Substring) -> PrintedTime? {
        let bytes = Array(text.utf8)
        guard bytes.count == 19, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54, bytes[13] == 0x3A,
            bytes[16] == 0x3A
        else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].allSatisfy(isDigit) ? bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } : nil
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            hour < 24, minute < 60, second < 60,
            var time = PrintedTime(validYear: year, month: month, day: day)
        else { return nil }
        time.second = hour * 3600 + minute * 60 + second
        return time
    }

    /// `YYYY-MM-DDTHH:MM:SS[.fff]Z`
    static func instant(_ text: Substring) -> UnixTime? {
        guard text.hasSuffix("Z") else { return nil }
        var body = text.dropLast()
        if let point = body.firstIndex(of: ".") {
            let fraction = body[point...].dropFirst()
            guard (1...9).contains(fraction.utf8.count), fraction.utf8.allSatisfy(isDigit) else { return nil }
            body = body[..<point]
        }
        return local(body).map { UnixTime(seconds: $0.secondsAsUTC) }
    }

    /// `YYYYMMDD` as `YYYY-MM-DD`.
    static func compactDate(_ text: Substring) -> String? {
        guard text.utf8.count == 8, text.utf8.allSatisfy(isDigit), let number = Int(text) else { return nil }
        return PrintedTime(validYear: number / 10_000, month: number / 100 % 100, day: number % 100)?.date
    }

    /// Printable ASCII and letters, no control characters, of at most so many characters.
    static func isName(_ text: Substring, maximum: Int) -> Bool {
        (1...maximum).contains(text.count)
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0xFFFD }
    }

    /// Base64 (also base64url) of at most so many characters.
    static func isBase64(_ text: Substring, maximum: Int) -> Bool {
        (1...maximum).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || [0x2B, 0x2F, 0x2D, 0x5F, 0x3D].contains(byte)
            }
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
