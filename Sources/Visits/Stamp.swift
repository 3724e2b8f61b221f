import Subjects

/// A `Moment` in plain nanoseconds: the tracker's arithmetic runs on every sighting.
struct Stamp: Hashable, Codable, Sendable {
    var monotonic: Int64
    var wall: Int64

    init(_ moment: Moment) {
        monotonic = moment.monotonic.trackerNanoseconds
        wall = moment.wall.nanoseconds
    }

    var moment: Moment { Moment(monotonic: .nanoseconds(monotonic), wall: UnixTime(nanoseconds: wall)) }

    func shifted(by nanoseconds: Int64, notAfter limit: Int64) -> Stamp {
        var copy = self
        copy.monotonic = min(limit, monotonic.saturatingAdd(nanoseconds))
        return copy
    }

    private enum CodingKeys: String, CodingKey {
        case monotonic = "m"
        case wall = "w"
    }
}

extension Duration {
    /// Nanoseconds, clamped to +-127 years so that sums of two never overflow.
    var trackerNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let clamped = min(max(seconds, -4_000_000_000), 4_000_000_000)
        return clamped * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

extension Int64 {
    func saturatingAdd(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
