package import Subjects
package import Visits

/// Receipts to visits: codes first, then place and time against the hypothesis that the shopper did not opt in.
///
/// Each receipt gets one answer, a link or "can't tell"; a visit may hold several receipts. A value: the same inputs
/// give the same outputs, in every run.
package struct Matcher: Sendable {
    struct Pending: Hashable, Codable, Sendable {
        var receipt: MatchableReceipt
        var deadline: Duration
        /// Already linked by a code: the deadline only teaches.
        var linked: VisitKey?
    }

    /// A receipt that was printed just now, at any till.
    struct Recent: Hashable, Codable, Sendable {
        var till: TillID
        var at: Duration
    }

    package let policy: MatchingPolicy
    let zonesOfTill: [TillID: Set<ZoneID>]
    private let kindOfZone: [ZoneID: ZoneKind]
    var visits: [VisitKey: Presence] = [:]
    var pending: [Pending] = []
    /// In the order they came.
    var recent: [Recent] = []
    var model = LinkModel()
    package internal(set) var counters = MatchCounters()

    package init(zones: [Zone], policy: MatchingPolicy = .standard) {
        self.policy = policy
        var zonesOfTill: [TillID: Set<ZoneID>] = [:]
        for zone in zones where zone.kind == .till {
            for till in zone.tills { zonesOfTill[till, default: []].insert(zone.id) }
        }
        self.zonesOfTill = zonesOfTill
        kindOfZone = Dictionary(zones.map { ($0.id, $0.kind) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Visits

    /// Takes in what the visit tracker said, in its order.
    package mutating func observe(_ output: VisitOutput) {
        switch output {
        case .opened(let visit):
            guard visits[visit.key] == nil else { return }
            makeRoom()
            visits[visit.key] = Presence(visit)
        case .closed(let visit):
            let exit = visit.exited?.monotonic ?? visit.entered.monotonic
            visits[visit.key]?.isClosed = true
            visits[visit.key]?.absentSince = exit
            visits[visit.key]?.leaveTill(at: exit)
        case .zoneChanged(_, let key, _, let to, let at, _):
            guard let key, visits[key] != nil else { return }
            visits[key]?.leaveTill(at: at.monotonic)
            let kind = to.flatMap { kindOfZone[$0] } ?? .outside
            if kind == .outside {
                visits[key]?.absentSince = at.monotonic
            } else {
                visits[key]?.absentSince = nil
                if kind == .till, let to { visits[key]?.enterTill(to, at: at.monotonic) }
            }
        }
    }

    /// Forgets the oldest visit when there are too many.
    private mutating func makeRoom() {
        guard visits.count >= policy.maximumVisits, let oldest = visits.keys.min() else { return }
        visits[oldest] = nil
        counters.evictedVisits += 1
    }

    /// Drops all that is known of the subject and takes its remembered links back.
    ///
    /// Links of visits that are long over are not remembered here.
    package mutating func forget(subject: SubjectID) -> [MatchOutput] {
        var outputs: [MatchOutput] = []
        for key in visits.keys.filter({ $0.subject == subject }).sorted() {
            for link in visits[key]?.links ?? [] {
                counters.retracted += 1
                outputs.append(
                    .retracted(
                        receipt: link.receipt, visit: key, reason: .withdrawn, revision: link.revision + 1))
            }
            visits[key] = nil
        }
        for index in pending.indices {
            pending[index].receipt.keyed.removeAll { $0.subject == subject }
        }
        // Their links were just taken back: those receipts stay without one.
        pending.removeAll { $0.linked?.subject == subject }
        return outputs
    }

    // MARK: Receipts

    /// Takes a receipt in. A code whose owner is in the store decides at once; everything else waits for its deadline.
    package mutating func receive(
        _ receipt: MatchableReceipt, permits: (SubjectID) -> Bool
    ) -> [MatchOutput] {
        counters.receipts += 1
        guard MatchableReceipt.linkableKinds.contains(receipt.kind) else {
            counters.notLinkable += 1
            return []
        }
        recent.append(Recent(till: receipt.till, at: receipt.lastByte.monotonic))
        if recent.count > max(1, policy.maximumPending) { recent.removeFirst() }
        var outputs: [MatchOutput] = []
        var waiting = Pending(
            receipt: receipt, deadline: receipt.lastByte.monotonic + policy.decisionDelay, linked: nil)
        if !receipt.keyed.isEmpty, let link = keyedLink(of: receipt, permits: permits) {
            outputs += confirm(link, at: receipt.lastByte.monotonic)
            waiting.linked = link.visit
        }
        if pending.count >= max(1, policy.maximumPending) {
            counters.hurried += 1
            outputs += decide(pending.removeFirst(), permits: permits)
        }
        let place = pending.firstIndex { Self.isDue(waiting, before: $0) } ?? pending.endIndex
        pending.insert(waiting, at: place)
        return outputs
    }

    private static func isDue(_ a: Pending, before b: Pending) -> Bool {
        a.deadline == b.deadline ? a.receipt.key < b.receipt.key : a.deadline < b.deadline
    }

    /// Monotonic time before which `advance(to:permits:)` has nothing to decide.
    package var nextDeadline: Duration? { pending.first?.deadline }

    /// Decides what fell due at or before `moment`, in the order of the deadlines.
    ///
    /// - Parameter permits: the subject permits links *now*; the presence of others is not looked at.
    package mutating func advance(to moment: Moment, permits: (SubjectID) -> Bool) -> [MatchOutput] {
        var outputs: [MatchOutput] = []
        var decided = false
        while let first = pending.first, first.deadline <= moment.monotonic {
            decided = true
            pending.removeFirst()
            let latest = first.receipt.lastByte.monotonic + policy.decisionMaximum
            if first.deadline < latest, somebodyWaits(at: first.receipt, permits: permits) {
                var later = first
                later.deadline = min(latest, first.deadline + .seconds(10))
                let place = pending.firstIndex { Self.isDue(later, before: $0) } ?? pending.endIndex
                pending.insert(later, at: place)
                continue
            }
            outputs += decide(first, permits: permits)
        }
        if decided { forgetOld(at: moment.monotonic) }
        return outputs
    }

    private func somebodyWaits(at receipt: MatchableReceipt, permits: (SubjectID) -> Bool) -> Bool {
        guard let zones = zonesOfTill[receipt.till] else { return false }
        return visits.values.contains {
            $0.kind == .person && $0.isAtTill(at: receipt, zones: zones) && permits($0.key.subject)
        }
    }

    /// Visits that no receipt can reach any more.
    private mutating func forgetOld(at now: Duration) {
        let reach = policy.keyReach + policy.decisionMaximum + policy.explainedReach
        let oldest = min(now, pending.map(\.receipt.firstByte.monotonic).min() ?? now) - reach
        recent.removeAll { $0.at < oldest }
        visits = visits.filter { !($0.value.isClosed && ($0.value.absentSince ?? now) < oldest) }
    }

    // MARK: Checkpoint

    /// Visits and receipts in the order of their keys, and what was learned.
    package var checkpoint: MatcherCheckpoint {
        MatcherCheckpoint(
            visits: visits.keys.sorted().compactMap { visits[$0] }, pending: pending, recent: recent, model: model)
    }

    /// Continues from a checkpoint; `shift` is added to every monotonic time (after a reboot the base differs).
    package init(
        zones: [Zone], policy: MatchingPolicy = .standard, checkpoint: MatcherCheckpoint, shift: Duration = .zero
    ) {
        self.init(zones: zones, policy: policy)
        for var visit in checkpoint.visits.prefix(policy.maximumVisits) {
            visit.shift(by: shift)
            visits[visit.key] = visit
        }
        for var waiting in checkpoint.pending.prefix(policy.maximumPending) {
            waiting.deadline += shift
            waiting.receipt.firstByte.monotonic += shift
            waiting.receipt.lastByte.monotonic += shift
            pending.append(waiting)
        }
        recent = checkpoint.recent.suffix(policy.maximumPending).map { Recent(till: $0.till, at: $0.at + shift) }
        pending.sort(by: Self.isDue)
        if checkpoint.model.isSound { model = checkpoint.model }
    }
}
