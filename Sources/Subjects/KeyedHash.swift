/// The first 16 bytes of an HMAC-SHA256 over a receipt's key (see `KeyedHasher`), written as 32 lower-case hex digits.
///
/// It stands for a person's number, so its descriptions hide it like a `SubjectID`'s; `hex` and `Codable` carry it.
package struct KeyedHash: Hashable, Sendable, Codable {
    private let high: UInt64
    private let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads exactly 32 hex digits of either case; nil for anything else.
    package init?(hex: String) {
        guard hex.utf8.count == 32, let bytes = HexText.bytes(hex) else { return nil }
        high = HexText.bigEndian(bytes[0..<8])
        low = HexText.bigEndian(bytes[8..<16])
    }

    /// 32 lower-case hex digits.
    package var hex: String { HexText.text(high) + HexText.text(low) }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let hash = KeyedHash(hex: try container.decode(String.self)) else {
            throw EntryFault(container.codingPath, "a hash is 32 hex digits")
        }
        self = hash
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}

extension KeyedHash: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "hash(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
