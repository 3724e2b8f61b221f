package import Subjects

/// What a tracker knows, so that a restart continues the open visits.
package struct VisitCheckpoint: Hashable, Codable, Sendable {
    package var subjects: [SubjectCheckpoint]

    /// From the parts that `VisitTracker.checkpoint(of:)` gave; a subject listed twice counts once.
    package init(subjects: [SubjectCheckpoint] = []) {
        self.subjects = subjects
    }
}

/// One subject's part of a checkpoint. Zones and receivers stand by name, so that a changed configuration can be read.
package struct SubjectCheckpoint: Hashable, Codable, Sendable {
    struct Level: Hashable, Codable, Sendable {
        var receiver: ReceiverID
        var level: Double
        var at: Int64

        private enum CodingKeys: String, CodingKey {
            case receiver = "r"
            case level = "l"
            case at = "a"
        }
    }

    package let subject: SubjectID
    private var kind: SubjectKind
    private var zone: ZoneID?
    private var lastSeen: Stamp
    private var support: Stamp
    private var levels: [Level]
    private var intervals: IntervalWindow
    private var settling: Stamp?
    private var doubtSince: Int64?
    private var visit: OpenVisit?
    private var overstayedAt: Int64?
    private var everInside: Bool

    private enum CodingKeys: String, CodingKey {
        case subject = "id"
        case kind = "k"
        case zone = "z"
        case lastSeen = "t"
        case support = "s"
        case levels = "l"
        case intervals = "i"
        case settling = "f"
        case doubtSince = "d"
        case visit = "v"
        case overstayedAt = "o"
        case everInside = "e"
    }

    init(_ track: SubjectTrack, map: ZoneMap) {
        subject = track.subject
        kind = track.kind
        zone = map.id(track.zone)
        lastSeen = track.lastSeen
        support = track.support
        levels = zip(map.receivers, track.levels).compactMap { receiver, level in
            level.at == ReceiverLevel.never ? nil : Level(receiver: receiver, level: level.level, at: level.at)
        }
        intervals = track.intervals
        settling = track.settling
        doubtSince = track.doubtSince
        visit = track.visit
        overstayedAt = track.overstayedAt
        everInside = track.everInside
    }

    func track(map: ZoneMap, shift: Int64, notAfter limit: Int64) -> SubjectTrack {
        func moved(_ time: Int64) -> Int64 { min(limit, time.saturatingAdd(shift)) }
        var track = SubjectTrack(
            subject: subject, kind: kind, at: lastSeen.shifted(by: shift, notAfter: limit),
            receivers: map.receivers.count)
        track.support = support.shifted(by: shift, notAfter: limit)
        track.intervals = intervals
        track.intervals.shift(by: shift, notAfter: limit)
        track.settling = settling?.shifted(by: shift, notAfter: limit)
        track.doubtSince = doubtSince.map(moved)
        track.overstayedAt = overstayedAt.map(moved)
        track.everInside = everInside
        for saved in levels {
            guard let receiver = map.index(of: saved.receiver), saved.level.isFinite else { continue }
            track.levels[receiver] = ReceiverLevel(level: saved.level, at: moved(saved.at))
        }
        if var visit {
            visit.entered = visit.entered.shifted(by: shift, notAfter: limit)
            visit.lastInside = visit.lastInside.shifted(by: shift, notAfter: limit)
            visit.stayEntered = visit.stayEntered?.shifted(by: shift, notAfter: limit)
            visit.stays = visit.stays.map { stay in
                var stay = stay
                stay.entered = stay.entered.shifted(by: shift, notAfter: limit)
                return stay
            }
            track.visit = visit
        }
        if let zone {
            if let index = map.index(of: zone) {
                track.zone = index
            } else {
                // The zone is gone from the configuration: the stay ends where it was last seen.
                track.visit?.endStay(in: zone, at: track.support, limit: .max)
            }
        }
        return track
    }
}
