import ArgumentParser
import Gateway
import POSFeed
import Receipts
import Subjects
import Synchronization
import Threads

/// What a technician's command says about the till that it is for.
struct TillLineOptions: ParsableArguments {
    @Argument(help: "The till's name in the configuration.")
    var name: String

    @Option(name: .long, help: "The configuration file.")
    var config: String

    @Option(name: .long, help: "Read a recording, plain or masked, in place of the port.")
    var capture: String?
}

/// The till of a technician's command: its feed as the configuration describes it, or a recording in its place.
struct TillLineFeed {
    /// The clocks of the box.
    struct Clock: FeedClock {
        private let clock = GatewayClock()

        func now() -> Moment { clock.reading().moment }
        func realDelay(_ simulated: Duration) -> Duration { simulated }
    }

    let configuration: Configuration
    let till: Configuration.Till
    let decoder: ReceiptDecoderConfiguration
    let port: PortSource

    /// - Throws: exit codes, after saying what is wrong.
    init(_ options: TillLineOptions) throws {
        let (config, name, capture) = (options.config, options.name, options.capture)
        let configuration = try ConfigurationFile.load(config)
        self.configuration = configuration
        guard let till = configuration.tills.first(where: { $0.name == name }) else {
            let names = configuration.tills.map(\.name).joined(separator: ", ")
            complain("there is no till \"\(name)\" in \(config); the tills are \(names.isEmpty ? "none" : names)")
            throw ExitCode.validationFailure
        }
        self.till = till
        decoder = try ReceiptSettings.decoder(
            till, configuration, hasher: Self.throwawayHasher(), startsSynchronised: capture != nil)
        var source = till.port
        if case .feed(let feed, _) = source, let shared = configuration.feeds.first(where: { $0.name == feed }) {
            source = shared.port
        }
        // A technician's look never moves the daemon's place in a journal.
        guard
            let port = capture.map({ .capture(path: $0, bytesPerSecond: nil) })
                ?? PortSource(source, positionPath: nil, dialect: till.dialect)
        else {
            complain("till \(name): its port cannot be used; run footbridge check")
            throw ExitStatus.configuration
        }
        self.port = port
    }

    /// A feed of the till; on a shared port, of this till only.
    func reader(
        sink: @escaping @Sendable (Document) -> Void, report: @escaping @Sendable (FeedNotice) -> Void
    ) throws -> FeedReader {
        var prefix: String?
        if case .feed(_, let pattern) = till.port { prefix = pattern }
        return try FeedReader(
            name: TillID(till.name), port: port,
            lines: [TillLine(till: TillID(till.name), decoder: try ReceiptDecoder(decoder), prefix: prefix)],
            clock: Clock(), sink: sink, report: report)
    }

    /// Takes customers' codes and cashiers' names out of the lines; its hashes are nobody's.
    static func throwawayHasher() -> KeyedHasher {
        KeyedHasher(key: (0..<32).map { _ in UInt8.random(in: 0...255) })
    }

    /// What went wrong with the port, for a command that cannot go on without it; nil for what mends itself.
    static func failure(_ notice: FeedNotice) -> String? {
        guard case .waiting(_, let error) = notice else { return nil }
        if case .busy(_, let holder) = error, holder?.hasPrefix("footbridge") ?? true {
            return "\(error); if it is the daemon: systemctl stop footbridge, or look at footbridge status"
        }
        return "\(error)"
    }
}

/// Things from a feed's thread, awaited by a command.
final class TillEvents<Element: Sendable>: Sendable {
    private let waiting = Mutex<[Element]>([])
    private let bell = Doorbell()

    func add(_ element: Element) {
        waiting.withLock { $0.append(element) }
        bell.ring()
    }

    /// What has come, after waiting for the first of it for at most `timeout`.
    func take(timeout: Duration) -> [Element] {
        if waiting.withLock({ $0.isEmpty }) { bell.wait(timeout: timeout) }
        return waiting.withLock { elements in
            defer { elements = [] }
            return elements
        }
    }
}
