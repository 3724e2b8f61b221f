import Foundation

/// The header `Retry-After` in both forms (RFC 9110 section 10.2.3).
package enum RetryAfter {
    /// How long to wait, never negative; nil when there is no header or it cannot be read.
    ///
    /// A date is measured against the answer's own `Date`, so that this box's clock does not matter; `wallSeconds` (since
    /// 1970) is used only when there is none.
    package static func delay(headers: [String: String], wallSeconds: Int64) -> Duration? {
        guard let text = headers["retry-after"]?.trimmingCharacters(in: .whitespaces), !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return .seconds(min(Int64(text) ?? .max, 366 * 86_400))
        }
        guard let until = date(text) else { return nil }
        let now = headers["date"].flatMap(date) ?? wallSeconds
        return .seconds(max(0, until - now))
    }

    /// Seconds since 1970 of an HTTP date in its preferred form, `Sun, 06 Nov 1994 08:49:37 GMT`, or one of the two
    /// obsolete ones, which a recipient must accept (RFC 9110 section 5.6.7).
    package static func date(_ text: String) -> Int64? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        for format in ["EEE, dd MMM yyyy HH:mm:ss zzz", "EEEE, dd-MMM-yy HH:mm:ss zzz", "EEE MMM d HH:mm:ss yyyy"] {
            formatter.dateFormat = format
            if let date = formatter.date(from: text) { return Int64(date.timeIntervalSince1970) }
        }
        return nil
    }
}
