import Foundation
import PlatformAPI
import Subjects
import Testing

@testable import Simulation

struct TruthScoreTests {
    private static let epoch = UUID()
    private static let definition = VisitRecord.Definition(
        version: "test", visitorSeconds: 120, engagedSeconds: 600, gapMinimumSeconds: 30, gapFactor: 6,
        gapMaximumSeconds: 900,
        mergeSeconds: 900, maximumSeconds: 14_400, smoothingSeconds: 2, enterDBm: -70, leaveDBm: -80,
        zoneHysteresisDB: 3)

    private func text(_ seconds: Double) -> String { UnixTime(seconds: seconds).rfc3339() }

    private func event(_ sequence: UInt64, _ type: EventType, _ data: some Encodable & Sendable) throws -> [UInt8] {
        try CloudEvent(
            epoch: Self.epoch, sequence: sequence, gateway: "store", type: type, time: text(0), bootID: "b",
            monotonicNanoseconds: 0, data: data
        ).encoded()
    }

    private func visit(_ visit: SimulationTruth.Visit, id: String, shift: Double = 0) -> VisitRecord {
        VisitRecord(
            visitID: id, revision: 1, subjectID: visit.subject, kind: "person", purposes: [], state: "closed",
            enteredAt: text(visit.entered + shift), exitedAt: text(visit.exited + shift), enterUncertaintySeconds: 1,
            exitUncertaintySeconds: 1, dwellSeconds: visit.dwell, classification: "visitor", zones: [],
            quality: VisitRecord.Quality(sightings: 9, medianGapSeconds: 2), definition: Self.definition,
            clockState: "synchronised", storeCode: "S")
    }

    private func receipt(_ receipt: SimulationTruth.Receipt, id: String) -> ReceiptCaptured {
        ReceiptCaptured(
            receiptID: id, storeCode: "S", tillID: receipt.till, kind: receipt.kind, number: receipt.number,
            issuedAt: receipt.issued, capturedFirstAt: text(receipt.printed + 0.2),
            capturedLastAt: text(receipt.printed + 1),
            total: receipt.total.map { Money(minor: $0, currency: "GBP") }, complete: true,
            commands: ReceiptCaptured.Commands(known: 1, unknown: 0))
    }

    private func link(_ receiptID: String, subject: String?) -> ReceiptLinked {
        ReceiptLinked(
            linkID: "l-\(receiptID)", receiptID: receiptID, outcome: subject == nil ? "cannot_tell" : "linked",
            visitID: subject.map { "v-\($0)" }, subjectID: subject, method: subject == nil ? nil : "loyalty",
            confidence: 0.95, runnerUp: nil, nullProbability: 0.05, candidates: 1, revision: 1, decidedAt: text(0),
            final: true, storeCode: "S")
    }

