import Foundation
import Subjects

/// The day to which a receipt counts: the printed date when there is one, else the store's day at the capture.
enum BusinessDate {
    /// - Parameter issuedAt: local `YYYY-MM-DDTHH:MM:SS`, as printed.
    /// - Returns: `YYYY-MM-DD`.
    static func text(issuedAt: String?, captured: UnixTime, in zone: TimeZone) -> String {
        if let issuedAt, issuedAt.utf8.count >= 10 { return String(issuedAt.prefix(10)) }
        return String((captured + .seconds(offset(of: zone, at: captured))).rfc3339().prefix(10))
    }

    /// The zone's offset from UTC in seconds at that time.
    static func offset(of zone: TimeZone, at time: UnixTime) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: time.seconds))
    }
}
