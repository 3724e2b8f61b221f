import Advertising
import Simulation
import Subjects
import Testing

@testable import Radio

@Suite struct FrameResolverTests {
    private let address = BluetoothAddress(rawValue: 0x5112_3344_5566)

    private func feed(
        _ resolver: inout FrameResolver, _ packets: [[UInt8]], clock: ClockState = .synchronised,
        at: Moment = Shop.moment
    ) throws -> [Sighting] {
        let table = try Shop.table()
        var sightings: [Sighting] = []
        for packet in packets {
            resolver.frames(
                in: packet.span, receiver: Shop.receiver, at: at, table: table, clockState: clock
            ) { sightings.append($0) }
        }
        return sightings
    }

    private func legacy(_ data: [UInt8], rssi: Int8? = -60) -> [UInt8] {
        FakeController.legacyReport(address: address, data: data, rssi: rssi)
    }

    @Test("a subject's advertisement is one sighting with subject, kind, receiver, level and time")
    func resolves() throws {
        var resolver = FrameResolver()
        let sightings = try feed(
            &resolver, [legacy(Shop.iBeacon(minor: 1)), legacy(Shop.iBeacon(minor: 4), rssi: nil)])
        #expect(
            sightings == [
                Sighting(
                    subject: SubjectID("anna"), kind: .person, receiver: Shop.receiver, rssi: -60, at: Shop.moment),
                Sighting(subject: SubjectID("emil"), kind: .staff, receiver: Shop.receiver, rssi: nil, at: Shop.moment),
            ])
        #expect(resolver.counters.resolved == 2)
        #expect(resolver.counters.rssiUnknown == 1)
    }

    @Test("a bonded tag is known by its address, in any advertisement, from the feed's entry to the sighting")
    func identityKey() throws {
        let entry = """
            {"subject_id": "tag", "kind": "staff",
             "keys": [{"scheme": "irk", "key": "ec0234a357c8ad05341010a60a397d9b"}],
             "consent": {"record": "r", "version": "1", "purposes": [], "not_after": "2027-01-01T00:00:00Z"}}
            """
        let table = try Shop.table(more: [entry])
        // The sample address of Core Vol 3 Part H appendix D.7, as random and as public address, and a stranger's.
        let sample = BluetoothAddress(rawValue: 0x7081_940d_fbaa)
        let packets = [
            FakeController.legacyReport(address: sample, data: [2, 1, 6], rssi: -51),
            FakeController.extendedReport(address: sample, eventType: 0, data: [], rssi: -52),
            FakeController.legacyReport(address: sample, addressType: .public, data: [2, 1, 6], rssi: -53),
            FakeController.legacyReport(address: .init(rawValue: 0x7081_940d_fbab), data: [2, 1, 6], rssi: -54),
            // What is in the advertisement says more than its address.
            FakeController.legacyReport(address: sample, data: Shop.iBeacon(minor: 1), rssi: -55),
        ]
        var resolver = FrameResolver()
        func feed(_ clock: ClockState) -> [Sighting] {
            var sightings: [Sighting] = []
            for packet in packets {
                resolver.frames(
                    in: packet.span, receiver: Shop.receiver, at: Shop.moment, table: table, clockState: clock
                ) { sightings.append($0) }
            }
            return sightings
        }
        let sightings = feed(.synchronised)
        #expect(sightings.map(\.subject) == ["tag", "tag", "anna"])
        #expect(sightings.map(\.rssi) == [-51, -52, -55])
        #expect(resolver.counters.strangers == 2)
        #expect(feed(.unset).isEmpty)
    }

    @Test("a holdover clock resolves, an unset one resolves nobody and counts who might have been")
    func clockStates() throws {
        var resolver = FrameResolver()
        #expect(try feed(&resolver, [legacy(Shop.iBeacon(minor: 1))], clock: .holdover).count == 1)
        #expect(try feed(&resolver, [legacy(Shop.iBeacon(minor: 1)), legacy([2, 1, 6])], clock: .unset).isEmpty)
        #expect(resolver.counters.unresolvedClock == 1)
        #expect(resolver.counters.strangers == 1)
    }

    @Test("strangers, shared tokens and run-out consents give no sighting and are counted apart")
    func dropped() throws {
        var resolver = FrameResolver()
        let packets = [
            legacy(Shop.iBeacon(minor: 99)), legacy([2, 1, 6]), legacy(Shop.iBeacon(minor: 3)),
            legacy(Shop.iBeacon(minor: 2)),
        ]
        #expect(try feed(&resolver, packets).isEmpty)
        #expect(resolver.counters.strangers == 2)
        #expect(resolver.counters.ambiguous == 1)
        #expect(resolver.counters.expired == 1)
    }

    @Test("one advertisement with the tokens of two subjects is nobody's, the same subject twice is one sighting")
    func severalIdentifiers() throws {
        var resolver = FrameResolver()
        let two = FakeController.extendedReport(
            address: address, eventType: 0, data: Shop.iBeacon(minor: 1) + Shop.iBeacon(minor: 4), rssi: -60)
        let same = FakeController.extendedReport(
            address: address, eventType: 0, data: Shop.iBeacon(minor: 1) + Shop.iBeacon(minor: 1), rssi: -60)
        #expect(try feed(&resolver, [two]).isEmpty)
        #expect(try feed(&resolver, [same]).count == 1)
        #expect(resolver.counters.ambiguous == 1)
    }

    @Test("a divided advertisement resolves with its last part")
    func divided() throws {
        var resolver = FrameResolver()
        let parts = FakeController.dividedReports(
            address: address, sid: 1, data: Shop.iBeacon(minor: 1), rssi: -60, partBytes: 10)
        #expect(parts.count == 3)
        #expect(try feed(&resolver, Array(parts.dropLast())).isEmpty)
        #expect(try feed(&resolver, Array(parts.suffix(1))).map(\.subject) == [SubjectID("anna")])
        #expect(resolver.counters.fragments == 2)
    }

    @Test("our overflow bits are counted, other apps' are not, and neither is a sighting")
    func overflow() throws {
        var resolver = FrameResolver(overflowBits: [57])
        let ours = legacy([0x14, 0xff, 0x4c, 0x00, 0x01] + OverflowMask(positions: [3, 57]).bytes)
        let theirs = legacy([0x14, 0xff, 0x4c, 0x00, 0x01] + OverflowMask(positions: [3, 58]).bytes)
        #expect(try feed(&resolver, [ours, theirs]).isEmpty)
        #expect(resolver.counters.overflowSeen == 1)
        #expect(resolver.counters.strangers == 2)
    }

    @Test("malformed packets move the counter of their reason")
    func malformed() throws {
        var resolver = FrameResolver()
        let packets: [[UInt8]] = [
            [0x04, 0x3e, 0], legacy([]) + [1], [0x04, 0x3e, 2, 0x02, 0], Array(legacy([]).dropLast()),
            [0x04, 0x3e, 12, 0x02, 1, 9, 0, 1, 2, 3, 4, 5, 6, 0, 0],
            [0x04, 0x3e, 12, 0x02, 1, 0, 9, 1, 2, 3, 4, 5, 6, 0, 0],
            [0x04, 0x3e, 12, 0x02, 1, 0, 0, 1, 2, 3, 4, 5, 6, 40, 0], [0x04, 0x3e, 13] + legacy([])[3...] + [0],
            FakeController.extendedReport(address: address, eventType: 0x60, data: [], rssi: nil),
            legacy([9, 0x16, 1]),
        ]
        _ = try feed(&resolver, packets)
        for reason in MalformedReason.allCases { #expect(resolver.counters.malformed[reason] == 1, "\(reason)") }
        #expect(resolver.counters.malformed.total == UInt64(MalformedReason.allCases.count))
    }

    @Test("every report is counted in exactly one way, whatever comes", arguments: 0..<4)
    func partition(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var resolver = FrameResolver(overflowBits: [1, 2, 3])
        let table = try Shop.table()
        var sightings: UInt64 = 0
        for step in 0..<2000 {
            let minor = UInt16.random(in: 0...6, using: &random)
            var data =
                Bool.random(using: &random)
                ? Shop.iBeacon(minor: minor) : random.bytes(Int.random(in: 0...31, using: &random))
            if Int.random(in: 0..<4, using: &random) == 0, !data.isEmpty {
                data[Int.random(in: 0..<data.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var packet =
                Bool.random(using: &random)
                ? legacy(data)
                : FakeController.extendedReport(
                    address: BluetoothAddress(rawValue: UInt64.random(in: 0...3, using: &random)),
                    addressType: Bool.random(using: &random) ? .random : .anonymous,
                    eventType: [0, 0x20, 0x40, 0x10].randomElement(using: &random) ?? 0, sid: 1, data: data, rssi: -60)
            if Int.random(in: 0..<6, using: &random) == 0 {
                packet[Int.random(in: 0..<packet.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            resolver.frames(
                in: packet.span, receiver: Shop.receiver,
                at: Shop.moment.advanced(by: .milliseconds(step * 20)), table: table,
                clockState: Int.random(in: 0..<5, using: &random) == 0 ? .unset : .synchronised
            ) { sighting in
                sightings += 1
                #expect(["anna", "emil"].contains(sighting.subject.rawValue))
            }
        }
        let counters = resolver.counters
        let kinds = [
            counters.resolved, counters.strangers, counters.ambiguous, counters.replayed, counters.expired,
            counters.unresolvedClock, counters.fragments, counters.oversized,
        ]
        #expect(kinds.reduce(0, +) == counters.reports)
        #expect(counters.resolved == sightings)
        #expect(counters.events == 2000)
        #expect(counters.strangers > 0 && counters.resolved > 0)
    }

    @Test("all counters have a name, and everything dropped a reason")
    func names() {
        let values = RadioCounters().values
        #expect(Set(values.map { "\($0.name) \($0.reason ?? "")" }).count == values.count)
        #expect(values.filter { $0.name == "dropped" || $0.name == "malformed" }.allSatisfy { $0.reason != nil })
    }
}