    @Test("a report that says what happened scores full marks")
    func perfect() throws {
        let truth = SimulationFixture.small().truth
        var day = ReportedDay()
        var sequence: UInt64 = 0
        func add(_ type: EventType, _ data: some Encodable & Sendable) throws {
            sequence += 1
            day.add(line: try event(sequence, type, data))
        }
        for (index, real) in truth.visits.enumerated() where real.permitted {
            try add(.visitOpened, visit(real, id: "v\(index)"))
            try add(.visitClosed, visit(real, id: "v\(index)"))
        }
        for (index, real) in truth.receipts.enumerated() {
            try add(.receiptCaptured, receipt(real, id: "r\(index)"))
            if real.kind == "sale" || real.kind == "return" {
                let subject = real.linkable ? real.visit.map { truth.visits[$0].subject } : nil
                try add(.receiptLinked, link("r\(index)", subject: subject))
            }
        }
        let score = TruthScore(truth: truth, reported: day)
        #expect(score.visits.missed == 0 && score.visits.invented == 0 && score.visits.split == 0)
        #expect((score.visits.medianEnterError ?? 9) < 0.01 && (score.visits.worstDwellError ?? 9) < 0.01)
        #expect(score.receipts.missed == 0 && score.receipts.invented == 0)
        #expect(score.receipts.wrongTotal == 0 && score.receipts.wrongTime == 0 && score.receipts.incomplete == 0)
        #expect(score.links.linkable > 0 && score.links.precision == 1 && score.links.recall == 1)
        #expect(score.keyedLinks.linkable + score.placedLinks.linkable == score.links.linkable)
        #expect(day.unreadable == 0 && day.repeatedRecords == 0)
        #expect(
            DeliveryAudit(acceptedLog: "\(Self.epoch.uuidString.lowercased()) 1 \(sequence)\n", platform: day)
                .lost(waiting: 0) == 0)
    }

    @Test("visits that are missing, invented, split or forbidden are counted as such")
    func faultyVisits() throws {
        let day = SimulationTruth.Visit(
            subject: "a", entered: 1_000, exited: 1_600, permitted: true, party: 1, interval: 2)
        var hidden = day
        hidden.subject = "b"
        hidden.permitted = false
        var missed = day
        missed.subject = "c"
        let truth = SimulationTruth(seed: 1, start: 0, end: 3_600, visits: [day, hidden, missed])
        var reported = ReportedDay()
        reported.add(line: try event(1, .visitClosed, visit(day, id: "1")))
        reported.add(line: try event(2, .visitClosed, visit(day, id: "2", shift: 60)))
        reported.add(line: try event(3, .visitClosed, visit(day, id: "3", shift: 2_000)))
        reported.add(line: try event(4, .visitClosed, visit(hidden, id: "4")))
        let visits = TruthScore(truth: truth, reported: reported).visits
        #expect(visits.real == 2 && visits.found == 1 && visits.missed == 1)
        #expect(visits.split == 1 && visits.invented == 1 && visits.breaches == 1)
    }

    @Test("a link to a stranger is wrong, one to a companion is that, and a retracted one is none")
    func faultyLinks() throws {
        let visits = ["a", "b", "c"].map {
            SimulationTruth.Visit(
                subject: $0, entered: 0, exited: 900, permitted: true, party: $0 == "c" ? 2 : 1, interval: 2)
        }
        let receipts = (1...4).map {
            SimulationTruth.Receipt(
                till: "till-1", number: "\($0)", kind: "sale", issued: "2027-06-11T10:00:00", total: 100,
                currency: "GBP",
                printed: 600 + Double($0), visit: 0, party: 1, key: $0 == 1 ? "loyalty" : nil, linkable: true)
        }
        let truth = SimulationTruth(seed: 1, start: 0, end: 3_600, visits: visits, receipts: receipts)
        var reported = ReportedDay()
        for (index, subject) in ["a", "b", "c", "a"].enumerated() {
            reported.add(
                line: try event(UInt64(2 * index + 1), .receiptCaptured, receipt(receipts[index], id: "r\(index)")))
            reported.add(line: try event(UInt64(2 * index + 2), .receiptLinked, link("r\(index)", subject: subject)))
        }
        reported.add(
            line: try event(
                9, .linkRetracted,
                LinkRetracted(
                    linkID: "l-r3", receiptID: "r3", visitID: nil, revision: 2, reason: "test", retractedAt: text(0),
                    storeCode: "S")))
        let score = TruthScore(truth: truth, reported: reported)
        #expect(score.links.reported == 3 && score.links.correct == 1 && score.links.sameParty == 1)
        #expect(score.links.linkable == 4 && score.links.recall == 0.25)
        #expect(score.keyedLinks.precision == 1 && score.placedLinks.precision == 0)
    }

    @Test("an accepted event that the platform lacks is lost, unless a gap tells of it or it waits in the queue")
    func audit() throws {
        var day = ReportedDay()
        let gap = GatewayGap(first: 3, last: 4, reason: "too_old", counts: [:])
        day.add(line: try event(1, .gatewayHealth, ["a": 1]))
        day.add(line: try event(4, .gatewayGap, gap))
        day.add(line: try event(6, .gatewayHealth, ["a": 1]))
        day.add(line: try event(6, .gatewayHealth, ["a": 1]))
        day.add(line: Array("no event".utf8))
        let epoch = Self.epoch.uuidString.lowercased()
        let log = "\(epoch) 1 2\n\(epoch) 3 6\n\(epoch) 7 8\nbroken\n"
        let audit = DeliveryAudit(acceptedLog: log, platform: day)
        #expect(audit.accepted == 8 && audit.delivered == 4 && audit.missing == 2 && audit.tail == 2)
        #expect(audit.lost(waiting: 2) == 2 && audit.lost(waiting: 0) == 4)
        #expect(audit.duplicates == 1 && audit.unreadable == 1 && day.unreadable == 1)
    }
}
