import Advertising
import Testing

@Suite struct AdvertisingReportParserTests {
    @Test("the captured event of an iPhone in the background is one ADV_IND of a random address at -45 dBm")
    func capturedOverflow() throws {
        let parsed = Parsed(try Captures.bytes(Captures.overflowEvent))
        #expect(parsed.outcome == .reports(1))
        let report = try #require(parsed.reports.first)
        #expect(report.address.text == "40:8F:AD:A0:91:8C")
        #expect(report.addressType == .random)
        #expect(report.eventType == EventType.connectable)
        #expect(report.rssi == -45)
        #expect(report.isLegacy)
        #expect(report.dataStatus == .complete)
        #expect(parsed.data[0].count == 24)
    }

    @Test(
        "legacy event types map to the extended bits",
        arguments: [
            (UInt8(0), UInt16(0x13), "adv_ind"), (1, 0x15, "adv_direct_ind"), (2, 0x12, "adv_scan_ind"),
            (3, 0x10, "adv_nonconn_ind"), (4, 0x1b, "scan_rsp"),
        ])
    func legacyTypes(type: UInt8, bits: UInt16, name: String) throws {
        let report = try #require(Parsed(Captures.legacyEvent([], type: type)).reports.first)
        #expect(report.eventType == bits)
        #expect(EventType.name(report.eventType) == name)
    }

    @Test("an RSSI of 127 and every reserved value is unknown, -127 to 20 dBm are levels")
    func rssi() {
        for byte in UInt8.min...UInt8.max {
            let level = Int8(bitPattern: byte)
            let expected = level > 20 ? nil : level
            #expect(Parsed(Captures.legacyEvent([], rssi: byte)).reports.first?.rssi == expected)
            let extended = Captures.extendedEvent([Captures.extendedReport([], rssi: byte)])
            #expect(Parsed(extended).reports.first?.rssi == expected)
        }
    }

    @Test("reports of one event are read one after the other")
    func several() {
        let one = Array(Captures.legacyEvent([2, 1, 6]).dropFirst(5))
        let two = Array(Captures.legacyEvent([], type: 4).dropFirst(5))
        let packet: [UInt8] = [0x04, 0x3e, UInt8(2 + one.count + two.count), 0x02, 2] + one + two
        let parsed = Parsed(packet)
        #expect(parsed.outcome == .reports(2))
        #expect(parsed.data == [[2, 1, 6], []])
        #expect(parsed.reports.last?.eventType == EventType.scanResponse)
    }

    @Test("an extended report carries PHYs, set, power and status")
    func extended() throws {
        let packet = Captures.extendedEvent([
            Captures.extendedReport([1, 2, 3], type: 0x20, tx: 0xf4),
            Captures.extendedReport([], type: 0x13, addressType: 0xff, sid: 0xff),
            Captures.extendedReport([9], type: 0x40),
        ])
        let parsed = Parsed(packet)
        #expect(parsed.outcome == .reports(3))
        #expect(parsed.reports.map(\.dataStatus) == [.incomplete, .complete, .truncated])
        #expect(parsed.reports.map(\.isLegacy) == [false, true, false])
        #expect(parsed.reports.map(\.txPower) == [-12, nil, nil])
        #expect(parsed.reports.map(\.sid) == [2, nil, 2])
        #expect(parsed.reports[1].addressType == .anonymous)
        #expect(parsed.reports[0].secondaryPHY == 1)
        #expect(EventType.name(parsed.reports[0].eventType) == "extended")
        #expect(EventType.name(parsed.reports[1].eventType) == "adv_ind")
    }

    @Test("a directed report has no data")
    func directed() {
        let body: [UInt8] = [1, 1, 1, 2, 3, 4, 5, 6, 0xfe, 6, 5, 4, 3, 2, 1, 0xc0]
        let parsed = Parsed([0x04, 0x3e, 18, 0x0b, 1] + body)
        #expect(parsed.outcome == .reports(1))
        #expect(parsed.reports.first?.rssi == -64)
        #expect(parsed.data == [[]])
    }

    @Test(
        "other packets and events are no advertisements",
        arguments: [
            [], [0x01, 0x03, 0x0c, 0x00], [0x02, 0, 0, 0, 0], [0x04, 0x0e, 0x04, 1, 3, 12, 0], [0x04, 0x3e, 1, 0x01],
            [0x07],
        ] as [[UInt8]])
    func others(packet: [UInt8]) {
        #expect(Parsed(packet).outcome == .notAnAdvertisement)
    }

