import Advertising

extension StaticIdentifier {
    /// A beacon as its label or its app shows it: `UUID:MAJOR:MINOR` in decimal numbers (iBeacon), or 20 and 12 hex digits
    /// `NAMESPACE:INSTANCE` (Eddystone-UID). Nil for anything else.
    package init?(label: String) {
        let parts = label.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 3, let uuid = UUID128(String(parts[0])), uuid.shortUUID == nil,
            let major = UInt16(parts[1]), let minor = UInt16(parts[2])
        {
            self.init(iBeacon: uuid, major: major, minor: minor)
        } else if parts.count == 2, let namespace = HexText.bytes(String(parts[0])),
            let instance = HexText.bytes(String(parts[1])),
            let identifier = StaticIdentifier(eddystoneNamespace: namespace, instance: instance)
        {
            self = identifier
        } else {
            return nil
        }
    }
}
