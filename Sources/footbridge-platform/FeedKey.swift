import Crypto
import Foundation
import Glibc
import PlatformAPI

/// The Ed25519 key that signs the pages of the subject feed.
struct FeedKey: Sendable {
    enum Failure: Error, Hashable, CustomStringConvertible {
        case unreadable(path: String)
        case malformed(path: String)
        case exists(path: String)
        case cannotWrite(path: String, reason: String)

        var description: String {
            switch self {
            case .unreadable(let path): "feed key \(path): cannot be read; make one with `feed-key new \(path)`"
            case .malformed(let path): "feed key \(path): is not a 32-byte key in hex or base64url"
            case .exists(let path): "feed key \(path): exists already; choose another file"
            case .cannotWrite(let path, let reason): "feed key \(path): cannot be written: \(reason)"
            }
        }
    }

    let privateKey: Curve25519.Signing.PrivateKey

    init() { privateKey = Curve25519.Signing.PrivateKey() }

    init(rawRepresentation: some Sequence<UInt8>) throws {
        privateKey = try Curve25519.Signing.PrivateKey(rawRepresentation: Array(rawRepresentation))
    }

    /// Reads a file with the 32-byte private key in hex or base64url.
    init(path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Failure.unreadable(path: path)
        }
        let word = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let bytes = Hex.decode(word) ?? Base64URL.decode(word), bytes.count == 32,
            let key = try? Self(rawRepresentation: bytes)
        else { throw Failure.malformed(path: path) }
        self = key
    }

    /// Writes the private key in hex to a file that must not exist, readable by its owner only.
    func write(path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST
                ? Failure.exists(path: path) : Failure.cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data((Hex.encode(privateKey.rawRepresentation) + "\n").utf8))
            try handle.synchronize()
        } catch {
            throw Failure.cannotWrite(path: path, reason: "\(error.localizedDescription)")
        }
    }

    /// Derived from the public key, so that two keys never share one.
    var kid: String { "fb-" + IdempotencyKey.digest(sha256: SHA256.hash(data: privateKey.publicKey.rawRepresentation)) }

    /// What the gateway's configuration takes as an item of `platform.feed_keys`, in JSON, which is YAML.
    var configurationItem: String {
        "{\"kid\": \"\(kid)\", \"public_key\": \"\(Base64URL.encode(privateKey.publicKey.rawRepresentation))\"}"
    }

    /// Signs a page: RFC 7515 section 5.1, RFC 8037 section 3.1.
    func sign(_ payload: [UInt8]) throws -> SignedPage {
        let protected = Base64URL.encode(try WireJSON.encode(SignedPageHeader(kid: kid)))
        let body = Base64URL.encode(payload)
        let signature = try privateKey.signature(for: Data("\(protected).\(body)".utf8))
        return SignedPage(protected: protected, payload: body, signature: Base64URL.encode(signature))
    }
}

extension PlatformStore {
    /// The key that the store itself holds, made when it is first asked for: used when no key file is given.
    func feedKey() async throws -> FeedKey {
        try await database.write { transaction in
            // Of two instances that start at once, one makes it and both take that one.
            try transaction.execute(
                "INSERT INTO setting (name, value) VALUES ('feed_key', $1) ON CONFLICT DO NOTHING",
                [.blob(Array(FeedKey().privateKey.rawRepresentation))])
            let rows = try transaction.rows("SELECT value FROM setting WHERE name = 'feed_key'", [])
            guard let row = rows.first else { throw StoreFailure.unexpected("no feed key") }
            return try FeedKey(rawRepresentation: row.blob(0))
        }
    }
}
