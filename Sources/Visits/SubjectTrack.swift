import Subjects

/// Everything the tracker knows of one subject.
struct SubjectTrack: Sendable {
    private(set) var subject: SubjectID
    var kind: SubjectKind
    /// Index into the zone map; -1 = nowhere.
    var zone = -1
    var lastSeen: Stamp
    /// The last sighting that showed the subject in its present zone.
    var support: Stamp
    var levels: [ReceiverLevel]
    var intervals = IntervalWindow()
    /// The first sighting of a phone of which nothing was known: where it is is decided when the other receivers had the
    /// time to report the same advertisement, else the fastest receiver would place it.
    var settling: Stamp?
    /// When the levels began to say that the subject is elsewhere (sparse phones only).
    var doubtSince: Int64?
    var visit: OpenVisit?
    /// Set by a visit cut at the maximum: no new one until the subject was away. The last sighting inside.
    var overstayedAt: Int64?
    var everInside = false
    /// The deadline that the heap holds for this subject.
    var scheduled = Int64.max

    init(subject: SubjectID, kind: SubjectKind, at now: Stamp, receivers: Int) {
        self.subject = subject
        self.kind = kind
        lastSeen = now
        support = now
        levels = Array(repeating: ReceiverLevel(), count: receivers)
    }

    // MARK: Hearing

    /// - Parameter receiver: index into the map.
    mutating func hear(
        receiver: Int, rssi: Int8?, at now: Stamp, map: ZoneMap, limits: VisitLimits, counters: inout VisitCounters,
        outputs: inout [VisitOutput]
    ) {
        intervals.heard(at: now.monotonic, limit: limits.gapMaximum)
        lastSeen = now

        guard let rssi else {
            counters.withoutLevel += 1
            apply(
                Placement(zone: zone, level: nil), supported: zone >= 0, at: now, byInside: map.hearsInside[receiver],
                map: map, limits: limits, counters: &counters, outputs: &outputs)
            return
        }
        let oldest = now.monotonic - limits.fresh(median: intervals.median)
        let unknown = zone < 0 && (settling != nil || !levels.contains { $0.at >= oldest })
        levels[receiver].hear(Double(rssi), at: now.monotonic, smoothing: limits.smoothing)
        if unknown {
            settling = settling ?? now
            return
        }
        var place = choose(map: map, limits: limits)
        var supported = place.zone >= 0
        if place.zone == zone {
            doubtSince = nil
        } else if mustWait(at: now.monotonic, map: map, limits: limits) {
            supported = map.isInside(place.zone)
            place = Placement(zone: zone, level: nil)
        }
        apply(
            place, supported: supported, at: now, byInside: map.hearsInside[receiver], map: map, limits: limits,
            counters: &counters, outputs: &outputs)
    }

    private func choose(map: ZoneMap, limits: VisitLimits) -> Placement {
        Placement.choose(
            current: zone, map: map, levels: levels,
            since: lastSeen.monotonic - limits.fresh(median: intervals.median),
            hysteresis: limits.policy.zoneHysteresis)
    }

    /// - Parameters:
    ///   - supported: this sighting speaks for the zone.
    ///   - byInside: it came from a receiver inside. One on the street does not prove that somebody is still in.
    private mutating func apply(
        _ place: Placement, supported: Bool, at now: Stamp, byInside: Bool, map: ZoneMap, limits: VisitLimits,
        counters: inout VisitCounters, outputs: inout [VisitOutput]
    ) {
        let isInside = map.isInside(place.zone) && supported
        let comesIn = isInside && !map.isInside(zone)
        if comesIn { enter(at: now, limits: limits, counters: &counters, outputs: &outputs) }
        if place.zone != zone { move(to: place, at: now, map: map, limits: limits, outputs: &outputs) }
        if isInside {
            guard comesIn || byInside else {
                if let last = visit?.lastInside, now.monotonic - last.monotonic > IntervalWindow.burst {
                    visit?.hearElsewhere(at: now)
                }
                return
            }
            stayInside(at: now, level: place.level, map: map, limits: limits, counters: &counters, outputs: &outputs)
        } else {
            visit?.hearElsewhere(at: now)
            if supported { support = now }
        }
    }

    /// An average over seconds of a phone that is heard less often than that is a single, noisy sample. Before such a
    /// phone leaves a zone inside, a second advertisement must agree. Phones heard often are not delayed.
    private mutating func mustWait(at now: Int64, map: ZoneMap, limits: VisitLimits) -> Bool {
        guard map.isInside(zone), intervals.median > limits.smoothing else { return false }
        guard let since = doubtSince else {
            doubtSince = now
            return true
        }
        return now - since < limits.smoothing
    }

