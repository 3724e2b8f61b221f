import Foundation
import Subjects

/// The store's wall clock: what a till prints for a moment of the simulation.
struct LocalClock: Sendable {
    let origin: UnixTime
    private let offsetSeconds: Int64

    /// `zone` is an IANA name; UTC when the system does not know it. The offset is that of `origin`: no simulated day has a switch
    /// to or from summer time.
    init(origin: UnixTime, zone: String) {
        self.origin = origin
        let date = Date(timeIntervalSince1970: TimeInterval(origin.wholeSeconds))
        offsetSeconds = Int64(TimeZone(identifier: zone)?.secondsFromGMT(for: date) ?? 0)
    }

    /// `11/06/2027 10:14`, as the receipt says it.
    func printed(_ time: Double) -> String {
        let parts = parts(time)
        return
            "\(Self.two(parts.day))/\(Self.two(parts.month))/\(parts.year) \(Self.two(parts.hour)):\(Self.two(parts.minute))"
    }

    /// `2027-06-11T10:14:00`, as the decoder reads it back: the receipt prints no seconds.
    func issued(_ time: Double) -> String {
        let parts = parts(time)
        return
            "\(parts.year)-\(Self.two(parts.month))-\(Self.two(parts.day))T\(Self.two(parts.hour)):\(Self.two(parts.minute)):00"
    }

    private func parts(_ time: Double) -> (year: Int, month: Int, day: Int, hour: Int, minute: Int) {
        let local = origin.wholeSeconds + Int64(time.rounded(.down)) + offsetSeconds
        let days = Int((Double(local) / 86_400).rounded(.down))
        let second = Int(local) - days * 86_400
        // Days to civil date, proleptic Gregorian (Howard Hinnant, "chrono-compatible low-level date algorithms").
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * monthIndex + 2) / 5 + 1, hour: second / 3600, minute: second % 3600 / 60
        )
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
