/// The header of one LE advertising report; its data travels beside it as a span.
package struct AdvertisingReport: Hashable, Sendable {
    /// Whether the data is all there (Core Vol 4 Part E 7.7.65.13, event type bits 5 and 6).
    package enum DataStatus: String, Hashable, Sendable {
        case complete
        /// More data of the same advertisement comes in a later report.
        case incomplete
        /// The controller gave up; no more will come.
        case truncated
    }

    package var address: BluetoothAddress
    package var addressType: AddressType
    /// In the bit layout of the extended report; a legacy event is mapped to it (ADV_IND is 0x0013).
    package var eventType: UInt16
    /// Received signal strength in dBm; nil when the controller had none (127) or sent a reserved value (above 20).
    package var rssi: Int8?
    package var dataStatus: DataStatus
    /// The advertising set, 0 to 15; nil when there is none.
    package var sid: UInt8?
    /// 1 = LE 1M, 3 = LE Coded.
    package var primaryPHY: UInt8
    /// 0 = no packets on a secondary channel, 1 = LE 1M, 2 = LE 2M, 3 = LE Coded.
    package var secondaryPHY: UInt8
    /// What the advertiser says it sends with, in dBm; nil when it does not say (127).
    package var txPower: Int8?

    package init(
        address: BluetoothAddress, addressType: AddressType, eventType: UInt16, rssi: Int8?,
        dataStatus: DataStatus = .complete, sid: UInt8? = nil, primaryPHY: UInt8 = 1, secondaryPHY: UInt8 = 0,
        txPower: Int8? = nil
    ) {
        self.address = address
        self.addressType = addressType
        self.eventType = eventType
        self.rssi = rssi
        self.dataStatus = dataStatus
        self.sid = sid
        self.primaryPHY = primaryPHY
        self.secondaryPHY = secondaryPHY
        self.txPower = txPower
    }

    /// The advertisement came in a legacy PDU: at most 31 bytes of data, never in parts.
    package var isLegacy: Bool { eventType & EventType.legacyBit != 0 }

    /// The RSSI byte of a report as dBm, or nil when the controller does not know.
    ///
    /// 127 means "not available"; values from 21 to 126 are reserved and would be absurd as levels.
    static func level(_ byte: UInt8) -> Int8? {
        let level = Int8(bitPattern: byte)
        return level > 20 ? nil : level
    }
}

extension AdvertisingReport: CustomStringConvertible, CustomReflectable {
    /// Nothing that tells who it was.
    package var description: String {
        "report(\(EventType.name(eventType)), \(dataStatus.rawValue))"
    }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Event types in the bit layout of the extended report.
package enum EventType {
    package static let legacyBit: UInt16 = 0x0010

    package static let connectable: UInt16 = 0x0013
    package static let directed: UInt16 = 0x0015
    package static let scannable: UInt16 = 0x0012
    package static let nonConnectable: UInt16 = 0x0010
    package static let scanResponse: UInt16 = 0x001b
    package static let scanResponseToScannable: UInt16 = 0x001a

    /// The event type of the legacy report (7.7.65.2: 0 to 4) in the extended layout, or nil when it is reserved.
    package static func legacy(_ byte: UInt8) -> UInt16? {
        switch byte {
        case 0: connectable
        case 1: directed
        case 2: scannable
        case 3: nonConnectable
        case 4: scanResponse
        default: nil
        }
    }

    /// False for a legacy PDU with a combination of bits that the specification does not list.
    static func isKnown(_ eventType: UInt16) -> Bool {
        guard eventType & legacyBit != 0 else { return true }
        switch eventType & 0x1f {
        case connectable, directed, scannable, nonConnectable, scanResponse, scanResponseToScannable: return true
        default: return false
        }
    }

    /// The name in `footbridge decode advertisements`.
    package static func name(_ eventType: UInt16) -> String {
        switch eventType & 0x1f {
        case connectable: "adv_ind"
        case directed: "adv_direct_ind"
        case scannable: "adv_scan_ind"
        case nonConnectable: "adv_nonconn_ind"
        case scanResponse, scanResponseToScannable: "scan_rsp"
        default: "extended"
        }
    }
}
