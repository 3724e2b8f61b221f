import Foundation
import Subjects
import Testing

@testable import Matching
@testable import Visits

extension MatcherCheckpoint {
    func throughJSON() throws -> MatcherCheckpoint {
        try JSONDecoder().decode(MatcherCheckpoint.self, from: JSONEncoder().encode(self))
    }
}

@Suite("A receipt")
struct MatcherTests {
    static let zones = [
        Zone(id: "floor", kind: .floor, receivers: ["f"]),
        Zone(id: "till-1", kind: .till, receivers: ["t1"], tills: ["1"]),
        Zone(id: "till-2", kind: .till, receivers: ["t2"], tills: ["2"]),
    ]
    var matcher = Matcher(zones: zones)

    static func moment(_ seconds: Double) -> Moment { TillWorld.moment(seconds) }

    static func receipt(
        _ till: TillID = "1", at seconds: Double, kind: String = "sale",
        keyed: [MatchableReceipt.KeyedSubject] = []
    ) -> MatchableReceipt {
        MatchableReceipt(
            key: ReceiptKey(till: till, number: "7", issued: nil, firstByte: moment(seconds).wall),
            firstByte: moment(seconds), lastByte: moment(seconds + 2), kind: kind, keyed: keyed)
    }

    mutating func enters(_ subject: SubjectID, at seconds: Double, kind: SubjectKind = .person) -> VisitKey {
        let entered = Self.moment(seconds)
        let key = VisitKey(subject: subject, enteredAt: entered.wall)
        matcher.observe(
            .opened(
                Visit(
                    key: key, kind: kind, entered: entered, enterUncertainty: .zero, exited: nil,
                    exitUncertainty: .zero, dwell: nil, classification: .bounce, zones: [], sightings: 1,
                    medianGap: .zero, revision: 1, truncated: false, definitionVersion: "test")))
        walks(key, nil, "floor", at: seconds)
        return key
    }

    mutating func walks(_ key: VisitKey, _ from: ZoneID?, _ to: ZoneID?, at seconds: Double) {
        matcher.observe(
            .zoneChanged(subject: key.subject, visit: key, from: from, to: to, at: Self.moment(seconds), rssi: -60))
    }

    /// At the till of the receipt at 1000 s as somebody who pays.
    mutating func pays(_ key: VisitKey, at till: ZoneID = "till-1") {
        walks(key, "floor", till, at: 920)
        walks(key, till, "floor", at: 1014)
    }

    mutating func everything() -> [MatchOutput] { matcher.advance(to: Self.moment(1e6)) { _ in true } }

