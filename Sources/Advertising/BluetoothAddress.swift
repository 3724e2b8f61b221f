/// A 48-bit device address. It may be a stranger's: `description` hides it, `text` spells it out where that is the
/// purpose.
package struct BluetoothAddress: Hashable, Sendable {
    /// The address in the low 48 bits, first text octet on top.
    package let rawValue: UInt64

    /// Bits above 48 are dropped.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue & 0xffff_ffff_ffff
    }

    /// Six octets as hex, with or without `:` between them. Nil for anything else.
    package init?(_ text: String) {
        guard let bytes = Hexadecimal.bytes(text), bytes.count == 6 else { return nil }
        self.init(rawValue: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// The octets as HCI sends them: least significant first.
    package var littleEndianBytes: [UInt8] {
        (0..<6).map { UInt8(truncatingIfNeeded: rawValue >> UInt64(8 * $0)) }
    }

    /// `AA:BB:CC:DD:EE:FF`, upper case.
    package var text: String {
        littleEndianBytes.reversed().map { Hexadecimal.digits($0).uppercased() }.joined(separator: ":")
    }
}

extension BluetoothAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the address.
    package var description: String { "address(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The kind of an advertiser's address (Core Vol 4 Part E 7.7.65.2 and 7.7.65.13).
package enum AddressType: UInt8, Hashable, Sendable {
    case `public` = 0x00
    case random = 0x01
    /// A resolved private address: the public identity of a bonded device.
    case publicIdentity = 0x02
    /// A resolved private address: the random static identity of a bonded device.
    case randomIdentity = 0x03
    /// No address was advertised (extended advertising only); the address bytes mean nothing.
    case anonymous = 0xff

    /// The name in `footbridge decode advertisements`.
    package var name: String {
        switch self {
        case .public: "public"
        case .random: "random"
        case .publicIdentity: "public_identity"
        case .randomIdentity: "random_identity"
        case .anonymous: "anonymous"
        }
    }
}
