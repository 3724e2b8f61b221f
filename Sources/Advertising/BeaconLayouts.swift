/// Offsets inside the manufacturer data of an iBeacon, counted from the company identifier:
/// 4C 00 02 15, UUID (16), major (2, BE), minor (2, BE), measured power (1).
/// Source: Apple, "Proximity Beacon Specification" R1.
package enum IBeaconLayout {
    package static let uuid = 4
    package static let major = 20
    package static let minor = 22
    package static let power = 24
    package static let bytes = 25

    /// True when the manufacturer data (company identifier first) is an iBeacon, whole.
    package static func matches(_ data: Span<UInt8>) -> Bool {
        data.count >= bytes && hasPrefix(data)
    }

    /// True when the data begins as an iBeacon does, whether or not the rest is there.
    package static func hasPrefix(_ data: Span<UInt8>) -> Bool {
        data.count >= 4 && data[0] == 0x4c && data[1] == 0x00 && data[2] == 0x02 && data[3] == 0x15
    }
}

/// Offsets inside the manufacturer data of an AltBeacon, counted from the company identifier:
/// company (2, LE), BE AC, beacon id (20), reference RSSI (1), manufacturer reserved (1).
/// Source: AltBeacon Protocol Specification v1.0.
package enum AltBeaconLayout {
    package static let id = 4
    package static let idBytes = 20
    package static let power = 24
    package static let reserved = 25
    package static let bytes = 26

    /// True when the data begins as an AltBeacon does, whether or not the rest is there.
    package static func hasPrefix(_ data: Span<UInt8>) -> Bool {
        data.count >= 4 && data[2] == 0xbe && data[3] == 0xac
    }
}

/// Apple's overflow area: what an iPhone app in the background advertises. 4C 00 01, then 16 bytes of mask.
/// Undocumented by Apple; described from captures (davidgyoung, OverflowAreaBeaconRef).
package enum AppleOverflowLayout {
    package static let mask = 3
    package static let bytes = 19

    /// True when the manufacturer data (company identifier first) is an overflow mask.
    package static func matches(_ data: Span<UInt8>) -> Bool {
        data.count >= bytes && data[0] == 0x4c && data[1] == 0x00 && data[2] == 0x01
    }
}

/// Frame numbers of the Eddystone service (github.com/google/eddystone, protocol-specification.md).
package enum EddystoneLayout {
    package static let serviceUUID: UInt16 = 0xfeaa
    package static let uid: UInt8 = 0x00
    package static let url: UInt8 = 0x10
    package static let tlm: UInt8 = 0x20
    package static let eid: UInt8 = 0x30
}
