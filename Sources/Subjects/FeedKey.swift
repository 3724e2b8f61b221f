/// A public key of the subject feed, as `platform.feed_keys` of the configuration lists it.
package struct FeedKey: Hashable, Sendable, Codable {
    package let kid: String
    /// The 32 bytes of an Ed25519 public key (RFC 8032).
    package let publicKey: [UInt8]

    /// nil unless `publicKey` is base64url of 32 bytes and `kid` is not empty.
    package init?(kid: String, publicKey: String) {
        guard let bytes = Base64URL.bytes(publicKey), bytes.count == 32, !kid.isEmpty else { return nil }
        self.kid = kid
        self.publicKey = bytes
    }

    init(kid: String, bytes: [UInt8]) {
        self.kid = kid
        self.publicKey = bytes
    }

    /// The public key as the configuration has it.
    package var publicKeyText: String { Base64URL.text(publicKey) }

    private enum CodingKeys: String, CodingKey {
        case kid
        case publicKey = "public_key"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let text = try container.decode(String.self, forKey: .publicKey)
        guard let key = FeedKey(kid: try container.decode(String.self, forKey: .kid), publicKey: text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .publicKey, in: container, debugDescription: "base64url of a 32-byte Ed25519 public key")
        }
        self = key
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kid, forKey: .kid)
        try container.encode(publicKeyText, forKey: .publicKey)
    }
}
