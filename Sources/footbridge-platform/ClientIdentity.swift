import Foundation
import HTTPTypes
import NIOCore
import NIOSSL
import PlatformAPI
import SwiftASN1
import X509

/// Who the client is: the single SAN URI `urn:footbridge:gateway:ID` of the certificate that TLS has verified. Nothing
/// in a request can say otherwise.
enum ClientIdentity {
    /// The gateway id of a connection whose handshake is done.
    static func gateway(of channel: any Channel) async throws -> String {
        guard let certificate = try await channel.nioSSL_peerCertificate().get() else {
            throw refusal("the client showed no certificate")
        }
        return try gateway(der: certificate.toDERBytes())
    }

    /// The gateway id of the certificate that a proxy has verified and hands on as URL-encoded PEM (nginx's
    /// `$ssl_client_escaped_cert`). Only for a socket that none but the proxy can reach: anybody can write a header.
    static func gateway(header name: HTTPField.Name, of fields: HTTPFields) throws -> String {
        let values = fields[values: name]
        guard values.count == 1, !values[0].isEmpty else {
            throw refusal("the proxy handed on \(values.isEmpty ? "no" : "not exactly one") client certificate")
        }
        guard values[0].utf8.count <= 64 * 1024, let text = values[0].removingPercentEncoding,
            let document = try? PEMDocument(pemString: text)
        else { throw refusal("the proxy's header is not a certificate in URL-encoded PEM") }
        return try gateway(der: document.derBytes)
    }

    /// The gateway id in a certificate.
    static func gateway(der: [UInt8]) throws -> String {
        guard let certificate = try? Certificate(derEncoded: der),
            let names = try? certificate.extensions.subjectAlternativeNames
        else { throw refusal("the client certificate has no subject alternative name") }
        let uris: [String] = names.compactMap { name in
            if case .uniformResourceIdentifier(let uri) = name { uri } else { nil }
        }
        guard uris.count == 1, let gateway = GatewayName.id(urn: uris[0]) else {
            throw refusal("the client certificate needs exactly one SAN URI, \(GatewayName.urnPrefix)ID")
        }
        return gateway
    }

    private static func refusal(_ detail: String) -> PlatformProblem {
        PlatformProblem(.noIdentity, 403, "The client is no gateway", detail: detail)
    }
}
