package import Advertising

/// An identifier that never changes, for staff badges, loyalty fobs and fixtures; never for a phone.
package struct StaticIdentifier: Hashable, Sendable {
    /// What the radio will see. Its kind is `iBeacon` or `eddystoneUID`.
    package let identifier: AdvertisedIdentifier

    /// An iBeacon with a proximity UUID that is not the rotating scheme's.
    package init(iBeacon uuid: UUID128, major: UInt16, minor: UInt16) {
        identifier = AdvertisedIdentifier(
            kind: .iBeacon, uuid: uuid, valueHigh: UInt64(major) << 48 | UInt64(minor) << 32, valueLow: 0)
    }

    /// An Eddystone-UID: 10 bytes of namespace and 6 of instance; nil for other lengths.
    package init?(eddystoneNamespace namespace: [UInt8], instance: [UInt8]) {
        guard namespace.count == 10, instance.count == 6 else { return nil }
        identifier = AdvertisedIdentifier(
            kind: .eddystoneUID, uuid: UUID128(shortUUID: 0xFEAA),
            valueHigh: HexText.bigEndian(namespace[0..<8]),
            valueLow: HexText.bigEndian(namespace[8..<10] + instance))
    }
}
