import Foundation
import PlatformAPI
import Subjects

/// How well the reported day fits what happened.
package struct TruthScore: Sendable {
    package struct Visits: Sendable, Hashable {
        /// Visits of people who advertised and allowed it.
        package var real = 0
        package var found = 0
        package var missed: Int { real - found }
        /// Reported visits of a known subject at a time when it was not there.
        package var invented = 0
        /// Reported visits beyond the first of one real visit.
        package var split = 0
        /// Reported visits of people who did not allow it, or whose consent had run out. Must be 0.
        package var breaches = 0
        /// Seconds; `nil` without a found visit.
        package var medianEnterError: Double?
        package var medianExitError: Double?
        package var medianDwellError: Double?
        package var worstDwellError: Double?
        package var medianDwell: Double?
    }

    package struct Receipts: Sendable, Hashable {
        /// Transactions: sales, returns, voids and reprints. These must all come out.
        package var printed = 0
        package var captured = 0
        /// Other paper (kitchen tickets, reports, opened drawers), which is not sent as a receipt, or need not be.
        package var otherPaper = 0
        package var missed: Int { printed - captured }
        /// Reported documents that no till printed, or a second time.
        package var invented = 0
        package var wrongTotal = 0
        package var wrongTime = 0
        package var incomplete = 0
        package var sales = 0
        /// Minor units of sales less returns.
        package var turnover: Int64 = 0
    }

    package struct Links: Sendable, Hashable {
        /// Receipts whose payer could be known: opted in, phone awake, consent for it.
        package var linkable = 0
        package var reported = 0
        package var correct = 0
        /// Linked to another member of the paying party.
        package var sameParty = 0
        package var cannotTell = 0

        /// Share of the reported links that are right when a companion of the payer counts too; 1 when there are none.
        package var partyPrecision: Double {
            reported == 0 ? 1 : Double(correct + sameParty) / Double(reported)
        }

        /// Share of the reported links that are right; 1 when there are none.
        package var precision: Double { reported == 0 ? 1 : Double(correct) / Double(reported) }
        /// Share of the linkable receipts that were linked rightly; 1 when there are none.
        package var recall: Double { linkable == 0 ? 1 : Double(correct) / Double(linkable) }
    }

    package private(set) var visits = Visits()
    package private(set) var receipts = Receipts()
    package private(set) var links = Links()
    /// Of these, the receipts that carry a key of the payer.
    package private(set) var keyedLinks = Links()
    /// Of these, the receipts without a key: only place and time can tell.
    package private(set) var placedLinks = Links()

    /// Receipt id of the platform -> index of the truth's receipt.
    private var recognised: [String: Int] = [:]

    package init(truth: SimulationTruth, reported: ReportedDay) {
        scoreVisits(truth, reported)
        scoreReceipts(truth, reported)
        scoreLinks(truth, reported)
    }

    // MARK: visits

    private mutating func scoreVisits(_ truth: SimulationTruth, _ reported: ReportedDay) {
        var bySubject: [String: [Int]] = [:]
        for (index, visit) in truth.visits.enumerated() { bySubject[visit.subject, default: []].append(index) }
        visits.real = truth.visits.count { $0.permitted }
        var found: Set<Int> = []
        var (enters, exits, dwells, lengths): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        let told = reported.visits.values.sorted { ($0.enteredAt, $0.visitID) < ($1.enteredAt, $1.visitID) }
        for visit in told where visit.kind == "person" {
            guard let entered = UnixTime(rfc3339: visit.enteredAt)?.seconds else { continue }
            let exited = visit.exitedAt.flatMap { UnixTime(rfc3339: $0)?.seconds }
            let candidates = bySubject[visit.subjectID, default: []]
            if candidates.contains(where: { !truth.visits[$0].permitted }) {
                visits.breaches += 1
                continue
            }
            // Fading may carry a phone in for a moment before the door, and out after it.
            let match = candidates.first { index in
                entered < truth.visits[index].exited + 30 && (exited ?? .infinity) > truth.visits[index].entered - 30
            }
            guard let match else {
                visits.invented += 1
                continue
            }
            guard found.insert(match).inserted else {
                visits.split += 1
                continue
            }
            let real = truth.visits[match]
            enters.append(abs(entered - real.entered))
            guard let exited else { continue }
            exits.append(abs(exited - real.exited))
            dwells.append(abs((visit.dwellSeconds ?? exited - entered) - real.dwell))
            lengths.append(visit.dwellSeconds ?? exited - entered)
        }
        visits.found = found.count
        visits.medianEnterError = Self.median(enters)
        visits.medianExitError = Self.median(exits)
        visits.medianDwellError = Self.median(dwells)
        visits.worstDwellError = dwells.max()
        visits.medianDwell = Self.median(lengths)
    }

    // MARK: receipts

    /// A numbered document is recognised by till, number and kind; one without a number by till, kind and the time at which its
    /// first byte was captured, to half a minute.
    private mutating func scoreReceipts(_ truth: SimulationTruth, _ reported: ReportedDay) {
        receipts.printed = truth.receipts.count { Self.numbered.contains($0.kind) }
        receipts.otherPaper = truth.receipts.count - receipts.printed
        var open: [String: [Int]] = [:]
        for (index, receipt) in truth.receipts.enumerated() {
            open[Self.name(receipt.till, receipt.kind, receipt.number), default: []].append(index)
        }
        for receipt in reported.receipts.sorted(by: { $0.capturedFirstAt < $1.capturedFirstAt }) {
            let number = Self.numbered.contains(receipt.kind) ? receipt.number : nil
            let name = Self.name(receipt.tillID, receipt.kind, number)
            let captured = UnixTime(rfc3339: receipt.capturedFirstAt)?.seconds
            let place = open[name]?.firstIndex { index in
                number != nil || captured.map { abs($0 - truth.receipts[index].printed) < 30 } ?? false
            }
            guard let place, let index = open[name]?.remove(at: place) else {
                receipts.invented += 1
                continue
            }
            let real = truth.receipts[index]
            recognised[receipt.receiptID] = index
            guard Self.numbered.contains(real.kind) else { continue }
            receipts.captured += 1
            if !receipt.complete { receipts.incomplete += 1 }
            if real.total != nil, receipt.total?.minor != real.total { receipts.wrongTotal += 1 }
            if real.number != nil, receipt.issuedAt != real.issued { receipts.wrongTime += 1 }
            if real.kind == "sale" { receipts.sales += 1 }
            if real.kind == "sale" || real.kind == "return" { receipts.turnover += receipt.total?.minor ?? 0 }
        }
    }

    private static let numbered: Set<String> = ["sale", "return", "void", "post_void", "reprint"]

    private static func name(_ till: String, _ kind: String, _ number: String?) -> String {
        // The extraction may call a void of an earlier receipt a post-void; both say the same here.
        "\(till) \(kind == "post_void" ? "void" : kind) \(number ?? "-")"
    }

    // MARK: links

    private mutating func scoreLinks(_ truth: SimulationTruth, _ reported: ReportedDay) {
        for receipt in truth.receipts where receipt.linkable {
            links.linkable += 1
            if receipt.key == nil { placedLinks.linkable += 1 } else { keyedLinks.linkable += 1 }
        }
        for (receiptID, link) in reported.links {
            let real = recognised[receiptID].map { truth.receipts[$0] }
            let isKeyed = real?.key != nil && real?.linkable == true
            guard link.outcome == "linked" else {
                links.cannotTell += 1
                if isKeyed { keyedLinks.cannotTell += 1 } else { placedLinks.cannotTell += 1 }
                continue
            }
            var verdict = Links()
            verdict.reported = 1
            if let real, real.linkable, let visit = real.visit, truth.visits[visit].subject == link.subjectID {
                verdict.correct = 1
            } else if let party = real?.party,
                truth.visits.contains(where: { $0.party == party && $0.subject == link.subjectID })
            {
                verdict.sameParty = 1
            }
            links.add(verdict)
            if isKeyed { keyedLinks.add(verdict) } else { placedLinks.add(verdict) }
        }
    }

    static func median(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.sorted()[values.count / 2]
    }
}

extension TruthScore.Links {
    fileprivate mutating func add(_ other: TruthScore.Links) {
        reported += other.reported
        correct += other.correct
        sameParty += other.sameParty
    }
}
