import Advertising
import Testing

/// Captured and published advertisements.
enum Captures {
    /// An iPhone app in the background with service UUID 0x3333: the whole HCI event (ADV_IND, random address, -45
    /// dBm).
    static let overflowEvent = """
        04 3E 24 02 01 00 01 8C 91 A0 AD 8F 40 18 02 01 1A 14 FF 4C 00 01 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 00 D3
        """
    /// The same app with UUID 2F234454-CF6D-4A0F-ADF2-F4911BA9FFA6 in the background; padded as published.
    static let overflowData = "02011a14ff4c0001" + "000000000000000000000800000000000000" + "0000000000"
    /// And in the foreground: the complete list of 128-bit service UUIDs.
    static let foregroundData = "02011a1107a6ffa91b91f4f2ad0f4a6dcf5444232f"
    /// Exposure Notification test vector (time 1585785600): flags, service list, rolling identifier 0, metadata.
    static let exposureData = "02011a03036ffd17166ffd8be6cd371c5c891604bfbe49df84509672033874"
    static let iBeaconData = "0201061aff4c000215f7826da64fa24e988024bc5b71e0893e50a906e5c5"
    static let altBeaconData = "1bff1801beac00112233445566778899aabbccddeeff0001000285"
    /// Frame 0x30 with the identifier of the EID test vector (temporary key 4d7ad123..., counter 0).
    static let eidData = "0201060303aafe0d16aafe30ee436bfe57d5a09505"
    static let uidData = "0201060303aafe1516aafe00eb00010203040506070809aabbccddeeff"
    static let urlData = "0303aafe0e16aafe10f4036578616d706c6507"
    static let telemetryData = "0303aafe1116aafe20000bb81580000000640000012c"

    static func bytes(_ hex: String) throws -> [UInt8] {
        try #require(Hexadecimal.bytes(hex))
    }

    /// A legacy event with one report of a random address.
    static func legacyEvent(_ data: [UInt8], type: UInt8 = 3, rssi: UInt8 = 0xc4) -> [UInt8] {
        [0x04, 0x3e, UInt8(12 + data.count), 0x02, 0x01, type, 0x01, 1, 2, 3, 4, 5, 0xc6, UInt8(data.count)] + data + [
            rssi
        ]
    }

    /// The parameters of one extended report, without the event around it.
    static func extendedReport(
        _ data: [UInt8], type: UInt16 = 0, addressType: UInt8 = 1, sid: UInt8 = 2, tx: UInt8 = 127, rssi: UInt8 = 0xc4,
        firstAddressByte: UInt8 = 1
    ) -> [UInt8] {
        [UInt8(type & 0xff), UInt8(type >> 8), addressType, firstAddressByte, 2, 3, 4, 5, 0xc6, 1, 1, sid, tx, rssi]
            + [0, 0, 0, 0, 0, 0, 0, 0, 0, UInt8(data.count)] + data
    }

    static func extendedEvent(_ reports: [[UInt8]]) -> [UInt8] {
        let body = reports.flatMap { $0 }
        return [0x04, 0x3e, UInt8(2 + body.count), 0x0d, UInt8(reports.count)] + body
    }
}

/// What the parser gave for a packet, with the data copied.
struct Parsed {
    var reports: [AdvertisingReport] = []
    var data: [[UInt8]] = []
    var outcome = AdvertisingReportParser.Outcome.notAnAdvertisement

    init(_ packet: [UInt8]) {
        outcome = AdvertisingReportParser.parse(packet.span) { report, span in
            reports.append(report)
            data.append((0..<span.count).map { span[$0] })
        }
    }
}

func identifiers(_ data: [UInt8], isLegacy: Bool = true) -> [AdvertisedIdentifier] {
    var found: [AdvertisedIdentifier] = []
    AdvertisedIdentifier.forEach(in: data.span, isLegacy: isLegacy) { found.append($0) }
    return found
}

func overflowMask(_ data: [UInt8]) -> OverflowMask? {
    OverflowMask.find(in: data.span)
}
