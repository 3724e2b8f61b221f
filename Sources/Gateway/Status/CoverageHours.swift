package import Subjects

/// How much of the store's opted-in people the radios can hear, hour by hour (UTC): the people who were recognised, and
/// beside them the reports of iPhones whose app is in the background, which say "an app with our service" and not who.
///
/// Of strangers there is nothing in it but a number of reports. The subjects of the hour that runs are kept to count each
/// once; a day of hours is kept at most.
package struct CoverageHours: Sendable {
    package struct Hour: Codable, Hashable, Sendable {
        /// RFC 3339 UTC: when the hour began.
        package var start: String
        /// Different opted-in people recognised.
        package var people: Int
        /// Reports of an iPhone's overflow mask with a bit of our app. One phone sends many in a minute.
        package var overflowSeen: UInt64

        private enum CodingKeys: String, CodingKey {
            case start, people
            case overflowSeen = "overflow_seen"
        }
    }

    /// So many hours are kept.
    package static let kept = 24

    /// The last hours, oldest first; the last one runs.
    package private(set) var hours: [Hour] = []
    private var people: Set<SubjectID> = []
    private var running: Int64?
    /// What the radios had counted when the hour began.
    private var before: UInt64 = 0

    package init() {}

    /// Takes a sighting of the hour that runs.
    package mutating func heard(_ sighting: Sighting) {
        if sighting.kind == .person { people.insert(sighting.subject) }
    }

    /// - `overflowSeen`: what all radios have counted since the program began.
    package mutating func advance(to time: UnixTime, overflowSeen: UInt64) {
        let hour = time.nanoseconds / 3_600_000_000_000
        if running != hour {
            // What came since the last call belongs to the hour that ends; half a second of the next one may be in it.
            finish(overflowSeen)
            before = running == nil ? 0 : overflowSeen
            running = hour
            people.removeAll(keepingCapacity: true)
            hours.append(
                Hour(start: UnixTime(nanoseconds: hour * 3_600_000_000_000).rfc3339(), people: 0, overflowSeen: 0))
            if hours.count > Self.kept { hours.removeFirst(hours.count - Self.kept) }
            return
        }
        finish(overflowSeen)
    }

    private mutating func finish(_ overflowSeen: UInt64) {
        guard let last = hours.indices.last else { return }
        hours[last].people = people.count
        hours[last].overflowSeen = overflowSeen >= before ? overflowSeen - before : 0
    }
}
