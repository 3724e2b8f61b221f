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
        let civil = civil(time)
        let two = CivilTime.two
        return "\(two(civil.day))/\(two(civil.month))/\(civil.year) \(two(civil.hour)):\(two(civil.minute))"
    }

    /// `2027-06-11T10:14:00`, as the decoder reads it back: the receipt prints no seconds.
    func issued(_ time: Double) -> String { civil(time).iso(toTheMinute: true) }

    private func civil(_ time: Double) -> CivilTime {
        CivilTime(local: origin.wholeSeconds + Int64(time.rounded(.down)) + offsetSeconds)
    }
}
