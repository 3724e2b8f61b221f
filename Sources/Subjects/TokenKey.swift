/// A 128-bit secret from which tokens are derived: an identity key, a temporary key or a day key.
///
/// Written as 32 hex digits in the feed; its descriptions hide it.
package struct TokenKey: Hashable, Sendable, Codable {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Exactly 16 bytes; nil for any other number.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.init(high: HexText.bigEndian(bytes.prefix(8)), low: HexText.bigEndian(bytes.dropFirst(8)))
    }

    /// Exactly 32 hex digits of either case; nil for anything else.
    package init?(hex: String) {
        guard hex.utf8.count == 32, let bytes = HexText.bytes(hex) else { return nil }
        self.init(bytes)
    }

    /// 32 lower-case hex digits.
    package var hex: String { HexText.text(high) + HexText.text(low) }

    /// The 16 bytes, most significant first.
    package var bytes: [UInt8] {
        (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> UInt64(56 - 8 * ($0 % 8))) }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let key = TokenKey(hex: try container.decode(String.self)) else {
            throw EntryFault(container.codingPath, "a key is 32 hex digits")
        }
        self = key
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}

extension TokenKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "key(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
