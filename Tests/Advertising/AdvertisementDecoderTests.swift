import Advertising
import Foundation
import Testing

@Suite struct AdvertisementDecoderTests {
    private func json(_ reports: [DecodedReport]) throws -> [String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try reports.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    }

    private func frames(_ hex: String) throws -> [Frame] {
        let packet = Captures.legacyEvent(try Captures.bytes(hex))
        return try #require(AdvertisementDecoder.decode(packet: packet).first).frames
    }

    @Test("the captured iPhone in the background decodes to its overflow bit, as JSON to the letter")
    func overflow() throws {
        let line = try json(AdvertisementDecoder.decode(hexLine: Captures.overflowEvent))
        #expect(
            line == [
                #"{"address":"40:8F:AD:A0:91:8C","address_type":"random","data_status":"complete","event_type":"adv_ind","#
                    + #""frames":[{"bits":[57],"mask":"00000000000000020000000000000000","type":"apple_overflow"}],"#
                    + #""malformed":null,"rssi":-45}"#
            ])
    }

    @Test("the published overflow mask of 2F234454 is bit 83; the same app in the foreground sends no mask")
    func publishedOverflow() throws {
        let data = try Captures.bytes(Captures.overflowData)
        #expect(overflowMask(data)?.positions == [83])
        #expect(overflowMask(try Captures.bytes(Captures.foregroundData)) == nil)
        let last = try Captures.bytes("14ff4c000100000000000000000000000000000080")
        #expect(overflowMask(last)?.positions == [127])
    }

    @Test("every position of an overflow mask survives the way through bytes")
    func overflowPositions() {
        for position in 0..<128 {
            let mask = OverflowMask(positions: [position])
            #expect(mask.positions == [position])
            #expect(overflowMask([0x14, 0xff, 0x4c, 0x00, 0x01] + mask.bytes) == mask)
            #expect(mask.bytes[position / 8] == 1 << UInt8(position % 8))
        }
        #expect(OverflowMask(positions: [-1, 128]).positions.isEmpty)
    }

    @Test("iBeacon")
    func iBeacon() throws {
        let uuid = try #require(UUID128("f7826da64fa24e988024bc5b71e0893e"))
        #expect(
            try frames(Captures.iBeaconData) == [
                .iBeacon(uuid: uuid, major: 0x50a9, minor: 0x06e5, measuredPower: -59)
            ])
    }

    @Test("AltBeacon")
    func altBeacon() throws {
        let hex = "1bff1801beac" + "00112233445566778899aabbccddeeff00010002" + "c500"
        let id = try Captures.bytes("00112233445566778899aabbccddeeff00010002")
        #expect(try frames(hex) == [.altBeacon(manufacturer: 0x0118, id: id, referenceRSSI: -59, reserved: 0)])
    }

    @Test("Eddystone UID, URL, TLM and EID")
    func eddystone() throws {
        #expect(
            try frames(Captures.uidData) == [
                .eddystoneUID(
                    txPower: -21, namespace: Array(0...9), instance: [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff])
            ])
        #expect(try frames(Captures.urlData) == [.eddystoneURL(txPower: -12, url: "https://example.com")])
        #expect(
            try frames(Captures.telemetryData) == [
                .eddystoneTLM(.plain(batteryMillivolts: 3000, celsius: 21.5, advertisements: 100, uptime: 30))
            ])
        #expect(
            try frames(Captures.eidData) == [
                .eddystoneEID(txPower: -18, identifier: [0x43, 0x6b, 0xfe, 0x57, 0xd5, 0xa0, 0x95, 0x05])
            ])
    }

    @Test("a TLM without sensors has nulls, an encrypted one its parts")
    func telemetry() throws {
        let bare = try frames("1116aafe20000000800000000001" + "00000002")
        #expect(bare == [.eddystoneTLM(.plain(batteryMillivolts: nil, celsius: nil, advertisements: 1, uptime: 0.2))])
        let encrypted = try frames("1516aafe2001" + "000102030405060708090a0b" + "c0de" + "beef")
        #expect(
            encrypted == [
                .eddystoneTLM(.encrypted(data: Array(0...11), salt: [0xc0, 0xde], check: [0xbe, 0xef]))
            ])
    }

    @Test("service data keeps its UUID in the width it came in")
    func serviceData() throws {
        let short = try json(AdvertisementDecoder.decode(packet: Captures.legacyEvent([4, 0x16, 0x6f, 0xfd, 7])))
        #expect(short[0].contains(#"{"data":"07","type":"service_data","uuid":"fd6f"}"#))
        let uuid = try #require(UUID128("5403c8a7-5c96-47e9-9ab8-59e373d875a7"))
        let long = Captures.legacyEvent([0x19, 0x21] + uuid.bytes.reversed() + [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(
            try json(AdvertisementDecoder.decode(packet: long))[0].contains(
                #"{"data":"0102030405060708","type":"service_data","uuid":"5403c8a7-5c96-47e9-9ab8-59e373d875a7"}"#))
    }

    @Test("a frame that is too short is told and kept as service data")
    func shortFrame() throws {
        let decoded = try #require(
            AdvertisementDecoder.decode(packet: Captures.legacyEvent([5, 0x16, 0xaa, 0xfe, 0x30, 1])).first)
        #expect(decoded.malformed == "eddystone_eid: frame of 2 bytes, 10 needed")
        #expect(decoded.frames == [.serviceData(uuid: UUID128(shortUUID: 0xfeaa), data: [0x30, 1])])
    }

    @Test("frames before a structure that runs past the end are kept")
    func overrun() throws {
        let data = try Captures.bytes("0d16aafe30ee436bfe57d5a09505" + "0916")
        let decoded = try #require(AdvertisementDecoder.decode(packet: Captures.legacyEvent(data)).first)
        #expect(decoded.frames.count == 1)
        #expect(decoded.malformed == "advertising data: the structure at byte 14 claims 9 bytes, 1 follow")
    }

    @Test(
        "a reserved byte in an encoded URL is told",
        arguments: [[0x04], [0x00, 0x0e], [0x00, 0x20], [0x00, 0x7f], [0x03, 0xff]] as [[UInt8]])
    func reservedURL(encoded: [UInt8]) throws {
        let data = [UInt8(5 + encoded.count), 0x16, 0xaa, 0xfe, 0x10, 0x00] + encoded
        let decoded = try #require(AdvertisementDecoder.decode(packet: Captures.legacyEvent(data)).first)
        #expect(decoded.malformed == "eddystone_url: a reserved byte in the encoded URL")
    }

    @Test(
        "input that is no report gives one object that says why",
        arguments: [
            ("zz", "not hexadecimal: expected one HCI packet a line, two digits a byte"),
            ("043", "not hexadecimal: expected one HCI packet a line, two digits a byte"),
            ("01030c00", "not an advertising report: an HCI command"),
            ("040e0401030c00", "not an advertising report: HCI event 0x0e"),
            ("043e0101", "not an advertising report: an LE meta event, subevent 0x01"),
            ("99", "not an advertising report: packet type 0x99"),
            ("043e", "the packet ends inside the event header"),
        ])
    func notReports(line: String, reason: String) throws {
        let text = try json(AdvertisementDecoder.decode(hexLine: line))
        #expect(
            text == [
                #"{"address":null,"address_type":null,"data_status":null,"event_type":null,"frames":[],"malformed":""#
                    + reason + #"","rssi":null}"#
            ])
    }

    @Test("the other packets of a capture give nothing, its faults do")
    func captured() throws {
        var decoder = AdvertisementDecoder()
        #expect(decoder.decode(captured: [0x01, 0x03, 0x0c, 0x00], at: .zero).isEmpty)
        #expect(decoder.decode(captured: [0x04, 0x0e, 4, 1, 3, 12, 0], at: .zero).isEmpty)
        #expect(decoder.decode(captured: try Captures.bytes(Captures.overflowEvent), at: .zero).count == 1)
        #expect(decoder.decode(captured: [0x04, 0x3e, 2, 0x02, 0], at: .zero).map(\.malformed).count == 1)
    }

    @Test("white space and colons between bytes are allowed, an empty line is nothing")
    func lines() {
        #expect(AdvertisementDecoder.decode(hexLine: " \t\r").isEmpty)
        let spaced = AdvertisementDecoder.decode(hexLine: Captures.overflowEvent + "\r\n")
        let joined = AdvertisementDecoder.decode(hexLine: Captures.overflowEvent.filter { $0 != " " }.lowercased())
        let colons = AdvertisementDecoder.decode(
            hexLine: Captures.overflowEvent.replacingOccurrences(of: " ", with: ":"))
        #expect(spaced == joined)
        #expect(spaced == colons)
        #expect(spaced.count == 1)
    }

    @Test("reports before a fault stand, the fault gets its own object")
    func faultAfterReport() throws {
        let packet = Captures.extendedEvent([
            Captures.extendedReport(try Captures.bytes(Captures.eidData)), Captures.extendedReport([], type: 0x60),
        ])
        let decoded = AdvertisementDecoder.decode(packet: packet)
        #expect(decoded.map(\.malformed) == [nil, "reserved data status"])
        #expect(decoded[0].frames.count == 1)
        #expect(decoded[1].address == nil)
    }

    @Test("the last part of a divided advertisement carries the frames of the whole")
    func divided() throws {
        let data = try Captures.bytes(Captures.iBeaconData)
        var decoder = AdvertisementDecoder()
        let first = Captures.extendedEvent([Captures.extendedReport(Array(data.prefix(12)), type: 0x20)])
        let second = Captures.extendedEvent([Captures.extendedReport(Array(data.dropFirst(12)))])
        let parts = decoder.decode(packet: first) + decoder.decode(packet: second)
        #expect(parts.map(\.dataStatus) == ["incomplete", "complete"])
        #expect(parts.map(\.malformed) == [nil, nil])
        #expect(parts.map(\.frames.count) == [0, 1])
    }

    @Test("a truncated advertisement keeps its whole structures and is no fault")
    func truncated() throws {
        let data = try Captures.bytes("0d16aafe30ee436bfe57d5a09505" + "0916")
        let packet = Captures.extendedEvent([Captures.extendedReport(data, type: 0x40)])
        let decoded = try #require(AdvertisementDecoder.decode(packet: packet).first)
        #expect(decoded.dataStatus == "truncated")
        #expect(decoded.malformed == nil)
        #expect(decoded.frames.count == 1)
    }

    @Test("an unknown level is null, an anonymous advertiser has no address")
    func nulls() throws {
        let packet = Captures.extendedEvent([Captures.extendedReport([], addressType: 0xff, rssi: 127)])
        let text = try json(AdvertisementDecoder.decode(packet: packet))
        #expect(text[0].contains(#""rssi":null"#))
        #expect(text[0].contains(#""address":null,"address_type":"anonymous""#))
    }
}
