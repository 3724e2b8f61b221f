import ArgumentParser
import Hummingbird
import Logging

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Take batches and snapshots, and serve the subject feed, over mutual TLS.")

    @Option(help: ArgumentHelp("Address to listen on; port 0 chooses a free one.", valueName: "host:port"))
    var listen = ListenAddress(host: "127.0.0.1", port: 8443)

    @Option(help: ArgumentHelp("The server's certificate chain, PEM.", valueName: "file"))
    var certificate: String

    @Option(help: ArgumentHelp("The server's private key, PEM.", valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp("The authority that signs the gateways' certificates, PEM.", valueName: "file"))
    var clientCa: String

    @Option(help: ArgumentHelp("Where everything is kept.", valueName: "sqlite:file"))
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
        for (name, share) in [("fault-503", fault503), ("fault-drop-answer", faultDropAnswer)]
        where !(0...1).contains(share) {
            throw ValidationError("--\(name) is a share from 0 to 1")
        }
        for (name, value) in [("page-size", pageSize), ("max-events", maxEvents), ("max-bytes", maxBytes)]
        where value < 1 {
            throw ValidationError("--\(name) is at least 1")
        }
        for (name, value) in [("fault-latency", faultLatency), ("fault-retry-after", faultRetryAfter)]
        where value < 0 {
            throw ValidationError("--\(name) is not negative")
        }
    }

    func run() async throws {
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let store = try PlatformStore(store)
        let signingKey = try feedKey.map { try FeedKey(path: $0) } ?? store.feedKey()
        let router = PlatformRouter(
            store: store, feedKey: signingKey, limits: IngestLimits(maxEvents: maxEvents, maxBytes: maxBytes),
            pageSize: pageSize, strict: strict,
            faults: FaultPlan(
                unavailable: fault503, dropAnswer: faultDropAnswer, latency: .milliseconds(faultLatency),
                retryAfter: faultRetryAfter, seed: faultSeed))
        var logger = Logger(label: "footbridge-platform")
        logger.logLevel = .notice
        let host = listen.host
        let server = PlatformServer(
            router: router, listen: listen, certificate: certificate, key: key, clientCA: clientCa, logger: logger)
        try await server.application { port in
            try? StandardOutput.line("listening on https://\(ListenAddress.authority(host, port))")
        }.runService()
    }
}
