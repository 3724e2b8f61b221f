package import Foundation

/// The header `Idempotency-Key: "EPOCH:FIRST-LAST:H"` of a batch, a structured-field string
/// (draft-ietf-httpapi-idempotency-key-header-07). The same batch always has the same key, and no other batch has it.
package struct IdempotencyKey: Hashable, Sendable {
    /// The epoch as it stands in the events.
    package let epoch: String
    /// The sequence of the first event in the batch.
    package let first: UInt64
    /// The sequence of the last event in the batch.
    package let last: UInt64
    /// The first 16 lower-case hex digits of the SHA-256 of the uncompressed body.
    package let digest: String

    /// - Parameter sha256: the SHA-256 of the uncompressed body; the first 8 bytes are used.
    package init(epoch: UUID, first: UInt64, last: UInt64, sha256: some Sequence<UInt8>) {
        self.epoch = epoch.uuidString.lowercased()
        self.first = first
        self.last = last
        digest = Self.digest(sha256: sha256)
    }

    /// Reads a header value, quotes included; nil when it has another shape.
    package init?(headerValue: String) {
        let value = headerValue.trimmingCharacters(in: .whitespaces)
        guard value.utf8.count >= 2, value.utf8.count <= 256, value.hasPrefix("\""), value.hasSuffix("\"") else {
            return nil
        }
        let parts = value.dropFirst().dropLast().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, parts[2].utf8.count == 16, Self.isHex(parts[2]) else { return nil }
        let range = parts[1].split(separator: "-", omittingEmptySubsequences: false)
        guard range.count == 2, let first = SequenceText.lenientNumber(range[0]),
            let last = SequenceText.lenientNumber(range[1]), first <= last
        else { return nil }
        epoch = String(parts[0])
        self.first = first
        self.last = last
        digest = String(parts[2])
    }

    /// The header value, quotes included.
    package var headerValue: String { "\"\(epoch):\(first)-\(last):\(digest)\"" }

    /// 16 lower-case hex digits of the first 8 bytes.
    package static func digest(sha256: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".unicodeScalars)
        var text = String.UnicodeScalarView()
        for byte in sha256.prefix(8) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(text)
    }

    private static func isHex(_ text: Substring) -> Bool {
        text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
    }
}
