import Crypto
import Foundation

/// Turns the keys printed on receipts into pseudonyms that the platform can compute too:
/// `HMAC-SHA256(retailer key, kind || 00 || normalised value)[0..<16]`, all text in UTF-8.
package struct KeyedHasher: Sendable {
    private let key: SymmetricKey

    /// `key` is the retailer's secret; 32 bytes are advised, any number is possible.
    package init(key: [UInt8]) {
        self.key = SymmetricKey(data: key)
    }

    /// The pseudonym of `value`, which is normalised first.
    package func hash(_ kind: HashKind, _ value: String) -> KeyedHash {
        var authenticator = HMAC<SHA256>(key: key)
        authenticator.update(data: Array(kind.rawValue.utf8))
        authenticator.update(data: [0])
        authenticator.update(data: Array(KeyedHasher.normalise(value).utf8))
        let code = Array(authenticator.finalize())
        return KeyedHash(high: HexText.bigEndian(code[0..<8]), low: HexText.bigEndian(code[8..<16]))
    }

    /// The form in which two spellings of one number are equal: NFKC, then upper case (Unicode's full mapping, no
    /// locale), then without white space (Unicode `White_Space`) and hyphens (U+002D, U+00AD, U+2010, U+2011).
    package static func normalise(_ value: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in value.precomposedStringWithCompatibilityMapping.uppercased().unicodeScalars {
            switch scalar.value {
            case 0x2D, 0xAD, 0x2010, 0x2011: continue
            default: if !scalar.properties.isWhitespace { scalars.append(scalar) }
            }
        }
        return String(scalars)
    }
}
