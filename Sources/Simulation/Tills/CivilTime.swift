/// A local date and time of day, as a till's clock shows it.
struct CivilTime: Sendable, Hashable {
    var year: Int
    var month: Int
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int

    /// - Parameter local: seconds since 1970-01-01 00:00 on the till's own clock.
    init(local: Int64) {
        let days = Int((Double(local) / 86_400).rounded(.down))
        let rest = Int(local) - days * 86_400
        // Days to civil date, proleptic Gregorian (Howard Hinnant, "chrono-compatible low-level date algorithms").
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        hour = rest / 3600
        minute = rest % 3600 / 60
        second = rest % 60
    }

    /// `2027-06-11`
    var isoDate: String { "\(year)-\(Self.two(month))-\(Self.two(day))" }

    /// `2027-06-11T10:14:05`; with `toTheMinute` the seconds are 00, as of a receipt that prints none.
    func iso(toTheMinute: Bool) -> String {
        "\(isoDate)T\(Self.two(hour)):\(Self.two(minute)):\(toTheMinute ? "00" : Self.two(second))"
    }

    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
