import Advertising
import Testing

@Suite struct AdvertisedIdentifierTests {
    private let retailer = UUID128(high: 0x5403_c8a7_5c96_47e9, low: 0x9ab8_59e3_73d8_75a7)

    private func serviceData128(_ value: [UInt8]) -> [UInt8] {
        [UInt8(17 + value.count), 0x21] + retailer.bytes.reversed() + value
    }

    @Test("the Exposure Notification vector is a rolling identifier under FD6F, its metadata ignored")
    func exposureVector() throws {
        let expected = AdvertisedIdentifier(
            kind: .rolling16, uuid: UUID128(shortUUID: 0xfd6f),
            value: try Captures.bytes("8be6cd371c5c891604bfbe49df845096"))
        #expect(identifiers(try Captures.bytes(Captures.exposureData)) == [expected])
        #expect(expected.valueHigh == 0x8be6_cd37_1c5c_8916)
        #expect(expected.uuid.description == "0000fd6f-0000-1000-8000-00805f9b34fb")
    }

    @Test("the Eddystone-EID vector is eight bytes under FEAA")
    func eddystoneVector() throws {
        let found = identifiers(try Captures.bytes(Captures.eidData))
        #expect(
            found == [
                AdvertisedIdentifier(
                    kind: .eddystoneEID, uuid: UUID128(shortUUID: 0xfeaa), valueHigh: 0x436b_fe57_d5a0_9505)
            ])
    }

    @Test("an Eddystone-UID is namespace and instance")
    func eddystoneUID() throws {
        let found = identifiers(try Captures.bytes(Captures.uidData))
        #expect(found.map(\.kind) == [.eddystoneUID])
        #expect(found.first?.valueHigh == 0x0001_0203_0405_0607)
        #expect(found.first?.valueLow == 0x0809_aabb_ccdd_eeff)
    }

    @Test("an iBeacon is its UUID with major and minor")
    func iBeacon() throws {
        let found = identifiers(try Captures.bytes(Captures.iBeaconData))
        let uuid = try #require(UUID128("f7826da6-4fa2-4e98-8024-bc5b71e0893e"))
        #expect(found == [AdvertisedIdentifier(kind: .iBeacon, uuid: uuid, value: [0x50, 0xa9, 0x06, 0xe5])])
    }

    @Test("service data under a 16-bit UUID is an identifier from 16 to 20 bytes only")
    func lengths16() {
        for count in 0...27 {
            let data: [UInt8] = [UInt8(3 + count), 0x16, 0x6f, 0xfd] + (0..<count).map { UInt8($0) }
            #expect(identifiers(data).count == ((16...20).contains(count) ? 1 : 0), "\(count) bytes")
        }
    }

    @Test("service data under a 128-bit UUID is 8 bytes in a legacy and 16 in an extended advertisement, nothing else")
    func lengths128() {
        for count in 0...40 {
            let data = serviceData128((0..<count).map { UInt8($0 + 1) })
            #expect(identifiers(data, isLegacy: true).map(\.kind) == (count == 8 ? [.rolling128Legacy] : []))
            #expect(identifiers(data, isLegacy: false).map(\.kind) == (count == 16 ? [.rolling128] : []))
        }
        let legacy = identifiers(serviceData128([1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(legacy.first?.uuid == retailer)
        #expect(legacy.first?.valueHigh == 0x0102_0304_0506_0708)
        #expect(legacy.first?.valueLow == 0)
    }

    @Test("service data of the Eddystone service is never a rolling identifier")
    func eddystoneIsNotRolling() {
        for frame in UInt8.min...UInt8.max where frame != 0 && frame != 0x30 {
            #expect(identifiers([0x13, 0x16, 0xaa, 0xfe, frame] + [UInt8](repeating: 1, count: 15)).isEmpty)
        }
    }

    @Test("identifiers before a structure that runs past the end are kept, and the fault is told")
    func overrun() throws {
        let data = try Captures.bytes(Captures.eidData) + [9, 0x16, 1]
        var found = 0
        let fault = AdvertisedIdentifier.forEach(in: data.span, isLegacy: true) { _ in found += 1 }
        #expect(found == 1)
        #expect(fault?.offset == data.count - 3)
        #expect(fault?.claimed == 9)
        #expect(fault?.available == 2)
    }

    @Test("a zero length ends the advertisement")
    func earlyEnd() throws {
        #expect(identifiers([0] + (try Captures.bytes(Captures.eidData))).isEmpty)
    }

    @Test("several identifiers of one advertisement are all given")
    func several() throws {
        let data = try Captures.bytes(Captures.eidData) + Captures.bytes(Captures.iBeaconData)
        #expect(identifiers(data, isLegacy: false).map(\.kind) == [.eddystoneEID, .iBeacon])
    }

    @Test("an identifier never describes its bytes")
    func redacted() throws {
        let identifier = try #require(identifiers(try Captures.bytes(Captures.eidData)).first)
        var dumped = ""
        dump(identifier, to: &dumped)
        #expect(dumped.contains("redacted") && !dumped.contains("\(identifier.valueHigh)"))
        #expect("\(identifier)" == "eddystoneEID(redacted)")
        #expect(String(reflecting: identifier) == "eddystoneEID(redacted)")
    }

    @Test("any bytes survive a walk, and every identifier is one of the known kinds", arguments: 0..<4)
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed &+ 100)
        for _ in 0..<5000 {
            let data = random.bytes(Int.random(in: 0...240, using: &random))
            for identifier in identifiers(data, isLegacy: Bool.random(using: &random)) {
                if identifier.kind.valueBytes <= 8 { #expect(identifier.valueLow == 0) }
            }
        }
    }
}

@Suite struct UUID128Tests {
    @Test(
        "a UUID reads from text with and without hyphens, in either case, and from four digits",
        arguments: [
            "0000fd6f-0000-1000-8000-00805f9b34fb", "0000FD6F00001000800000805F9B34FB", "fd6f", "FD6F",
        ])
    func texts(text: String) {
        #expect(UUID128(text) == UUID128(shortUUID: 0xfd6f))
        #expect(UUID128(text)?.shortUUID == 0xfd6f)
    }

    @Test(
        "other text is no UUID",
        arguments: [
            "", "fd6", "fd6f0", "0000fd6f-0000-1000-8000-00805f9b34f", "0000fd6f-0000-1000-8000-00805f9b34fbb",
            "0000fd6f-0000-1000-800000805f9b34fb", "g000fd6f-0000-1000-8000-00805f9b34fb", "-fd6f", "fd-6f",
            "0000fd6-f0000-1000-8000-00805f9b34fb",
        ])
    func notUUIDs(text: String) {
        #expect(UUID128(text) == nil)
    }

    @Test("text, bytes and both byte orders agree")
    func orders() throws {
        let uuid = try #require(UUID128("2F234454-CF6D-4A0F-ADF2-F4911BA9FFA6"))
        #expect(uuid.description == "2f234454-cf6d-4a0f-adf2-f4911ba9ffa6")
        let forwards = uuid.bytes
        let backwards = Array(forwards.reversed())
        let read = [UUID128(bigEndian: forwards.span, at: 0), UUID128(littleEndian: backwards.span, at: 0)]
        #expect(read == [uuid, uuid])
        #expect(uuid.shortUUID == nil)
    }
}
