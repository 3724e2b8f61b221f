/// A gateway's id and its URN: the `source` of its events and the single SAN URI of its client certificate.
package enum GatewayName {
    package static let urnPrefix = "urn:footbridge:gateway:"

    /// `urn:footbridge:gateway:ID`.
    package static func urn(_ id: String) -> String { urnPrefix + id }

    /// The id in a gateway URN, or nil when the text is none.
    package static func id(urn: String) -> String? {
        guard urn.hasPrefix(urnPrefix) else { return nil }
        let id = String(urn.dropFirst(urnPrefix.count))
        return isValid(id) ? id : nil
    }

    /// 1 to 64 of `A-Z a-z 0-9 . _ -`.
    package static func isValid(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
