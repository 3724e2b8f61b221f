import Crypto
import Foundation

/// Opens the signed pages of the subject feed: a flattened JWS (RFC 7515 section 7.2.2) with EdDSA over Ed25519 (RFC
/// 8037).
///
/// Trust comes from the signature alone, so that a page may arrive over HTTPS or on a USB stick.
package struct FeedVerifier: Sendable {
    /// Bytes of one page as it arrives; a page above is refused unread.
    package static let maximumPageBytes = 16 * 1024 * 1024
    /// `typ` of the protected header.
    package static let type = "footbridge-subjects"

    private let gateway: String
    private let keys: [String: Curve25519.Signing.PublicKey]

    /// - `gateway`: this gateway's id, the audience of its pages.
    /// - `keys`: the platform's public keys; two during a change of keys. Of two with one `kid` the first counts.
    package init(gateway: String, keys: [FeedKey]) {
        self.gateway = gateway
        var table: [String: Curve25519.Signing.PublicKey] = [:]
        for key in keys where table[key.kid] == nil {
            // A `FeedKey` has 32 bytes, and any 32 bytes are taken as a key; a nonsense one verifies nothing.
            table[key.kid] = try? Curve25519.Signing.PublicKey(rawRepresentation: key.publicKey)
        }
        self.keys = table
    }

    /// The page in these bytes if it is authentic, for this gateway, and the one that follows `position`.
    ///
    /// - `position`: the last page applied, nil on a box that has applied none.
    /// - Throws: the first reason to refuse, in the order signature, audience, sequence, time.
    package func verify(_ bytes: [UInt8], after position: FeedPosition?) throws(FeedRefusal) -> SubjectPage {
        guard bytes.count <= FeedVerifier.maximumPageBytes else {
            throw .tooLarge(bytes: bytes.count, maximum: FeedVerifier.maximumPageBytes)
        }
        let page = try decode(payload: try authenticatedPayload(bytes))
        guard page.audience == gateway else { throw .wrongAudience(found: page.audience, expected: gateway) }
        let expected = position.map { $0.feed == page.feed ? $0.serial &+ 1 : 1 } ?? 1
        guard page.serial == expected else {
            throw .serialGap(feed: page.feed, expected: expected, found: page.serial)
        }
        if let last = position?.issuedAt, page.issuedAt < last {
            throw .staleIssue(issuedAt: page.issuedAt, last: last)
        }
        return page
    }

    private func authenticatedPayload(_ bytes: [UInt8]) throws(FeedRefusal) -> [UInt8] {
        let jws: FlattenedJWS
        do {
            jws = try JSONDecoder().decode(FlattenedJWS.self, from: Data(bytes))
        } catch {
            throw .malformedJWS(EntryFault(error).description)
        }
        guard let headerBytes = Base64URL.bytes(jws.protected), let payload = Base64URL.bytes(jws.payload),
            let signature = Base64URL.bytes(jws.signature)
        else { throw .malformedJWS("protected, payload and signature are base64url without padding") }
        let header: ProtectedHeader
        do {
            header = try JSONDecoder().decode(ProtectedHeader.self, from: Data(headerBytes))
        } catch {
            throw .malformedJWS("protected header: \(EntryFault(error))")
        }
        guard header.typ == FeedVerifier.type else { throw .wrongType(header.typ) }
        guard header.alg == "EdDSA" else { throw .wrongAlgorithm(header.alg) }
        guard !header.isCritical else { throw .criticalExtension }
        guard let kid = header.kid, let key = keys[kid] else { throw .unknownKey(kid: header.kid) }
        let signed = Data("\(jws.protected).\(jws.payload)".utf8)
        guard key.isValidSignature(signature, for: signed) else { throw .badSignature(kid: kid) }
        return payload
    }

    private func decode(payload: [UInt8]) throws(FeedRefusal) -> SubjectPage {
        do {
            return try JSONDecoder().decode(SubjectPage.self, from: Data(payload))
        } catch {
            throw .malformedPayload(EntryFault(error).description)
        }
    }
}

/// RFC 7515 section 7.2.2, without the unprotected header, which nobody has signed.
struct FlattenedJWS: Codable {
    var payload: String
    var protected: String
    var signature: String
}

/// The members of the protected header that are looked at. A `crit` of any form is a reason to refuse.
private struct ProtectedHeader: Decodable {
    let alg: String?
    let kid: String?
    let typ: String?
    let isCritical: Bool

    private enum CodingKeys: String, CodingKey {
        case alg, kid, typ, crit
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        alg = try container.decodeIfPresent(String.self, forKey: .alg)
        kid = try container.decodeIfPresent(String.self, forKey: .kid)
        typ = try container.decodeIfPresent(String.self, forKey: .typ)
        isCritical = container.contains(.crit)
    }
}