    private mutating func enter(
        at now: Stamp, limits: VisitLimits, counters: inout VisitCounters, outputs: inout [VisitOutput]
    ) {
        everInside = true
        if visit != nil {
            counters.merged += 1
            return
        }
        if let last = overstayedAt {
            guard now.monotonic - last >= absence(limits) else { return }
            overstayedAt = nil
        }
        let unseen = intervals.unseen(before: now.monotonic)
        let near = unseen.map { $0 <= limits.gap(median: intervals.median) } ?? false
        var opened = OpenVisit(entered: now, unseenBefore: near ? unseen : nil)
        // The opening sighting stands in the opened event; it is counted when it is heard below.
        opened.sightings = 1
        counters.opened += 1
        outputs.append(
            .opened(
                opened.visit(
                    of: subject, kind: kind, present: nil, median: intervals.median, limits: limits, closed: false,
                    truncated: false)))
        opened.sightings = 0
        visit = opened
    }

    private mutating func stayInside(
        at now: Stamp, level: Double?, map: ZoneMap, limits: VisitLimits, counters: inout VisitCounters,
        outputs: inout [VisitOutput]
    ) {
        support = now
        if overstayedAt != nil { overstayedAt = now.monotonic }
        visit?.hearInside(at: now, level: level)
        guard let open = visit, now.monotonic - open.entered.monotonic > limits.maximum else { return }
        counters.truncated += 1
        overstayedAt = now.monotonic
        close(truncated: true, map: map, limits: limits, counters: &counters, outputs: &outputs)
    }

    // MARK: Moving

    private mutating func move(
        to place: Placement, at now: Stamp, map: ZoneMap, limits: VisitLimits, outputs: inout [VisitOutput]
    ) {
        let from = map.id(zone)
        if map.isInside(zone), let from {
            // Whoever walks from zone to zone was in the first until now; whoever is lost was in until last heard.
            let end = map.isInside(place.zone) ? now : support
            visit?.endStay(in: from, at: end, limit: limits.policy.maximumStays)
        }
        zone = place.zone
        support = now
        doubtSince = nil
        if map.isInside(zone), visit != nil { visit?.stayEntered = now }
        outputs.append(
            .zoneChanged(
                subject: subject, visit: visitKey, from: from, to: map.id(zone), at: now.moment, rssi: place.level))
    }

    var visitKey: VisitKey? {
        visit.map { VisitKey(subject: subject, enteredAt: UnixTime(nanoseconds: $0.entered.wall)) }
    }

    // MARK: Deadlines

    private func absence(_ limits: VisitLimits) -> Int64 {
        max(limits.merge, limits.gap(median: intervals.median))
    }

    /// Monotonic nanoseconds when something happens without a sighting: the zone falls silent, the visit closes, or
    /// the subject is forgotten.
    func deadline(map: ZoneMap, limits: VisitLimits) -> Int64 {
        if let settling { return settling.monotonic.saturatingAdd(IntervalWindow.burst) }
        let lapse =
            zone >= 0 ? support.monotonic.saturatingAdd(limits.gap(median: intervals.median)) : Int64.max
        if let visit {
            return map.isInside(zone) ? lapse : min(lapse, visit.lastInside.monotonic.saturatingAdd(absence(limits)))
        }
        return zone >= 0 ? lapse : lastSeen.monotonic.saturatingAdd(absence(limits))
    }

    /// The deadline, when it is before the one that the heap holds.
    mutating func reschedule(map: ZoneMap, limits: VisitLimits) -> Int64? {
        let due = deadline(map: map, limits: limits)
        guard due < scheduled else { return nil }
        scheduled = due
        return due
    }

    /// Leaves nothing of the subject behind in a slot that waits for another.
    mutating func vacate() { self = SubjectTrack(subject: "", kind: .person, at: lastSeen, receivers: 0) }

    /// Does what was due at or before `now`; true = nothing is left to remember.
    mutating func expire(
        at now: Int64, map: ZoneMap, limits: VisitLimits, counters: inout VisitCounters, outputs: inout [VisitOutput]
    ) -> Bool {
        while true {
            let due = deadline(map: map, limits: limits)
            guard due <= now else { return false }
            if let first = settling {
                settling = nil
                apply(
                    choose(map: map, limits: limits), supported: true, at: first, byInside: true, map: map,
                    limits: limits, counters: &counters, outputs: &outputs)
            } else if visit != nil, !map.isInside(zone),
                let last = visit?.lastInside.monotonic, last.saturatingAdd(absence(limits)) <= due
            {
                close(truncated: false, map: map, limits: limits, counters: &counters, outputs: &outputs)
            } else if zone >= 0 {
                move(to: Placement(zone: -1, level: nil), at: support, map: map, limits: limits, outputs: &outputs)
            } else {
                if !everInside { counters.passersby += 1 }
                return true
            }
        }
    }

    mutating func close(
        truncated: Bool, map: ZoneMap, limits: VisitLimits, counters: inout VisitCounters,
        outputs: inout [VisitOutput]
    ) {
        guard let closed = current(map: map, limits: limits, closed: true, truncated: truncated) else { return }
        visit = nil
        counters.closed += 1
        outputs.append(.closed(closed))
    }

    func current(map: ZoneMap, limits: VisitLimits, closed: Bool, truncated: Bool) -> Visit? {
        visit?.visit(
            of: subject, kind: kind, present: map.isInside(zone) ? map.id(zone) : nil, median: intervals.median,
            limits: limits, closed: closed, truncated: truncated)
    }
}
