import ArgumentParser
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Take batches and snapshots, and serve the subject feed, over mutual TLS.")

    @Option(
        help: ArgumentHelp(
            "Address to listen on with mutual TLS; port 0 chooses a free one. Or a socket for a proxy on this machine.",
            valueName: "host:port|unix:path"))
    var listen = ListenAddress.tcp(host: "127.0.0.1", port: 8443)

    @Option(help: ArgumentHelp("The server's certificate chain, PEM.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("The server's private key, PEM.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("The authority that signs the gateways' certificates, PEM.", valueName: "file"))
    var clientCa: String?

    @Option(
        help: ArgumentHelp(
            "With unix: the header in which the proxy hands on the client's certificate, URL-encoded PEM.",
            valueName: "name"))
    var identityHeader: String?

    @Option(help: ArgumentHelp("Where everything is kept.", valueName: StoreLocation.valueName))
    var store: StoreLocation

    @Option(
        help: ArgumentHelp(
            "The Ed25519 key that signs the subject feed; without it the store makes and keeps one.", valueName: "file")
    )
    var feedKey: String?

    @Option(help: "Entries in one page of the subject feed.")
    var pageSize = 500

    @Option(help: "Events in one batch.")
    var maxEvents = IngestLimits().maxEvents

    @Option(help: "Bytes of one body, unpacked.")
    var maxBytes = IngestLimits().maxBytes

    @Option(
        help: ArgumentHelp("Batches a second that this instance takes; more are asked to come later.", valueName: "n"))
    var capacity: Double?

    @Option(help: ArgumentHelp("Batches a second of one gateway.", valueName: "n"))
    var gatewayRate: Double?

    @Option(help: ArgumentHelp("Connections to PostgreSQL.", valueName: "n"))
    var connections = 8

    @Flag(help: "Also hold the data of each event against the shape of its type.")
    var strict = false

    @Option(name: .customLong("fault-503"), help: ArgumentHelp("Share of requests to answer 503.", valueName: "share"))
    var fault503 = 0.0

    @Option(help: ArgumentHelp("Share of writes to carry out and leave without an answer.", valueName: "share"))
    var faultDropAnswer = 0.0

    @Option(help: ArgumentHelp("Wait before each request.", valueName: "ms"))
    var faultLatency = 0

    @Option(help: ArgumentHelp("Retry-After of the 503 answers.", valueName: "s"))
    var faultRetryAfter = 1

    @Option(help: "Seed of the misbehaviour.")
    var faultSeed: UInt64 = 1

    func validate() throws {
        _ = try door()
        for (name, rate) in [("capacity", capacity), ("gateway-rate", gatewayRate)] {
            if let rate, !(rate > 0 && rate.isFinite) { throw ValidationError("--\(name) is more than 0") }
        }
        for (name, share) in [("fault-503", fault503), ("fault-drop-answer", faultDropAnswer)]
        where !(0...1).contains(share) {
            throw ValidationError("--\(name) is a share from 0 to 1")
        }
        for (name, value) in [
            ("page-size", pageSize), ("max-events", maxEvents), ("max-bytes", maxBytes),
            ("connections", connections),
        ]
        where value < 1 {
            throw ValidationError("--\(name) is at least 1")
        }
        for (name, value) in [("fault-latency", faultLatency), ("fault-retry-after", faultRetryAfter)]
        where value < 0 {
            throw ValidationError("--\(name) is not negative")
        }
    }

    /// Where clients come in. A header says who they are only on a socket that the network cannot reach.
    private func door() throws -> PlatformServer.Door {
        switch listen {
        case .tcp(let host, let port):
            guard identityHeader == nil else {
                throw ValidationError(
                    "--identity-header needs --listen unix:PATH: over TCP anybody could write it; there the client "
                        + "certificate says who it is")
            }
            guard let certificate, let key, let clientCa else {
                throw ValidationError("--listen \(host):\(port) needs --certificate, --key and --client-ca")
            }
            return .tls(host: host, port: port, .init(certificate: certificate, key: key, clientCA: clientCa))
        case .unix(let path):
            guard let name = identityHeader.flatMap({ HTTPField.Name($0) }) else {
                throw ValidationError("--listen unix:\(path) needs --identity-header NAME, the proxy's header")
            }
            guard certificate == nil, key == nil, clientCa == nil else {
                throw ValidationError(
                    "--certificate, --key and --client-ca are the proxy's business with --listen unix:\(path)")
            }
            return .proxy(path: path, header: name)
        }
    }

    func run() async throws {
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let door = try door()
        let store = try PlatformStore(store, connections: connections)
        let signingKey = if let feedKey { try FeedKey(path: feedKey) } else { try await store.feedKey() }
        let router = PlatformRouter(
            store: store, feedKey: signingKey, limits: IngestLimits(maxEvents: maxEvents, maxBytes: maxBytes),
            pageSize: pageSize, strict: strict,
            faults: FaultPlan(
                unavailable: fault503, dropAnswer: faultDropAnswer, latency: .milliseconds(faultLatency),
                retryAfter: faultRetryAfter, seed: faultSeed),
            admission: AdmissionGate(AdmissionPolicy(capacity: capacity, gatewayRate: gatewayRate)))
        var logger = Logger(label: "footbridge-platform")
        logger.logLevel = .notice
        let server = PlatformServer(router: router, door: door, logger: logger)
        let application = try server.application { [listen] port in
            try? StandardOutput.line("listening on \(listen.url(port: port))")
        }
        do {
            try await application.runService()
        } catch let error as IOError {
            throw listen.failure(error)
        } catch let error as SocketAddressError {
            throw listen.failure(error)
        }
    }
}
