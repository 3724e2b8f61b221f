import Foundation
import PlatformAPI

/// One event of every type, made by the encoders that the gateway uses.
enum SampleEvents {
    static let gateway = "store-0042"
    static let time = "2026-11-21T09:30:00.000Z"
    static let recordID = "6f1f9c0e-5b1a-8d3c-9e2f-0123456789ab"
    static let boot = "0b7c2a51-6a0e-4f0e-8f0e-3c5d6e7f8091"

    static let visit = VisitRecord(
        visitID: recordID, revision: 1, subjectID: "s-7f3a", kind: "person", consentRecord: "c-1",
        purposes: ["receipt_link", "visit_analytics"], state: "closed", enteredAt: time,
        exitedAt: "2026-11-21T09:41:12.250Z", enterUncertaintySeconds: 2.5, exitUncertaintySeconds: 4,
        dwellSeconds: 672.25, classification: "engaged",
        zones: [.init(zoneID: "door", kind: "entrance", enteredAt: time, dwellSeconds: 12.5)],
        quality: .init(sightings: 240, medianGapSeconds: 2.1),
        definition: .init(
            version: "1", visitorSeconds: 120, engagedSeconds: 600, gapMinimumSeconds: 30, gapFactor: 6,
            gapMaximumSeconds: 900, mergeSeconds: 900, maximumSeconds: 14400, smoothingSeconds: 2, enterDBm: -70,
            leaveDBm: -80, zoneHysteresisDB: 3),
        clockState: "synchronised", storeCode: "0042")

    static let receipt = ReceiptCaptured(
        receiptID: recordID, storeCode: "0042", tillID: "till-1", kind: "sale", number: "4711",
        businessDate: "2026-11-21", issuedAt: "2026-11-21T10:39:50", capturedFirstAt: time, capturedLastAt: time,
        total: Money(minor: 4198, currency: "EUR"),
        tenders: [.init(type: "card", amount: Money(minor: 4198, currency: "EUR"))],
        items: [.init(text: "Socks", quantity: 2, amount: Money(minor: 1998, currency: "EUR")), .init(text: "Bag")],
        loyalty: ["00112233445566778899aabbccddeeff"], complete: true, confidence: 0.97,
        commands: .init(known: 31, unknown: 0), redactions: ["pan": 1], bodyHash: "9f86d081884c7d65",
        warnings: ["no tax line"])

    static let link = ReceiptLinked(
        linkID: recordID, receiptID: recordID, outcome: "linked", visitID: recordID, subjectID: "s-7f3a",
        method: "loyalty", confidence: 0.995, runnerUp: 0.003, nullProbability: 0.002, candidates: 3,
        keys: ["loyalty"], revision: 1, decidedAt: time, final: true, storeCode: "0042")

    static let cannotTell = ReceiptLinked(
        linkID: recordID, receiptID: recordID, outcome: "cannot_tell", visitID: nil, subjectID: nil, method: nil,
        confidence: 0.41, runnerUp: 0.39, nullProbability: 0.2, candidates: 2, reason: "two at the till", revision: 1,
        decidedAt: time, final: true, storeCode: "0042")

    static let queue = QueueHealth(
        epoch: boot, depth: 12, bytes: 9000, oldestAgeSeconds: 3.5, lastSequence: 99, quarantined: 0, evicted: 0)
    static let radios = [RadioHealth(name: "door", state: "scanning", lastReportAt: time, counters: ["reports": 1000])]
    static let tills = [TillHealth(name: "till-1", state: "reading", counters: ["bytes": 51200])]

    static let health = GatewayHealth(
        periodStart: time, periodEnd: "2026-11-21T10:30:00.000Z", storeCode: "0042", version: "0.1.0",
        clockState: "holdover", uptimeSeconds: 3600, queue: queue, radios: radios, tills: tills,
        counters: ["dropped.engine_full": 0])

    static let state = StateSnapshot(
        gateway: gateway, takenAt: time, bootID: boot, storeCode: "0042", version: "0.1.0",
        clockState: "synchronised", uptimeSeconds: 60.5, queue: queue, radios: radios, tills: tills,
        present: ["floor": 3], openVisits: 3)

    /// One event of each type, sequences from 1 on.
    static func all(epoch: UUID) throws -> [[UInt8]] {
        try [
            event(visit, .visitOpened, epoch, 1), event(visit, .visitClosed, epoch, 2),
            event(
                VisitRetracted(
                    visitID: recordID, revision: 2, storeCode: "0042", reason: "withdrawn", retractedAt: time),
                .visitRetracted, epoch, 3),
            event(receipt, .receiptCaptured, epoch, 4), event(link, .receiptLinked, epoch, 5),
            event(cannotTell, .receiptLinked, epoch, 6),
            event(
                LinkRetracted(
                    linkID: recordID, receiptID: recordID, visitID: recordID, revision: 2, reason: "corrected",
                    retractedAt: time, storeCode: "0042"), .linkRetracted, epoch, 7),
            event(
                FootfallHour(
                    storeCode: "0042", hourStart: time, hourEnd: time, entered: 31, passersby: 80, suppressed: true,
                    k: 10, overflowSeen: 12, definitionVersion: "1", clockState: "synchronised"),
                .footfallHour, epoch, 8),
            event(
                ConsentApplied(
                    storeCode: "0042", feed: boot, serial: 3, issuedAt: time, appliedAt: time, subjects: 10,
                    withdrawn: 1, erased: 0, requests: ["r-1"]), .consentApplied, epoch, 9),
            event(
                ErasureCompleted(
                    storeCode: "0042", request: "r-2", state: "erased", removed: ["queue": 3], completedAt: time),
                .erasureCompleted, epoch, 10),
            event(
                TillGap(
                    storeCode: "0042", tillID: "till-1", afterNumber: "4711", beforeNumber: "4714", missing: 2,
                    detectedAt: time), .tillGap, epoch, 11),
            event(
                health, .gatewayHealth, epoch, 12,
                retryOf: CloudEvent<GatewayHealth>.identifier(epoch: epoch, sequence: 3)),
            gap(epoch, 13...20, "queue_full"),
        ]
    }

    static func event<Payload: Encodable & Sendable>(
        _ payload: Payload, _ type: EventType, _ epoch: UUID, _ sequence: UInt64, gateway: String = gateway,
        retryOf: String? = nil
    ) throws -> [UInt8] {
        try CloudEvent(
            epoch: epoch, sequence: sequence, gateway: gateway, type: type, time: time, bootID: boot,
            monotonicNanoseconds: 1_000_000_000 + Int64(sequence), retryOf: retryOf, data: payload
        ).encoded()
    }

    /// A small event that differs by its mark.
    static func plain(_ epoch: UUID, _ sequence: UInt64, mark: Int = 0, gateway: String = gateway) throws -> [UInt8] {
        try event(
            TillGap(
                storeCode: "0042", tillID: "till-1", afterNumber: "\(mark)", beforeNumber: "9", missing: 1,
                detectedAt: time), .tillGap, epoch, sequence, gateway: gateway)
    }

    static func plain(_ epoch: UUID, _ sequences: ClosedRange<UInt64>) throws -> [[UInt8]] {
        try sequences.map { try plain(epoch, $0) }
    }

    static func gap(_ epoch: UUID, _ range: ClosedRange<UInt64>, _ reason: String) throws -> [UInt8] {
        try event(
            GatewayGap(
                first: range.lowerBound, last: range.upperBound, reason: reason, counts: ["till.gap": range.count]),
            .gatewayGap, epoch, range.upperBound)
    }
}
