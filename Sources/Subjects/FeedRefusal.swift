package import Foundation

/// Why a page of the subject feed was not applied. Nothing of a refused page has any effect.
package enum FeedRefusal: Error, Hashable, Sendable {
    case tooLarge(bytes: Int, maximum: Int)
    /// Not a flattened JWS (RFC 7515 section 7.2.2).
    case malformedJWS(String)
    /// `typ` is not `footbridge-subjects`.
    case wrongType(String?)
    /// `alg` is not `EdDSA`.
    case wrongAlgorithm(String?)
    /// The protected header has a `crit`, and this program knows no extension.
    case criticalExtension
    /// No key of `platform.feed_keys` has this `kid`.
    case unknownKey(kid: String?)
    case badSignature(kid: String)
    /// The signature is right, the payload is not as agreed.
    case malformedPayload(String)
    case wrongAudience(found: String, expected: String)
    /// Not the page that follows the last one (page 1 of a feed that is new here).
    case serialGap(feed: UUID, expected: UInt64, found: UInt64)
    /// Issued before the last page that was applied.
    case staleIssue(issuedAt: UnixTime, last: UnixTime)

    /// A short name for counters.
    package var reason: String {
        switch self {
        case .tooLarge: "too_large"
        case .malformedJWS: "malformed_jws"
        case .wrongType: "wrong_type"
        case .wrongAlgorithm: "wrong_algorithm"
        case .criticalExtension: "critical_extension"
        case .unknownKey: "unknown_key"
        case .badSignature: "bad_signature"
        case .malformedPayload: "malformed_payload"
        case .wrongAudience: "wrong_audience"
        case .serialGap: "serial_gap"
        case .staleIssue: "stale_issue"
        }
    }

    /// The page has been applied before: harmless when a file of pages is read again.
    package var isAlreadyApplied: Bool {
        if case .serialGap(_, let expected, let found) = self { return found < expected && found > 0 }
        return false
    }
}

extension FeedRefusal: CustomStringConvertible {
    package var description: String {
        "subject feed page refused: \(cause)"
    }

    private var cause: String {
        switch self {
        case .tooLarge(let bytes, let maximum):
            "\(bytes) bytes, at most \(maximum) are taken; ask the platform for smaller pages"
        case .malformedJWS(let what):
            "not a flattened JWS (\(what)); check platform.url and any proxy in between"
        case .wrongType(let type):
            "typ is \(FeedRefusal.quoted(type)), not \"footbridge-subjects\"; check platform.url"
        case .wrongAlgorithm(let algorithm):
            "alg is \(FeedRefusal.quoted(algorithm)), not \"EdDSA\"; the platform must sign with Ed25519"
        case .criticalExtension:
            "the header has a critical extension that this version does not know; update the gateway"
        case .unknownKey(let kid):
            "signed with the unknown key \(FeedRefusal.quoted(kid)); add it to platform.feed_keys if it is the platform's"
        case .badSignature(let kid):
            "the signature does not fit key \(FeedRefusal.quoted(kid)); the page was altered, or the key in "
                + "platform.feed_keys is not the platform's"
        case .malformedPayload(let what):
            "the payload is not as agreed (\(what)); tell the platform team"
        case .wrongAudience(let found, let expected):
            "it is for gateway \(FeedRefusal.quoted(found)), this is \(FeedRefusal.quoted(expected)); "
                + "check gateway.id and the certificate"
        case .serialGap(let feed, let expected, let found):
            "page \(found) of feed \(feed.uuidString.lowercased()), page \(expected) was due; "
                + "the platform must repeat from there or start a new feed"
        case .staleIssue(let issuedAt, let last):
            "issued \(issuedAt.rfc3339()), before the last page (\(last.rfc3339())); the platform's clock went back, "
                + "or an old page was replayed"
        }
    }

    /// Text from outside, cut and without control characters, so that a log line stays one line.
    private static func quoted(_ text: String?) -> String {
        guard let text else { return "missing" }
        let visible = text.unicodeScalars.prefix(64).map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F || scalar == "\"" || !scalar.isASCII ? "?" : Character(scalar)
        }
        return "\"\(String(visible))\""
    }
}
