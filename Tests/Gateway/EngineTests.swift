import Foundation
import PlatformAPI
import Receipts
import Subjects
import Testing

@testable import Gateway

@Suite struct EngineTests {
    private func engine(_ entries: [SubjectEntry] = []) throws -> Engine {
        var engine = Engine(try EngineFixture.settings(), identityEpoch: UUID())
        for entry in entries { engine.apply(entry, at: EngineFixture.at(0)) }
        return engine
    }

    @Test("a stay opens one visit and closes it once, with the same id, after the merge window")
    func stay() throws {
        var engine = try engine([EngineFixture.entry("s-1")])
        EngineFixture.stay("s-1", &engine, from: 10, till: 100...110, to: 300)
        #expect(try EngineFixture.events(&engine).map(\.type) == [.visitOpened])
        engine.advance(to: EngineFixture.at(310 + 14 * 60))
        #expect(try EngineFixture.events(&engine).isEmpty)
        engine.advance(to: EngineFixture.at(310 + 16 * 60))
        let closed = try EngineFixture.events(&engine)
        #expect(closed.map(\.type) == [.visitClosed])
        let visit = try #require(closed.first?.data)
        #expect(visit["classification"]?.string == "visitor")
        #expect(visit["consent_record"]?.string == "c-s-1")
        // The exit is the last sighting inside, not the time-out.
        #expect(visit["exited_at"]?.string == EngineFixture.at(300).wall.rfc3339())
        #expect(visit["dwell_s"] == .integer(290))
        #expect(engine.nextDeadline == nil)
    }

    @Test("a loyalty number links the receipt to its owner's visit at once")
    func loyalty() throws {
        var engine = try engine([
            EngineFixture.entry("s-1", loyalty: "4711"), EngineFixture.entry("s-2", loyalty: "4712"),
        ])
        EngineFixture.stay("s-1", &engine, from: 10, till: 100...130, to: 130)
        engine.receive(EngineFixture.receipt("17", loyalty: "47 11", 120), at: EngineFixture.at(120))
        let events = try EngineFixture.events(&engine)
        #expect(events.map(\.type) == [.visitOpened, .receiptCaptured, .receiptLinked])
        let link = try #require(events.last?.data)
        #expect(link["outcome"]?.string == "linked" && link["method"]?.string == "loyalty")
        #expect(link["subject_id"]?.string == "s-1")
        #expect(link["visit_id"] == events.first?.data["visit_id"])
        #expect(link["receipt_id"] == events[1].data["receipt_id"])
    }

    @Test("without the purpose receipt_link, and after not_after, nobody is linked")
    func consent() throws {
        let withoutPurpose = EngineFixture.entry("s-1", purposes: [.visitAnalytics], loyalty: "4711")
        let expired = EngineFixture.entry("s-1", loyalty: "4711", until: 60)
        for entry in [withoutPurpose, expired] {
            var engine = try engine([entry])
            EngineFixture.stay("s-1", &engine, from: 10, till: 100...130, to: 130)
            engine.receive(EngineFixture.receipt("17", loyalty: "4711", 120), at: EngineFixture.at(120))
            engine.advance(to: EngineFixture.at(2_000))
            let links = try EngineFixture.events(&engine).filter { $0.type == .receiptLinked }
            #expect(links.map { $0.data["outcome"]?.string } == ["cannot_tell"])
            #expect(links.allSatisfy { $0.data["subject_id"] == .null && $0.data["visit_id"] == .null })
        }
    }

    @Test("while the clock is unset receipts are captured and nobody is seen or linked")
    func unsetClock() throws {
        var engine = try engine([EngineFixture.entry("s-1", loyalty: "4711")])
        engine.clockState = .unset
        EngineFixture.stay("s-1", &engine, from: 10, till: 100...130, to: 130)
        engine.receive(EngineFixture.receipt("17", loyalty: "4711", 120), at: EngineFixture.at(120))
        engine.advance(to: EngineFixture.at(2_000))
        let events = try EngineFixture.events(&engine)
        #expect(events.map(\.type) == [.receiptCaptured, .receiptLinked])
        #expect(events.last?.data["subject_id"] == .null)
    }

    @Test("a receipt with nobody at the till is answered with no candidate: the platform need not wait")
    func noCandidate() throws {
        var engine = try engine()
        engine.receive(EngineFixture.receipt("17", 120), at: EngineFixture.at(120))
        engine.advance(to: EngineFixture.at(1_000))
        let events = try EngineFixture.events(&engine)
        #expect(events.map(\.type) == [.receiptCaptured, .receiptLinked])
        #expect(events.last?.data["outcome"]?.string == "no_candidate")
    }