    @Test(
        "each kind of fault has its reason and keeps the reports before it",
        arguments: [
            ([0x04, 0x3e], .shortEvent, 0), ([0x04, 0x3e, 0], .shortEvent, 0), ([0x04, 0x3e, 1, 0x02], .shortEvent, 0),
            ([0x04, 0x3e, 2, 0x02, 0], .reportCount, 0),
            (Captures.legacyEvent([1, 0xff], type: 5), .eventType, 0),
            (Captures.extendedEvent([Captures.extendedReport([], type: 0x11)]), .eventType, 0),
            ([0x04, 0x3e, 12, 0x02, 1, 0, 9, 1, 2, 3, 4, 5, 6, 0, 0], .addressType, 0),
            (Captures.extendedEvent([Captures.extendedReport([], addressType: 7)]), .addressType, 0),
            (Captures.legacyEvent([UInt8](repeating: 0, count: 32)), .dataLength, 0),
            (
                Captures.extendedEvent([Captures.extendedReport([UInt8](repeating: 0, count: 32), type: 0x10)]),
                .dataLength, 0
            ),
            (Captures.extendedEvent([Captures.extendedReport([], type: 0x60)]), .dataStatus, 0),
            (Captures.legacyEvent([]) + [0], .eventLength, 1),
            (Array(Captures.legacyEvent([1, 9]).dropLast()), .truncatedReport, 0),
            ([0x04, 0x3e, 13] + Captures.legacyEvent([])[3...] + [0], .trailingBytes, 1),
            (
                Captures.extendedEvent([Captures.extendedReport([7]), Captures.extendedReport([], type: 0x60)]),
                .dataStatus, 1
            ),
        ] as [([UInt8], MalformedReason, Int)])
    func faults(packet: [UInt8], reason: MalformedReason, reports: Int) {
        let parsed = Parsed(packet)
        #expect(parsed.outcome == .malformed(reason, reports: reports))
        #expect(parsed.reports.count == reports)
    }

    @Test("cut anywhere, an event is malformed and gives no more than its whole reports")
    func everyPrefix() throws {
        let events = [
            try Captures.bytes(Captures.overflowEvent),
            Captures.extendedEvent([Captures.extendedReport([1, 2, 3]), Captures.extendedReport([4])]),
        ]
        for event in events {
            let whole = Parsed(event).reports.count
            for length in 3..<event.count {
                let parsed = Parsed(Array(event.prefix(length)))
                guard case .malformed = parsed.outcome else {
                    Issue.record("a prefix of \(length) bytes was taken for a whole event")
                    continue
                }
                #expect(parsed.reports.count < whole)
            }
        }
    }

    @Test("whatever bytes come, parsing ends, stays in bounds and gives at most 25 reports", arguments: 0..<8)
    func mutations(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let seeds = [
            try Captures.bytes(Captures.overflowEvent), Captures.legacyEvent(try Captures.bytes(Captures.iBeaconData)),
            Captures.extendedEvent([Captures.extendedReport(try Captures.bytes(Captures.exposureData))]),
        ]
        for _ in 0..<1500 {
            var packet = seeds[Int.random(in: 0..<seeds.count, using: &random)]
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                packet[Int.random(in: 0..<packet.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) {
                packet = Array(packet.prefix(Int.random(in: 0...packet.count, using: &random)))
            }
            if Int.random(in: 0..<8, using: &random) == 0 {
                packet = [0x04, 0x3e] + random.bytes(Int.random(in: 0...300, using: &random))
            }
            let parsed = Parsed(packet)
            #expect(parsed.reports.count <= 25)
            for data in parsed.data {
                #expect(data.count <= 229)
                _ = identifiers(data, isLegacy: Bool.random(using: &random))
                _ = FrameDecoder.decode(data.span)
                _ = OverflowMask.find(in: data.span)
            }
            #expect(!AdvertisementDecoder.decode(packet: packet).isEmpty)
        }
    }

    @Test("a report never describes who sent it")
    func redacted() throws {
        let report = try #require(Parsed(try Captures.bytes(Captures.overflowEvent)).reports.first)
        var dumped = ""
        dump(report, to: &dumped)
        for text in ["\(report)", String(reflecting: report.address), "\(report.address)", dumped] {
            #expect(!text.contains("40:8F") && !text.lowercased().contains("8c91") && !text.contains("70977"))
        }
    }
}
