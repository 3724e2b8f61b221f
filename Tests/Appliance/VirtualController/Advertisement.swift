import Advertising

/// The Nth advertisement of the air around the virtual controller. All of it follows from N, so that whoever reads it
/// can tell what was lost, doubled or changed.
///
/// It carries an iBeacon whose major and minor are N; its signal level is -30 - N mod 61 dBm; its sender is the
/// N mod devices-th. Every 100th comes in extended PDUs and is too long for one report; a controller without extended
/// scanning gets it as any other.
struct Advertisement {
    let number: UInt32
    let devices: UInt32

    /// The proximity UUID of all beacons of the appliance tests.
    static let uuid: [UInt8] = Array("FOOTBRIDGE-TEST\0".utf8)

    /// A static random address (Core Vol 6 Part B 1.3.2.1: the two top bits are ones).
    var address: BluetoothAddress { BluetoothAddress(rawValue: 0xc0fb_0000_0000 | UInt64(number % devices)) }
    var rssi: Int8 { -30 - Int8(number % 61) }
    var isLong: Bool { number % 100 == 99 }
    /// ADV_NONCONN_IND, every tenth ADV_IND.
    var eventType: UInt8 { number % 10 == 0 ? 0 : 3 }

    private var beacon: [UInt8] {
        [0x1a, 0xff, 0x4c, 0x00, 0x02, 0x15] + Self.uuid
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } + [0xc5]
    }

    /// 30 bytes: flags and the beacon.
    var data: [UInt8] { [0x02, 0x01, 0x06] + beacon }

    /// 280 bytes, the beacon at the end: two reports.
    var longData: [UInt8] {
        [0xf8, 0xff, 0xff, 0xff] + [UInt8](repeating: 0x5a, count: 245) + [0x03, 0x03, 0xaa, 0xfe] + beacon
    }
}
