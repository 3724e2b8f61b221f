import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL

/// The router on a listening socket, and how a client there is known.
struct PlatformServer {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The files of mutual TLS, PEM.
    struct TLSFiles: Hashable, Sendable {
        /// The server's certificate and its chain.
        var certificate: String
        var key: String
        /// The authority whose certificates a client must show.
        var clientCA: String
    }

    enum Door: Hashable, Sendable {
        /// Clients come themselves, over mutual TLS.
        case tls(host: String, port: Int, TLSFiles)
        /// A proxy on the same machine has verified them and hands on their certificate in a header.
        case proxy(path: String, header: HTTPField.Name)
    }

    let router: PlatformRouter
    let door: Door
    /// A connection on which nothing moves for so long is closed, in the middle of a handshake or a request, too: slow clients
    /// must not use up the descriptors. Longer than the minute between two polls of a gateway.
    var idleTimeout = TimeAmount.seconds(150)
    var logger = Logger(label: "footbridge-platform")

    /// Takes only clients with a certificate of the authority; the name in it is read by ``ClientIdentity``.
    static func tlsConfiguration(_ files: TLSFiles) throws -> TLSConfiguration {
        let chain = try read("certificate", files.certificate) { try NIOSSLCertificate.fromPEMFile(files.certificate) }
        let privateKey = try read("key", files.key) { try NIOSSLPrivateKey(file: files.key, format: .pem) }
        let authorities = try read("client CA", files.clientCA) { try NIOSSLCertificate.fromPEMFile(files.clientCA) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates(authorities)
        // An idle client does not answer the end of TLS; five seconds, the default, would be the length of each stop.
        configuration.shutdownTimeout = .milliseconds(500)
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch NIOSSLError.failedToLoadPrivateKey {
            throw Failure(
                description: "key \(files.key): is not the key of certificate \(files.certificate); give the one "
                    + "that its request was made with")
        } catch {
            throw Failure(description: "certificate \(files.certificate): cannot be used for TLS (\(error))")
        }
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
        let plain = HTTPServerBuilder.http1(configuration: .init(idleTimeout: idleTimeout))
        let identify: IdentityMiddleware.Identify
        let server: HTTPServerBuilder
        let address: BindAddress
        switch door {
        case .tls(let host, let port, let files):
            identify = { _, channel in try await ClientIdentity.gateway(of: channel) }
            server = try .tls(plain, tlsConfiguration: Self.tlsConfiguration(files))
            address = .hostname(host, port: port)
        case .proxy(let path, let header):
            try SocketFile(path: path).clear()
            identify = { request, _ in try ClientIdentity.gateway(header: header, of: request.headers) }
            server = plain
            address = .unixDomainSocket(path: path)
        }
        return Application(
            router: router.build(identify: identify), server: server, configuration: .init(address: address),
            onServerRunning: { channel in
                if case .proxy(let path, _) = door { SocketFile(path: path).restrict() }
                await onListening(channel.localAddress?.port ?? 0)
            },
            logger: logger)
    }
}
