import Crypto
import CryptoExtras
import Foundation
package import Subjects
import SwiftASN1

/// What the gateway has to know of its own certificate: its dates and its public key (RFC 5280 section 4.1).
package struct CertificateFacts: Hashable, Sendable {
    package let notBefore: UnixTime
    package let notAfter: UnixTime
    /// SubjectPublicKeyInfo, DER.
    let publicKey: [UInt8]

    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// Of the first certificate of a PEM file, which is the gateway's own; the others are its chain.
    init(pem: [UInt8]) throws(Unreadable) {
        do {
            let documents = try PEMDocument.parseMultiple(pemString: String(decoding: pem, as: UTF8.self))
            guard let own = documents.first(where: { $0.discriminator == "CERTIFICATE" }) else {
                throw Unreadable(description: "there is no PEM certificate in it")
            }
            self = try DER.sequence(DER.parse(own.derBytes), identifier: .sequence) { certificate in
                guard let signed = certificate.next() else { throw Unreadable(description: "it is cut off") }
                // signatureAlgorithm and signature: their strength is the platform's to judge.
                while certificate.next() != nil {}
                return try DER.sequence(signed, identifier: .sequence) { try CertificateFacts(signed: &$0) }
            }
        } catch let error as Unreadable {
            throw error
        } catch {
            throw Unreadable(description: "it holds no certificate that can be read")
        }
    }

    /// TBSCertificate: [version], serial, signature, issuer, validity, subject, key, ...
    private init(signed: inout ASN1NodeCollection.Iterator) throws {
        var fields: [ASN1Node] = []
        while let node = signed.next() {
            if node.identifier.tagClass == .universal { fields.append(node) }
        }
        guard fields.count >= 6 else { throw Unreadable(description: "it is cut off") }
        (notBefore, notAfter) = try DER.sequence(fields[3], identifier: .sequence) { dates in
            (try Self.time(dates.next()), try Self.time(dates.next()))
        }
        var serializer = DER.Serializer()
        serializer.serialize(fields[5])
        publicKey = serializer.serializedBytes
    }

    private static func time(_ node: ASN1Node?) throws -> UnixTime {
        guard let node else { throw Unreadable(description: "it is cut off") }
        var parts = DateComponents()
        parts.calendar = Calendar(identifier: .gregorian)
        parts.timeZone = TimeZone(secondsFromGMT: 0)
        if node.identifier == .utcTime {
            let time = try UTCTime(derEncoded: node)
            (parts.year, parts.month, parts.day) = (time.year, time.month, time.day)
            (parts.hour, parts.minute, parts.second) = (time.hours, time.minutes, time.seconds)
        } else {
            let time = try GeneralizedTime(derEncoded: node)
            (parts.year, parts.month, parts.day) = (time.year, time.month, time.day)
            (parts.hour, parts.minute, parts.second) = (time.hours, time.minutes, time.seconds)
        }
        guard let date = parts.date else { throw Unreadable(description: "its dates cannot be read") }
        // Nanoseconds since 1970 end in 2262; a certificate without end (9999, RFC 5280 section 4.1.2.5) is beyond.
        return UnixTime(seconds: Int64(min(date.timeIntervalSince1970, 9_000_000_000)))
    }

    /// Whether the private key of a PEM file is this certificate's; nil when its kind is not known here, so that the TLS library
    /// has to tell.
    func matches(key pem: [UInt8]) throws(Unreadable) -> Bool? {
        let text = String(decoding: pem, as: UTF8.self)
        let encrypted = Unreadable(description: "it is encrypted; store it without a password")
        // The old form (RFC 1421 section 4.6.1.1) has header lines inside, which the parser does not take.
        if text.contains("Proc-Type: 4,ENCRYPTED") { throw encrypted }
        guard let documents = try? PEMDocument.parseMultiple(pemString: text),
            let key = documents.first(where: { $0.discriminator.hasSuffix("PRIVATE KEY") })
        else { throw Unreadable(description: "there is no PEM private key in it") }
        guard key.discriminator != "ENCRYPTED PRIVATE KEY" else { throw encrypted }
        return Self.publicKey(of: Data(key.derBytes)).map { Array($0) == publicKey }
    }

    private static func publicKey(of der: Data) -> Data? {
        if let key = try? P256.Signing.PrivateKey(derRepresentation: der) { return key.publicKey.derRepresentation }
        if let key = try? P384.Signing.PrivateKey(derRepresentation: der) { return key.publicKey.derRepresentation }
        if let key = try? P521.Signing.PrivateKey(derRepresentation: der) { return key.publicKey.derRepresentation }
        if let key = try? _RSA.Signing.PrivateKey(derRepresentation: der) { return key.publicKey.derRepresentation }
        return ed25519(der)
    }

    /// RFC 8410 section 7: a fixed head, then the 32 bytes of the key.
    private static func ed25519(_ der: Data) -> Data? {
        let head: [UInt8] = [0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20]
        guard der.count == head.count + 32, der.starts(with: head),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: der.suffix(32))
        else { return nil }
        return Data([0x30, 0x2A, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 3, 0x21, 0]) + key.publicKey.rawRepresentation
    }
}
