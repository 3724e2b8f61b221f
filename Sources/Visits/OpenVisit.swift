import Subjects

/// A visit that may still go on.
struct OpenVisit: Hashable, Codable, Sendable {
    struct Stay: Hashable, Codable, Sendable {
        var zone: ZoneID
        var entered: Stamp
        var dwell: Int64

        private enum CodingKeys: String, CodingKey {
            case zone = "z"
            case entered = "e"
            case dwell = "d"
        }
    }

    var entered: Stamp
    /// Nanoseconds since the sighting before the entry; nil = none was near, so the median interval stands in.
    var unseenBefore: Int64?
    var lastInside: Stamp
    /// Nanoseconds from `lastInside` to the first sighting that was not inside any more.
    var unseenAfter: Int64?
    var sightings = 0
    /// Finished stays, in order of time.
    var stays: [Stay] = []
    /// Of the present stay; nil while not inside.
    var stayEntered: Stamp?
    /// Running count, mean and sum of squared deviations of the level inside (Welford).
    var levels = 0
    var levelMean = 0.0
    var levelSpread = 0.0

    private enum CodingKeys: String, CodingKey {
        case entered = "e"
        case unseenBefore = "ub"
        case lastInside = "l"
        case unseenAfter = "ua"
        case sightings = "n"
        case stays = "s"
        case stayEntered = "se"
        case levels = "ln"
        case levelMean = "lm"
        case levelSpread = "ls"
    }

    init(entered: Stamp, unseenBefore: Int64?) {
        self.entered = entered
        self.unseenBefore = unseenBefore
        lastInside = entered
    }

    mutating func hearInside(at now: Stamp, level: Double?) {
        lastInside = now
        unseenAfter = nil
        sightings += 1
        guard let level else { return }
        levels += 1
        let deviation = level - levelMean
        levelMean += deviation / Double(levels)
        levelSpread += deviation * (level - levelMean)
    }

    mutating func hearElsewhere(at now: Stamp) {
        if unseenAfter == nil { unseenAfter = now.monotonic - lastInside.monotonic }
    }

    /// Ends the present stay in `zone`; beyond `limit` stays the time goes to the last stay there.
    mutating func endStay(in zone: ZoneID, at end: Stamp, limit: Int) {
        guard let start = stayEntered else { return }
        stayEntered = nil
        let dwell = max(0, end.monotonic - start.monotonic)
        if stays.count >= limit, let same = stays.lastIndex(where: { $0.zone == zone }) {
            stays[same].dwell += dwell
        } else {
            stays.append(Stay(zone: zone, entered: start, dwell: dwell))
        }
    }

    /// An over-long stay: in one place at one level it is a thing, else somebody who works here.
    private func overstayed(limits: VisitLimits) -> VisitClassification {
        guard Set(stays.map(\.zone)).count <= 1, levels > 1 else { return .staff }
        return (levelSpread / Double(levels)).squareRoot() < limits.policy.fixtureDeviation ? .fixture : .staff
    }

    /// The visit as it stands. `present`: the zone of the stay that goes on.
    func visit(
        of subject: SubjectID, kind: SubjectKind, present: ZoneID?, median: Int64, limits: VisitLimits, closed: Bool,
        truncated: Bool
    ) -> Visit {
        var copy = self
        if let present { copy.endStay(in: present, at: lastInside, limit: limits.policy.maximumStays) }
        let dwell = lastInside.monotonic - entered.monotonic
        let interval = median > 0 ? median : limits.assumedInterval
        let classification: VisitClassification =
            switch kind {
            case .staff: .staff
            case .fixture: .fixture
            case .person where dwell > limits.maximum: copy.overstayed(limits: limits)
            case .person where dwell >= limits.engaged: .engaged
            case .person where dwell >= limits.visitor: .visitor
            case .person: .bounce
            }
        return Visit(
            key: VisitKey(subject: subject, enteredAt: UnixTime(nanoseconds: entered.wall)), kind: kind,
            entered: entered.moment, enterUncertainty: .nanoseconds(max(limits.smoothing, unseenBefore ?? interval)),
            exited: closed ? lastInside.moment : nil,
            exitUncertainty: .nanoseconds(max(limits.smoothing, unseenAfter ?? interval)),
            dwell: closed ? .nanoseconds(dwell) : nil, classification: classification,
            zones: copy.stays.map {
                ZoneStay(zone: $0.zone, entered: $0.entered.moment, dwell: .nanoseconds($0.dwell))
            },
            sightings: sightings, medianGap: .nanoseconds(median), revision: closed ? 2 : 1, truncated: truncated,
            definitionVersion: limits.policy.definitionVersion)
    }
}
