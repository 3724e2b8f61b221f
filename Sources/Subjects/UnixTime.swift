/// An instant of the wall clock: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds (POSIX time).
///
/// Wall time stamps events and selects token windows; it never measures how long something took (see `Moment`).
/// Arithmetic saturates at the ends of `Int64` (the years 1677 and 2262) instead of trapping, because some of the
/// values come from outside.
package struct UnixTime: Hashable, Comparable, Sendable, Codable {
    /// Nanoseconds since the epoch; negative before it.
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Whole seconds since the epoch, saturating.
    package init(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        nanoseconds = overflow ? (seconds < 0 ? .min : .max) : product
    }

    /// Fractional seconds since the epoch, rounded to the microsecond that a `Double` of today can still tell apart,
    /// and saturating; not-a-number is the epoch.
    package init(seconds: Double) {
        let microseconds = (seconds * 1_000_000).rounded()
        if microseconds.isNaN {
            nanoseconds = 0
        } else if microseconds > 9.2233720368e15 {
            nanoseconds = .max
        } else if microseconds < -9.2233720368e15 {
            nanoseconds = .min
        } else {
            nanoseconds = Int64(microseconds) * 1000
        }
    }

    /// Seconds since the epoch; exact to a quarter of a microsecond today.
    package var seconds: Double { Double(nanoseconds) / 1_000_000_000 }

    /// The second that this instant lies in, rounded towards the past (also before the epoch).
    package var wholeSeconds: Int64 { nanoseconds.flooredQuotient(1_000_000_000) }

    package static func < (left: UnixTime, right: UnixTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The time from `right` to `left`; negative when `left` is earlier.
    package static func - (left: UnixTime, right: UnixTime) -> Duration {
        .nanoseconds(left.nanoseconds) - .nanoseconds(right.nanoseconds)
    }

    package static func + (time: UnixTime, duration: Duration) -> UnixTime {
        let (sum, overflow) = time.nanoseconds.addingReportingOverflow(duration.saturatedNanoseconds)
        return UnixTime(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    package static func - (time: UnixTime, duration: Duration) -> UnixTime {
        time + (.zero - duration)
    }

    package init(from decoder: any Decoder) throws {
        nanoseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(nanoseconds)
    }
}

extension Int64 {
    /// The quotient rounded towards minus infinity; `divisor` is positive.
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension Duration {
    /// The whole nanoseconds of this duration, saturating at the ends of `Int64` (292 years).
    var saturatedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflowed ? (seconds < 0 ? .min : .max) : sum
    }
}
