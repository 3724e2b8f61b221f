import Crypto
import Foundation

/// Signs pages of the subject feed: for the demonstration, tests and tools that prepare a USB stick.
package struct FeedSigner: Sendable {
    package let kid: String
    private let key: Curve25519.Signing.PrivateKey

    /// A signer with a fresh key.
    package init(kid: String) {
        self.kid = kid
        key = Curve25519.Signing.PrivateKey()
    }

    /// - `seed`: the 32 bytes of an Ed25519 private key (RFC 8032); nil for another number of bytes.
    package init?(kid: String, seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
        self.kid = kid
        self.key = key
    }

    /// The 32 secret bytes.
    package var seed: [UInt8] { Array(key.rawRepresentation) }

    /// What goes into the gateway's `platform.feed_keys`.
    package var publicKey: FeedKey { FeedKey(kid: kid, bytes: Array(key.publicKey.rawRepresentation)) }

    /// The flattened JWS of a page, one line of JSON.
    package func sign(_ page: SubjectPage) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let header = ["alg": "EdDSA", "kid": kid, "typ": FeedVerifier.type]
        return try sign(header: Array(encoder.encode(header)), payload: Array(encoder.encode(page)))
    }

    /// Signs any header and payload, right or wrong.
    func sign(header: [UInt8], payload: [UInt8]) throws -> [UInt8] {
        let protected = Base64URL.text(header)
        let body = Base64URL.text(payload)
        let signature = try key.signature(for: Data("\(protected).\(body)".utf8))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return Array(
            try encoder.encode(
                FlattenedJWS(payload: body, protected: protected, signature: Base64URL.text(signature))))
    }
}
