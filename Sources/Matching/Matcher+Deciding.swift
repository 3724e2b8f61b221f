import Subjects
import Visits

extension Matcher {
    // MARK: Codes

    /// The link that the receipt's codes prove; nil when they name nobody here, or contradict each other.
    func keyedLink(of receipt: MatchableReceipt, permits: (SubjectID) -> Bool) -> Link? {
        var found: [(visit: VisitKey, odds: Double, methods: [LinkMethod])] = []
        for subject in Set(receipt.keyed.map(\.subject)).sorted() where permits(subject) {
            guard let visit = visit(of: subject, at: receipt) else { continue }
            let methods = Set(receipt.keyed.filter { $0.subject == subject }.map(\.method)).sorted()
            let odds = methods.reduce(1.0) { odds, method in
                let confidence = min(max(policy.confidence(of: method), 0.001), 0.999)
                return odds * confidence / (1 - confidence)
            }
            found.append((visit, odds, methods))
        }
        // A code of somebody who is not here, or must not be known, speaks against the others on the receipt.
        let absent = Set(receipt.keyed.map(\.subject)).count - found.count
        let total = 1 + found.reduce(0) { $0 + $1.odds } + Double(absent) * 19
        found.sort { $0.odds == $1.odds ? $0.visit < $1.visit : $0.odds > $1.odds }
        guard let best = found.first else { return nil }
        let confidence = best.odds / total
        guard confidence >= policy.threshold else { return nil }
        let strongest = best.methods.max { policy.confidence(of: $0) < policy.confidence(of: $1) } ?? .loyalty
        return Link(
            receipt: receipt.key, visit: best.visit, method: strongest, confidence: confidence,
            runnerUp: found.count > 1 ? found[1].odds / total : nil,
            nullProbability: (1 + Double(absent) * 19) / total, candidates: found.count, revision: 1,
            keys: best.methods)
    }

    /// The subject's newest visit that was on, or just over, when the receipt was printed.
    private func visit(of subject: SubjectID, at receipt: MatchableReceipt) -> VisitKey? {
        visits.values
            .filter { $0.key.subject == subject && $0.isInStore(at: receipt, reach: policy.keyReach) }
            .map(\.key).max()
    }

    /// Records a link, and takes back those by place and time that it proves wrong.
    mutating func confirm(_ link: Link, at time: Duration) -> [MatchOutput] {
        var outputs: [MatchOutput] = []
        if link.method == .placeAndTime {
            counters.linkedByPlaceAndTime += 1
        } else {
            counters.linkedByKey += 1
            let wrong = (visits[link.visit]?.links ?? []).filter {
                $0.method == .placeAndTime && $0.receipt.till != link.receipt.till
                    && abs(($0.at - time) / .seconds(1)) <= policy.contradictionReach / .seconds(1)
            }
            for old in wrong {
                counters.retracted += 1
                outputs.append(
                    .retracted(
                        receipt: old.receipt, visit: link.visit, reason: .contradicted, revision: old.revision + 1))
            }
            visits[link.visit]?.links.removeAll { wrong.contains($0) }
        }
        visits[link.visit]?.add(
            Presence.Linked(
                receipt: link.receipt, at: time, method: link.method, confidence: link.confidence,
                revision: link.revision))
        return outputs + [.linked(link)]
    }

    // MARK: Place and time

    private struct Candidate {
        var visit: VisitKey
        var timing: TillTiming?
        var weight: Double
    }

