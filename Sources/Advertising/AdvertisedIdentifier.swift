/// What an advertisement says about who sent it, in a form that can be looked up without allocating.
///
/// A value of this type may belong to a stranger: its `description` says nothing about the bytes.
package struct AdvertisedIdentifier: Hashable, Sendable {
    /// Where the value was found and how long it is.
    package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// Eddystone-EID, 8 bytes.
        case eddystoneEID
        /// Eddystone-UID, 16 bytes: namespace (10) and instance (6).
        case eddystoneUID
        /// 16 bytes of service data under a 16-bit UUID.
        case rolling16
        /// 8 bytes of service data under a 128-bit UUID: as much of a rolling identifier as a legacy advertisement
        /// holds.
        case rolling128Legacy
        /// 16 bytes of service data under a 128-bit UUID, in an extended advertisement.
        case rolling128
        /// iBeacon: 4 bytes, major and minor, under the proximity UUID.
        case iBeacon

        /// How many bytes of the value are significant; the rest are zero.
        package var valueBytes: Int {
            switch self {
            case .eddystoneEID, .rolling128Legacy: 8
            case .eddystoneUID, .rolling16, .rolling128: 16
            case .iBeacon: 4
            }
        }
    }

    package var kind: Kind
    /// The first eight bytes of the UUID in text order; a 16-bit UUID stands as its 128-bit expansion.
    package var uuidHigh: UInt64
    /// The last eight bytes of the UUID.
    package var uuidLow: UInt64
    /// The first eight bytes of the value, big-endian and left aligned: the first byte is the top byte.
    package var valueHigh: UInt64
    /// Bytes 8 to 15 of the value, or zero.
    package var valueLow: UInt64

    package init(kind: Kind, uuidHigh: UInt64, uuidLow: UInt64, valueHigh: UInt64, valueLow: UInt64) {
        self.kind = kind
        self.uuidHigh = uuidHigh
        self.uuidLow = uuidLow
        self.valueHigh = valueHigh
        self.valueLow = valueLow
    }

    package init(kind: Kind, uuid: UUID128, valueHigh: UInt64, valueLow: UInt64 = 0) {
        self.init(kind: kind, uuidHigh: uuid.high, uuidLow: uuid.low, valueHigh: valueHigh, valueLow: valueLow)
    }

    /// The identifier with these value bytes; bytes beyond `kind.valueBytes` are ignored, missing ones are zero.
    package init(kind: Kind, uuid: UUID128, value: some Sequence<UInt8>) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in value.prefix(kind.valueBytes).enumerated() {
            if index < 8 {
                high |= UInt64(byte) << UInt64(56 - 8 * index)
            } else {
                low |= UInt64(byte) << UInt64(120 - 8 * index)
            }
        }
        self.init(kind: kind, uuid: uuid, valueHigh: high, valueLow: low)
    }

    /// The UUID under which the value was advertised.
    package var uuid: UUID128 { UUID128(high: uuidHigh, low: uuidLow) }
}

extension AdvertisedIdentifier: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind only: the bytes may be a stranger's.
    package var description: String { "\(kind)(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension AdvertisedIdentifier {
    /// Calls `body` for every identifier in the AD structures of one advertisement; allocates nothing.
    ///
    /// - `isLegacy`: the advertisement came in a legacy PDU (31 bytes at most), whichever HCI event reported it.
    /// - Returns: what was wrong with the structures, or nil. Identifiers before the fault have been given.
    ///
    /// Lengths (the AD length byte, which counts the type): service data under a 16-bit UUID, 0x13 to 0x17; under a
    /// 128-bit UUID, 0x19 in a legacy advertisement and 0x21 in an extended one.
    @discardableResult
    package static func forEach(
        in data: Span<UInt8>, isLegacy: Bool, _ body: (AdvertisedIdentifier) -> Void
    ) -> ADStructures.Fault? {
        ADStructures.forEach(in: data) { type, payload in
            switch type {
            case ADStructures.serviceData16:
                inServiceData16(payload, body)
            case ADStructures.serviceData128:
                guard payload.count == (isLegacy ? 24 : 32) else { return }
                body(
                    AdvertisedIdentifier(
                        kind: isLegacy ? .rolling128Legacy : .rolling128,
                        uuid: UUID128(littleEndian: payload, at: 0),
                        valueHigh: payload.bigEndian64(at: 16),
                        valueLow: isLegacy ? 0 : payload.bigEndian64(at: 24)))
            case ADStructures.manufacturerData:
                guard IBeaconLayout.matches(payload) else { return }
                body(
                    AdvertisedIdentifier(
                        kind: .iBeacon,
                        uuid: UUID128(bigEndian: payload, at: IBeaconLayout.uuid),
                        valueHigh: UInt64(payload.bigEndian32(at: IBeaconLayout.major)) << 32))
            default:
                break
            }
        }
    }

    private static func inServiceData16(_ payload: Span<UInt8>, _ body: (AdvertisedIdentifier) -> Void) {
        guard payload.count >= 2 else { return }
        let shortUUID = payload.littleEndian16(at: 0)
        let uuid = UUID128(shortUUID: shortUUID)
        if shortUUID == EddystoneLayout.serviceUUID {
            // The Eddystone service has its own frames; its data is never taken for a rolling identifier.
            guard payload.count > 2 else { return }
            if payload[2] == EddystoneLayout.eid, payload.count >= 4 + 8 {
                body(AdvertisedIdentifier(kind: .eddystoneEID, uuid: uuid, valueHigh: payload.bigEndian64(at: 4)))
            } else if payload[2] == EddystoneLayout.uid, payload.count >= 4 + 16 {
                body(
                    AdvertisedIdentifier(
                        kind: .eddystoneUID, uuid: uuid,
                        valueHigh: payload.bigEndian64(at: 4), valueLow: payload.bigEndian64(at: 12)))
            }
        } else if payload.count >= 2 + 16, payload.count <= 2 + 16 + 4 {
            body(
                AdvertisedIdentifier(
                    kind: .rolling16, uuid: uuid,
                    valueHigh: payload.bigEndian64(at: 2), valueLow: payload.bigEndian64(at: 10)))
        }
    }
}
