package import Subjects

/// Sightings to zones to visits. A value: the same inputs give the same outputs, in every run.
///
/// Outputs do not depend on how often `advance(to:)` is called: what fell due for a subject is settled before its next
/// sighting, and everything is dated by the sightings themselves.
package struct VisitTracker: Sendable {
    private let map: ZoneMap
    private let limits: VisitLimits
    /// Only used in place: a copy of a track would cost more than a sighting.
    private var slots: ContiguousArray<SubjectTrack> = []
    private var free: [Int] = []
    private var slotOf: [SubjectID: Int] = [:]
    private var heap = DeadlineHeap()
    package private(set) var counters = VisitCounters()

    package init(zones: [Zone], policy: VisitPolicy = .standard) {
        map = ZoneMap(zones: zones, policy: policy)
        limits = VisitLimits(policy)
    }

    package var policy: VisitPolicy { limits.policy }
    /// Subjects remembered at the moment, passers-by included.
    package var subjectCount: Int { slotOf.count }

    /// Takes one sighting in. A phone of which nothing was known is placed 50 ms after it was first heard, when every
    /// receiver could report that advertisement (`nextDeadline` says so); its visit begins with the first sighting. Sightings may be late; those older than the subject's newest move nothing.
    package mutating func observe(_ sighting: Sighting) -> [VisitOutput] {
        counters.sightings += 1
        guard let receiver = map.index(of: sighting.receiver) else {
            counters.unplaced += 1
            return []
        }
        let now = Stamp(sighting.at)
        var outputs: [VisitOutput] = []
        var known = slotOf[sighting.subject]
        if let slot = known {
            guard now.monotonic >= slots[slot].lastSeen.monotonic else {
                counters.late += 1
                return []
            }
            if expire(slot, at: now.monotonic, outputs: &outputs) {
                forget(slot, subject: sighting.subject)
                known = nil
            }
        }
        guard
            let slot = known
                ?? insert(
                    SubjectTrack(
                        subject: sighting.subject, kind: sighting.kind, at: now, receivers: map.receivers.count))
        else {
            counters.refused += 1
            return outputs
        }
        slots[slot].kind = sighting.kind
        slots[slot].hear(
            receiver: receiver, rssi: sighting.rssi, at: now, map: map, limits: limits, counters: &counters,
            outputs: &outputs)
        schedule(slot, subject: sighting.subject)
        return outputs
    }

    /// Settles what fell due at or before `moment`, in the order of the deadlines.
    package mutating func advance(to moment: Moment) -> [VisitOutput] {
        let now = Stamp(moment).monotonic
        var outputs: [VisitOutput] = []
        while let top = heap.first, top.deadline <= now {
            _ = heap.popFirst()
            // A superseded entry: the subject has another one, or is gone.
            guard slotOf[top.subject] == top.slot, slots[top.slot].scheduled == top.deadline else { continue }
            slots[top.slot].scheduled = .max
            if expire(top.slot, at: top.deadline, outputs: &outputs) {
                forget(top.slot, subject: top.subject)
            } else {
                schedule(top.slot, subject: top.subject)
            }
        }
        return outputs
    }

    /// Monotonic time before which `advance(to:)` has nothing to do. It may be early, never late.
    package var nextDeadline: Duration? { heap.first.map { .nanoseconds($0.deadline) } }

    /// In the order of their keys.
    package var openVisits: [Visit] {
        slotOf.values.compactMap { slots[$0].current(map: map, limits: limits, closed: false, truncated: false) }
            .sorted { $0.key < $1.key }
    }

    /// Closes every open visit at once and forgets everybody: the sightings have ended for good.
    /// Visits still inside at `moment` are marked truncated. In the order of their keys.
    package mutating func finish(at moment: Moment) -> [VisitOutput] {
        var outputs = advance(to: moment.advanced(by: .nanoseconds(IntervalWindow.burst)))
        let open = slotOf.values.compactMap { slot in slots[slot].visitKey.map { (key: $0, slot: slot) } }
            .sorted { $0.key < $1.key }
        for (_, slot) in open {
            let inside = map.isInside(slots[slot].zone)
            slots[slot].close(truncated: inside, map: map, limits: limits, counters: &counters, outputs: &outputs)
        }
        slots = []
        free = []
        slotOf = [:]
        heap.removeAll()
        return outputs
    }

    /// Drops all that is known of the subject, without a word; the key of the visit that was open, if any.
    @discardableResult
    package mutating func forget(subject: SubjectID) -> VisitKey? {
        guard let slot = slotOf[subject] else { return nil }
        let key = slots[slot].visitKey
        counters.forgotten += 1
        forget(slot, subject: subject)
        return key
    }

    // MARK: Slots

    /// Nil when the tracker is full.
    private mutating func insert(_ track: SubjectTrack) -> Int? {
        guard slotOf.count < limits.policy.maximumSubjects else { return nil }
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            slots[slot] = track
        } else {
            slot = slots.count
            slots.append(track)
        }
        slotOf[track.subject] = slot
        return slot
    }

    private mutating func forget(_ slot: Int, subject: SubjectID) {
        slots[slot].vacate()
        slotOf[subject] = nil
        free.append(slot)
    }

    private mutating func expire(_ slot: Int, at now: Int64, outputs: inout [VisitOutput]) -> Bool {
        slots[slot].expire(at: now, map: map, limits: limits, counters: &counters, outputs: &outputs)
    }

    /// The heap must hold an entry that is not later than the subject's deadline.
    private mutating func schedule(_ slot: Int, subject: SubjectID) {
        guard let deadline = slots[slot].reschedule(map: map, limits: limits) else { return }
        heap.push(DeadlineHeap.Entry(deadline: deadline, subject: subject, slot: slot))
    }

    // MARK: Checkpoint

    /// All that a later run needs to continue: one entry a subject, in the order of their ids.
    package var checkpoint: VisitCheckpoint {
        VisitCheckpoint(
            subjects: slotOf.keys.sorted().compactMap { subject in
                slotOf[subject].map { SubjectCheckpoint(slots[$0], map: map) }
            })
    }

    /// One subject's part of the checkpoint; nil when nothing is known (any more) of the subject.
    package func checkpoint(of subject: SubjectID) -> SubjectCheckpoint? {
        slotOf[subject].map { SubjectCheckpoint(slots[$0], map: map) }
    }

    /// Continues from a checkpoint under the present configuration: zones and receivers that are gone are dropped.
    ///
    /// - Parameters:
    ///   - shift: added to every monotonic time; after a reboot the base differs.
    ///   - notAfter: the present monotonic time; later ones (a shift that was wrong) are held to it.
    package init(
        zones: [Zone], policy: VisitPolicy = .standard, checkpoint: VisitCheckpoint, shift: Duration = .zero,
        notAfter: Duration? = nil
    ) {
        self.init(zones: zones, policy: policy)
        let nanoseconds = shift.trackerNanoseconds
        let limit = notAfter?.trackerNanoseconds ?? Int64.max
        for saved in checkpoint.subjects {
            guard slotOf[saved.subject] == nil,
                let slot = insert(saved.track(map: map, shift: nanoseconds, notAfter: limit))
            else { continue }
            schedule(slot, subject: saved.subject)
        }
    }
}