    /// Everybody who permits links and was in the store, in the order of their keys, with their posterior weight
    /// against the null hypothesis, whose weight is 1 - the opt-in share.
    private mutating func candidates(
        for receipt: MatchableReceipt, zones: Set<ZoneID>, permits: (SubjectID) -> Bool
    ) -> [Candidate] {
        let present = visits.values
            .filter { $0.kind == .person && $0.isInStore(at: receipt, reach: TillTiming.before) }
            .filter { permits($0.key.subject) }
            .sorted { $0.key < $1.key }
        // Tills that share a zone share its people: each may have paid for any of the receipts printed just then.
        let rivals = recent.filter {
            $0.till != receipt.till && !zones.isDisjoint(with: zonesOfTill[$0.till] ?? [])
                && abs(($0.at - receipt.lastByte.monotonic) / .seconds(1)) <= policy.rivalReach / .seconds(1)
        }
        let prior = policy.optInShare / model.crowd(now: present.count) / Double(1 + rivals.count)
        return present.map { visit in
            let timing = visit.timing(of: receipt, zones: zones)
            // Whoever has (probably) paid for another receipt just now is unlikely to have paid for this one too.
            let explained =
                visit.links.filter {
                    $0.receipt != receipt.key
                        && abs(($0.at - receipt.lastByte.monotonic) / .seconds(1)) <= policy.explainedReach
                            / .seconds(1)
                }.map(\.confidence).max() ?? 0
            let weight =
                prior * model.ratio(of: timing) * (1 - explained * (1 - policy.explainedWeight))
            return Candidate(visit: visit.key, timing: timing, weight: weight)
        }
    }

    /// The answer for a receipt whose time has come, and what it teaches.
    mutating func decide(_ waiting: Pending, permits: (SubjectID) -> Bool) -> [MatchOutput] {
        let receipt = waiting.receipt
        let zones = zonesOfTill[receipt.till] ?? []
        let everybody = zones.isEmpty ? [] : candidates(for: receipt, zones: zones, permits: permits)
        if let linked = waiting.linked {
            learn(from: everybody, shopper: linked)
            return []
        }
        if !receipt.keyed.isEmpty {
            if let link = keyedLink(of: receipt, permits: permits) {
                learn(from: everybody, shopper: link.visit)
                return confirm(link, at: receipt.lastByte.monotonic)
            }
            return [cantTellByKeys(receipt, permits: permits)]
        }
        guard !zones.isEmpty else { return [cantTell(receipt, .noZone, best: nil, null: 1, candidates: 0)] }

        let total = everybody.reduce(1 - policy.optInShare) { $0 + $1.weight }
        var seen = everybody.filter { $0.timing != nil }
        seen.sort { $0.weight == $1.weight ? $0.visit < $1.visit : $0.weight > $1.weight }
        guard let best = seen.first else {
            return [cantTell(receipt, .noCandidate, best: nil, null: 1, candidates: 0)]
        }
        let known = seen.reduce(0) { $0 + $1.weight } / total
        let confidence = best.weight / total
        guard confidence >= policy.threshold else {
            let reason: CantTellReason = known >= policy.threshold ? .ambiguous : .belowThreshold
            return [cantTell(receipt, reason, best: confidence, null: 1 - known, candidates: seen.count)]
        }
        let link = Link(
            receipt: receipt.key, visit: best.visit, method: .placeAndTime, confidence: confidence,
            runnerUp: seen.count > 1 ? seen[1].weight / total : nil, nullProbability: 1 - known,
            candidates: seen.count, revision: 1, keys: [])
        return confirm(link, at: receipt.lastByte.monotonic)
    }

    private mutating func learn(from everybody: [Candidate], shopper: VisitKey) {
        guard let came = visits[shopper]?.entered else { return }
        for candidate in everybody {
            if candidate.visit == shopper {
                model.learnShopper(candidate.timing)
            } else if let entered = visits[candidate.visit]?.entered,
                abs((entered - came) / .seconds(1)) > policy.partyReach / .seconds(1)
            {
                model.learnOther(candidate.timing)
            }
        }
    }

    private mutating func cantTellByKeys(
        _ receipt: MatchableReceipt, permits: (SubjectID) -> Bool
    ) -> MatchOutput {
        let subjects = Set(receipt.keyed.map(\.subject)).sorted()
        let permitted = subjects.filter(permits)
        let here = permitted.filter { visit(of: $0, at: receipt) != nil }
        let reason: CantTellReason =
            if permitted.isEmpty { .notPermitted } else if here.isEmpty { .noVisit } else { .conflictingKeys }
        return cantTell(receipt, reason, best: nil, null: 1, candidates: here.count)
    }

    private mutating func cantTell(
        _ receipt: MatchableReceipt, _ reason: CantTellReason, best: Double?, null: Double, candidates: Int
    ) -> MatchOutput {
        counters.count(reason)
        return .cantTell(receipt.key, reason: reason, best: best, null: null, candidates: candidates)
    }
}