    @Test("kitchen tickets, card slips and reports are counted and not sent")
    func noReceipts() throws {
        var engine = try engine()
        let kinds: [DocumentKind] = [.kitchen, .cardSlip, .report, .coupon, .raster]
        for kind in kinds { engine.receive(EngineFixture.receipt("1", kind: kind, 10), at: EngineFixture.at(10)) }
        #expect(try EngineFixture.events(&engine).isEmpty)
        for kind in kinds { #expect(engine.counters.documents[kind.rawValue] == 1) }
    }

    @Test("who withdraws during a visit has it retracted, and its links too")
    func withdrawal() throws {
        var engine = try engine([EngineFixture.entry("s-1", loyalty: "4711")])
        EngineFixture.stay("s-1", &engine, from: 10, till: 100...130, to: 130)
        engine.receive(EngineFixture.receipt("17", loyalty: "4711", 120), at: EngineFixture.at(120))
        let before = try EngineFixture.events(&engine)
        engine.apply(
            SubjectEntry(removing: SubjectID("s-1"), state: .withdrawn, request: "r-1"), at: EngineFixture.at(140))
        let after = try EngineFixture.events(&engine)
        #expect(Set(after.map(\.type)) == [.linkRetracted, .visitRetracted])
        #expect(after.first { $0.type == .visitRetracted }?.data["visit_id"] == before.first?.data["visit_id"])
        #expect(engine.registry.entry(SubjectID("s-1")) == nil)
        engine.advance(to: EngineFixture.at(5_000))
        #expect(try EngineFixture.events(&engine).allSatisfy { $0.type != .visitClosed })
    }

    @Test("a sighting that was on its way when its subject withdrew opens no visit, and is counted")
    func lateSighting() throws {
        var engine = try engine([EngineFixture.entry("s-1")])
        engine.apply(
            SubjectEntry(removing: SubjectID("s-1"), state: .withdrawn, request: "r-1"), at: EngineFixture.at(5))
        EngineFixture.stay("s-1", &engine, from: 10, till: 500...500, to: 60)
        engine.advance(to: EngineFixture.at(5_000))
        #expect(try EngineFixture.events(&engine).isEmpty)
        #expect(engine.counters.withoutConsent == 26)
        #expect(engine.counters.sightings == 0)
    }

    @Test("who takes back visit_analytics alone has the visit retracted; who takes back something else does not")
    func purposeTakenBack() throws {
        for (purposes, expected) in [
            (Set([Purpose.receiptLink]), [EventType.visitOpened, .visitRetracted]),
            (Set([Purpose.visitAnalytics]), [.visitOpened, .visitClosed]),
        ] {
            var engine = try engine([EngineFixture.entry("s-1")])
            EngineFixture.stay("s-1", &engine, from: 10, till: 500...500, to: 100)
            engine.apply(EngineFixture.entry("s-1", purposes: purposes), at: EngineFixture.at(101))
            EngineFixture.stay("s-1", &engine, from: 102, till: 500...500, to: 150)
            engine.advance(to: EngineFixture.at(5_000))
            #expect(try EngineFixture.events(&engine).map(\.type) == expected)
        }
    }

    @Test("who withdraws before a visit was opened is still to be removed from the checkpoints")
    func withdrawnPasserBy() throws {
        var engine = try engine([EngineFixture.entry("s-1")])
        engine.observe(EngineFixture.sighting("s-1", "street", 10))
        _ = engine.takeOutputs()
        engine.apply(
            SubjectEntry(removing: SubjectID("s-1"), state: .withdrawn, request: "r-1"), at: EngineFixture.at(11))
        let outputs = engine.takeOutputs()
        #expect(outputs.touched == [SubjectID("s-1")])
        #expect(outputs.matchingTouched)
        #expect(outputs.events.isEmpty)
    }

    @Test("a jump of the wall clock changes no dwell")
    func wallJump() throws {
        var engine = try engine([EngineFixture.entry("s-1")])
        for second in stride(from: 10.0, through: 310, by: 2) {
            var sighting = EngineFixture.sighting("s-1", "door", second)
            if second > 100 { sighting.at.wall = sighting.at.wall + .seconds(86_400) }
            engine.observe(sighting)
        }
        engine.advance(to: EngineFixture.at(3_000))
        let closed = try EngineFixture.events(&engine).last
        #expect(closed?.type == .visitClosed && closed?.data["dwell_s"] == .integer(300))
    }

    @Test("item lines stay in the store when the configuration says so")
    func itemLines() throws {
        for keeps in [true, false] {
            let yaml = EngineFixture.yaml + "privacy: {store_item_lines: \(keeps)}\n"
            var engine = Engine(EngineSettings(try ConfigurationFixture.load(yaml)), identityEpoch: UUID())
            var receipt = EngineFixture.receipt("17", 120)
            receipt.items = [.init(text: "Socks", quantity: 1, amount: .init(minor: 1_250, currency: "EUR"))]
            engine.receive(receipt, at: EngineFixture.at(120))
            let items = try EngineFixture.events(&engine).first?.data["items"]
            guard case .array(let lines) = items else {
                Issue.record("no items")
                continue
            }
            #expect(lines.count == (keeps ? 1 : 0))
        }
    }

    @Test("a loyalty number that could be a payment card is readable only when the retailer says that it is his own")
    func ownCards() throws {
        // Luhn-valid and 16 digits: without the prefix it is masked like a card.
        let print = Array("Receipt No: 17\nTOTAL 1.00\nLoyalty: 6335123456789018\n".utf8) + [0x1D, 0x56, 0x00]
        for (privacy, count) in [("", 0), ("privacy: {own_card_prefixes: [\"6335\"]}\n", 1)] {
            let configuration = try ConfigurationFixture.load(EngineFixture.yaml + privacy)
            let till = try #require(configuration.tills.first)
            let settings = try ReceiptSettings.decoder(
                till, configuration, hasher: EngineFixture.hasher, startsSynchronised: true)
            let document = try #require(try ReceiptDecoder.documents(inCapture: print, configuration: settings).first)
            #expect(
                document.loyalty.compactMap(\.hash).filter {
                    $0 == EngineFixture.hasher.hash(.loyalty, "6335123456789018")
                }.count == count)
        }
    }

    @Test("the business date is the printed one, else the store's day at the capture")
    func businessDate() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        let lateEvening = try #require(UnixTime(rfc3339: "2027-06-11T22:30:00Z"))
        #expect(BusinessDate.text(issuedAt: "2027-06-11T23:59:00", captured: lateEvening, in: zone) == "2027-06-11")
        #expect(BusinessDate.text(issuedAt: nil, captured: lateEvening, in: zone) == "2027-06-12")
    }
}