    @Test("with a code of somebody in the store is linked at once, and only once")
    mutating func code() throws {
        let key = enters("anna", at: 0)
        let receipt = Self.receipt(at: 1000, keyed: [.init(subject: "anna", method: .coupon)])
        let outputs = matcher.receive(receipt) { _ in true }
        guard case .linked(let link) = try #require(outputs.first) else {
            Issue.record("expected a link")
            return
        }
        #expect(link.visit == key && link.method == .coupon && link.keys == [.coupon])
        #expect(abs(link.confidence - 0.99) < 1e-9 && link.runnerUp == nil && link.revision == 1)
        #expect(everything().isEmpty)
        #expect(matcher.counters.linkedByKey == 1)
    }

    @Test("with a loyalty number is less certain than one with a single-use code, and two codes more")
    mutating func lentCards() {
        _ = enters("anna", at: 0)
        func confidence(_ methods: [LinkMethod], _ matcher: inout Matcher, at seconds: Double) -> Double? {
            let receipt = Self.receipt(at: seconds, keyed: methods.map { .init(subject: "anna", method: $0) })
            guard case .linked(let link)? = matcher.receive(receipt, permits: { _ in true }).first else { return nil }
            return link.confidence
        }
        #expect(confidence([.loyalty], &matcher, at: 1000).map { abs($0 - 0.95) < 1e-9 } == true)
        #expect(confidence([.loyalty, .order], &matcher, at: 1400).map { $0 > 0.999 } == true)
    }

    @Test("with a code of somebody who is not in the store is linked to nobody else")
    mutating func noVisit() {
        pays(enters("bert", at: 0))
        let receipt = Self.receipt(at: 1000, keyed: [.init(subject: "anna", method: .coupon)])
        #expect(matcher.receive(receipt) { _ in true }.isEmpty)
        #expect(everything() == [.cantTell(receipt.key, reason: .noVisit, best: nil, null: 1, candidates: 0)])
    }

    @Test("waits for the visit of a code's owner whose phone is heard late")
    mutating func lateVisit() {
        let receipt = Self.receipt(at: 1000, keyed: [.init(subject: "anna", method: .order)])
        #expect(matcher.receive(receipt) { _ in true }.isEmpty)
        let key = enters("anna", at: 1001)
        guard case .linked(let link)? = everything().first else {
            Issue.record("expected a link")
            return
        }
        #expect(link.visit == key && link.method == .order)
    }

    @Test("with equally strong codes of two subjects can't be told")
    mutating func conflict() {
        _ = enters("anna", at: 0)
        _ = enters("bert", at: 0)
        let keyed: [MatchableReceipt.KeyedSubject] = [
            .init(subject: "anna", method: .coupon), .init(subject: "bert", method: .coupon),
        ]
        let receipt = Self.receipt(at: 1000, keyed: keyed)
        #expect(matcher.receive(receipt) { _ in true }.isEmpty)
        #expect(everything() == [.cantTell(receipt.key, reason: .conflictingKeys, best: nil, null: 1, candidates: 2)])
    }

    @Test("is linked to nobody who does not permit it, by code or by place")
    mutating func permission() {
        pays(enters("anna", at: 0))
        let coded = Self.receipt(at: 1000, keyed: [.init(subject: "anna", method: .coupon)])
        let plain = Self.receipt("2", at: 1000)
        var outputs = matcher.receive(coded) { _ in false }
        outputs += matcher.receive(plain) { _ in false }
        outputs += matcher.advance(to: Self.moment(5000)) { _ in false }
        #expect(
            outputs == [
                .cantTell(coded.key, reason: .notPermitted, best: nil, null: 1, candidates: 0),
                .cantTell(plain.key, reason: .noCandidate, best: nil, null: 1, candidates: 0),
            ])
    }

    @Test("of a void, a reprint or a report is linked to nobody", arguments: ["void", "reprint", "report", "training"])
    mutating func notLinkable(kind: String) {
        _ = enters("anna", at: 0)
        let receipt = Self.receipt(at: 1000, kind: kind, keyed: [.init(subject: "anna", method: .coupon)])
        #expect(matcher.receive(receipt) { _ in true }.isEmpty && matcher.nextDeadline == nil)
        #expect(matcher.counters.notLinkable == 1)
    }

    @Test("whose only candidate merely stands in the zone is not linked: that alone is no evidence")
    mutating func onlyCandidate() throws {
        let key = enters("anna", at: 0)
        walks(key, "floor", "till-1", at: 960)
        let receipt = Self.receipt(at: 1000)
        _ = matcher.receive(receipt) { _ in true }
        guard case .cantTell(_, let reason, let best, let null, let candidates)? = everything().first else {
            Issue.record("expected no link")
            return
        }
        #expect(reason == .belowThreshold && candidates == 1)
        #expect(null > 0.5)
        #expect(try #require(best) < 0.5)
    }

    @Test("of two who came together can't be told apart")
    mutating func group() {
        let anna = enters("anna", at: 0)
        let bert = enters("bert", at: 0)
        pays(anna)
        pays(bert)
        _ = matcher.receive(Self.receipt(at: 1000)) { _ in true }
        guard case .cantTell(_, let reason, let best, _, let candidates)? = everything().first else {
            Issue.record("expected no link")
            return
        }
        #expect(candidates == 2 && (best ?? 1) <= 0.5)
        #expect(reason == .ambiguous || reason == .belowThreshold)
    }

    @Test("is never linked by place to staff")
    mutating func staff() {
        pays(enters("badge", at: 0, kind: .staff))
        let receipt = Self.receipt(at: 1000)
        _ = matcher.receive(receipt) { _ in true }
        #expect(everything() == [.cantTell(receipt.key, reason: .noCandidate, best: nil, null: 1, candidates: 0)])
    }

    @Test("of a till without a zone can only be told by its code")
    mutating func noZone() {
        let receipt = Self.receipt("9", at: 1000)
        _ = matcher.receive(receipt) { _ in true }
        #expect(everything() == [.cantTell(receipt.key, reason: .noZone, best: nil, null: 1, candidates: 0)])
    }

    @Test("linked by place is taken back when a code puts the visit at another till")
    mutating func contradiction() {
        var policy = MatchingPolicy.standard
        policy.threshold = 0.3
        matcher = Matcher(zones: Self.zones, policy: policy)
        let anna = enters("anna", at: 0)
        pays(anna)
        let wrong = Self.receipt("1", at: 1000)
        _ = matcher.receive(wrong) { _ in true }
        #expect(matcher.advance(to: Self.moment(1062)) { _ in true }.count == 1)
        let right = Self.receipt("2", at: 1030, keyed: [.init(subject: "anna", method: .coupon)])
        let outputs = matcher.receive(right) { _ in true }
        #expect(
            outputs.first
                == .retracted(receipt: wrong.key, visit: anna, reason: .contradicted, revision: 2))
        #expect(outputs.count == 2)
    }

    @Test("of a subject who withdraws loses its link, and a later one finds nobody")
    mutating func withdrawal() {
        let anna = enters("anna", at: 0)
        let receipt = Self.receipt(at: 1000, keyed: [.init(subject: "anna", method: .coupon)])
        _ = matcher.receive(receipt) { _ in true }
        #expect(
            matcher.forget(subject: "anna") == [
                .retracted(receipt: receipt.key, visit: anna, reason: .withdrawn, revision: 2)
            ])
        #expect(matcher.forget(subject: "anna").isEmpty)
        #expect(everything().isEmpty)
    }

    @Test("that waits is bounded in number, and visits that are long over are forgotten")
    mutating func bounds() {
        var policy = MatchingPolicy.standard
        policy.maximumPending = 3
        policy.maximumVisits = 10
        matcher = Matcher(zones: Self.zones, policy: policy)
        var answers = 0
        for number in 0..<50 {
            _ = enters(SubjectID("p\(number)"), at: Double(number))
            answers += matcher.receive(Self.receipt(at: 100 + Double(number) / 10)) { _ in true }.count
        }
        #expect(answers == 47 && matcher.counters.hurried == 47 && matcher.counters.evictedVisits == 40)
        #expect(everything().count == 3)
    }
}
