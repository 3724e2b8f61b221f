import Foundation
import Subjects

/// The day to which a receipt counts: the printed date when there is one, else the store's day at the capture.
enum BusinessDate {
    /// - Parameter issuedAt: local `YYYY-MM-DDTHH:MM:SS`, as printed.
    /// - Returns: `YYYY-MM-DD`.
    static func text(issuedAt: String?, captured: UnixTime, in zone: TimeZone) -> String {
        if let issuedAt, issuedAt.utf8.count >= 10 { return String(issuedAt.prefix(10)) }
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: captured.seconds))
        return String((captured + .seconds(offset)).rfc3339().prefix(10))
    }
}
