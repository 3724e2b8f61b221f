package import POSFeed
import Receipts
import Subjects

/// The feeds of the tills: one for each till with a port of its own, one for each shared port.
struct TillFeeds {
    let configuration: Configuration
    let hasher: KeyedHasher?
    let clock: GatewayClock
    let sink: @Sendable (Document) -> Void
    let report: @Sendable (FeedNotice) -> Void

    /// - Throws: when a pattern cannot be used; a checked configuration has none.
    func readers() throws -> [FeedReader] {
        var readers: [FeedReader] = []
        for till in configuration.tills {
            guard let port = source(till.port, name: till.name, dialect: till.dialect) else { continue }
            readers.append(
                FeedReader(
                    till: TillID(till.name), port: port, decoder: try decoder(till), clock: clock, sink: sink,
                    report: report))
        }
        for feed in configuration.feeds {
            let lines = try configuration.tills.compactMap { till -> TillLine? in
                guard case .feed(feed.name, let prefix) = till.port else { return nil }
                return TillLine(till: TillID(till.name), decoder: try decoder(till), prefix: prefix)
            }
            let dialect = configuration.tills.first { if case .feed(feed.name, _) = $0.port { true } else { false } }?
                .dialect
            guard let dialect, let port = source(feed.port, name: feed.name, dialect: dialect) else { continue }
            readers.append(
                try FeedReader(
                    name: TillID(feed.name), port: port, lines: lines, clock: clock, sink: sink, report: report))
        }
        return readers
    }

    private func decoder(_ till: Configuration.Till) throws -> ReceiptDecoder {
        var port = till.port
        if case .feed(let name, _) = port, let feed = configuration.feeds.first(where: { $0.name == name }) {
            port = feed.port
        }
        return try ReceiptDecoder(
            ReceiptSettings.decoder(
                till, configuration, hasher: hasher, startsSynchronised: port.startsSynchronised))
    }

    /// nil for a till on a shared feed.
    private func source(_ port: Configuration.Till.Port, name: String, dialect: Configuration.Till.Dialect)
        -> PortSource?
    {
        let position = "\(configuration.gateway.stateDirectory)/journal-\(name).json"
        return PortSource(port, positionPath: position, dialect: dialect)
    }
}

extension PortSource {
    /// - Parameters:
    ///   - positionPath: where the position in a journal is remembered.
    ///   - dialect: whose printer is played where tills connect to this box.
    /// - Returns: nil for a till on a shared feed.
    package init?(_ port: Configuration.Till.Port, positionPath: String?, dialect: Configuration.Till.Dialect) {
        switch port {
        case .tty(let path, let baud, let dataBits, let parity, let stopBits):
            self = .tty(path: path, settings: LineSettings(baud, dataBits, parity, stopBits))
        case .usb(let numbers, let interface, let baud, let dataBits, let parity, let stopBits):
            guard let adapter = USBAdapter(numbers, interface: interface) else { return nil }
            self = .usb(adapter, settings: LineSettings(baud, dataBits, parity, stopBits))
        case .listen(let address, let allow, let mode, let forward, let maximumConnections):
            guard let address = NetworkAddress(address) else { return nil }
            self = .listen(
                PrinterSettings(
                    address: address, allow: allow.compactMap { AddressRange($0) },
                    mode: mode == .tap ? .tap : .printer, forward: forward.flatMap { NetworkAddress($0) },
                    maximumConnections: maximumConnections, dialect: Dialect(rawValue: dialect.rawValue) ?? .escpos))
        case .connect(let address):
            guard let address = NetworkAddress(address) else { return nil }
            self = .connect(address)
        case .file(let path, let from):
            self = .file(path: path, tail: TailSettings(positionPath: positionPath, fromStart: from == .start))
        case .capture(let path, let bytesPerSecond):
            self = .capture(path: path, bytesPerSecond: bytesPerSecond)
        case .feed: return nil
        }
    }
}

extension LineSettings {
    fileprivate init(_ baud: Int, _ dataBits: Int, _ parity: Configuration.Till.Parity, _ stopBits: Int) {
        let parity: Parity =
            switch parity {
            case .none: .none
            case .even: .even
            case .odd: .odd
            case .mark: .mark
            case .space: .space
            }
        self.init(baud: baud, dataBits: dataBits, parity: parity, stopBits: stopBits)
    }
}

extension Configuration.Till.Port {
    /// A capture, a connection and a journal begin with a document; a line was just attached and may be in the middle of
    /// one.
    var startsSynchronised: Bool {
        switch self {
        case .capture, .listen: true
        case .file(_, let from): from == .start
        case .tty, .usb, .connect, .feed: false
        }
    }
}
