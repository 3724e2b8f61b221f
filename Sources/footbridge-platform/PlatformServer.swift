import Foundation
import Hummingbird
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL

/// Mutual TLS around the router.
struct PlatformServer {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let router: PlatformRouter
    let listen: ListenAddress
    /// PEM file: the server's certificate and its chain.
    let certificate: String
    /// PEM file.
    let key: String
    /// PEM file: the authority whose certificates a client must show.
    let clientCA: String
    /// A connection on which nothing moves for so long is closed, in the middle of a handshake or a request, too: slow clients
    /// must not use up the descriptors. Longer than the minute between two polls of a gateway.
    var idleTimeout = TimeAmount.seconds(150)
    var logger = Logger(label: "footbridge-platform")

    /// Takes only clients with a certificate of the authority; the name in it is read by ``ClientIdentity``.
    func tlsConfiguration() throws -> TLSConfiguration {
        let chain = try Self.read("certificate", certificate) { try NIOSSLCertificate.fromPEMFile(certificate) }
        let privateKey = try Self.read("key", key) { try NIOSSLPrivateKey(file: key, format: .pem) }
        let authorities = try Self.read("client CA", clientCA) { try NIOSSLCertificate.fromPEMFile(clientCA) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates(authorities)
        // An idle client does not answer the end of TLS; five seconds, the default, would be the length of each stop.
        configuration.shutdownTimeout = .milliseconds(500)
        return configuration
    }

    private static func read<Value>(_ what: String, _ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw Failure(description: "\(what) \(path): is not a readable PEM file (\(error))")
        }
    }

    /// - Parameter onListening: called with the real port once connections are taken.
    func application(
        onListening: @escaping @Sendable (_ port: Int) async -> Void
    ) throws -> some ApplicationProtocol {
        Application(
            router: router.build { _, channel in try await ClientIdentity.gateway(of: channel) },
            server: try .tls(
                .http1(configuration: .init(idleTimeout: idleTimeout)), tlsConfiguration: try tlsConfiguration()),
            configuration: .init(address: .hostname(listen.host, port: listen.port)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
    }
}
