package import Outbox
import POSFeed
import Radio
import Subjects
import Uplink

// The configuration in the words of the rooms that do I/O.

extension RadioSource {
    /// Throws for a text that the configuration would have refused.
    init(_ source: Configuration.Radio.Source) throws(AdapterSelectorError) {
        switch source {
        case .btsnoop(let path, let speed): self = .btsnoop(path: path, speed: speed)
        case .h4(let path): self = .h4Socket(path: path)
        case .adapter(let text, let mode, let active):
            let mode: ScanMode =
                switch mode {
                case .exclusive: .exclusive
                case .shared: .shared
                case .raw: .raw
                }
            self = .adapter(try AdapterSelector(text), mode: mode, active: active)
        }
    }
}

extension OutboxConfiguration {
    init(
        _ configuration: Configuration, progress: @escaping @Sendable (OpeningProgress) -> Void = { _ in },
        stamp: @escaping @Sendable () -> EventStamp
    ) {
        self.init(
            path: configuration.queue.path, gateway: configuration.gateway.id,
            maximumBytes: Int64(configuration.queue.maxBytes),
            maximumAge: configuration.queue.maxAge, ballastBytes: Int64(configuration.queue.ballast), stamp: stamp)
        self.progress = progress
    }

    /// For a command that changes the queue of a gateway that does not run.
    package static func offline(_ configuration: Configuration) -> OutboxConfiguration {
        let clock = GatewayClock()
        let bootID = BoxIdentity.kernelBootID()
        return OutboxConfiguration(configuration) { EventStamp(clock.reading(), bootID: bootID) }
    }
}

extension EventStamp {
    init(_ reading: (moment: Moment, state: ClockState), bootID: String) {
        self.init(
            wallNanoseconds: reading.moment.wall.nanoseconds, time: reading.moment.wall.rfc3339(), bootID: bootID,
            monotonicNanoseconds: Int64((reading.moment.monotonic / .nanoseconds(1)).rounded()),
            wallIsTrusted: reading.state == .synchronised)
    }
}

extension UplinkConfiguration {
    init(_ configuration: Configuration, verifier: FeedVerifier, position: FeedPosition?, bootID: String?) {
        let platform = configuration.platform
        self.init(
            https: HTTPSClient.Configuration(
                url: platform.url, certificate: platform.certificate, key: platform.key, authorities: platform.ca,
                proxy: platform.proxy.map { .init(url: $0.url, credentialsFile: $0.credentialsFile) },
                minimumTLS: platform.minimumTLS == .tls13 ? .tls13 : .tls12,
                connectTimeout: platform.connectTimeout, timeout: platform.timeout,
                connectionAge: platform.connectionAge,
                userAgent: "footbridge/\(GatewayVersion.text)"),
            policy: SyncPolicy(
                maximumEvents: platform.batch.maxEvents, maximumBytes: platform.batch.maxBytes,
                maximumAge: platform.batch.maxAge, maximumPerMinute: platform.batch.maxPerMinute,
                startJitter: platform.startJitter, reconnectJitter: platform.reconnectJitter,
                compression: CodingChoice.Preference(platform.compression)),
            verifier: verifier, pollInterval: platform.pollInterval, position: position,
            bootID: bootID)
    }
}

extension CodingChoice.Preference {
    fileprivate init(_ compression: Configuration.Compression) {
        self =
            switch compression {
            case .auto: .auto
            case .gzip: .gzip
            case .zstd: .zstd
            case .none: .none
            }
    }
}
