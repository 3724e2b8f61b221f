package import Receipts

/// Where a till's printer bytes come from.
package enum PortSource: Hashable, Sendable {
    /// A serial port; by-path names survive re-plugging, ttyUSB numbers do not.
    case tty(path: String, settings: LineSettings)
    /// A USB serial adapter by its numbers.
    case usb(USBAdapter, settings: LineSettings)
    /// Tills connect to this box, as they would to a network printer.
    case listen(PrinterSettings)
    /// This box connects to a journal feed.
    case connect(NetworkAddress)
    /// A journal file that grows.
    case file(path: String, tail: TailSettings)
    /// A file of printer bytes, read once: at `bytesPerSecond` in simulated time, or as fast as it goes.
    case capture(path: String, bytesPerSecond: Int?)

    /// What messages name.
    package var path: String {
        switch self {
        case .tty(let path, _), .file(let path, _), .capture(let path, _): path
        case .usb(let adapter, _): "usb \(adapter)"
        case .listen(let settings): settings.address.description
        case .connect(let address): address.description
        }
    }
}

/// How a network printer is played (`listen`).
package struct PrinterSettings: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// A copy of what goes to the real printer is sent here; nothing is ever answered.
        case tap
        /// The till takes this box for its printer: status requests are answered, or `forward`ed with everything else.
        case printer
    }

    /// The only address that is bound.
    package var address: NetworkAddress
    /// Who may connect.
    package var allow: [AddressRange]
    package var mode: Mode
    /// The real printer, which gets every byte and gives the answers.
    package var forward: NetworkAddress?
    /// Connections at a time; one more takes the place of the one that has been silent longest, if for a minute.
    package var maximumConnections: Int
    /// Whose status requests are answered.
    package var dialect: Dialect

    package init(
        address: NetworkAddress, allow: [AddressRange], mode: Mode = .printer, forward: NetworkAddress? = nil,
        maximumConnections: Int = 8, dialect: Dialect = .escpos
    ) {
        self.dialect = dialect
        self.address = address
        self.allow = allow
        self.mode = mode
        self.forward = forward
        self.maximumConnections = maximumConnections
    }
}

/// How a growing file is read.
package struct TailSettings: Hashable, Sendable {
    /// The file that remembers how far the journal was read; nil = nobody remembers.
    package var positionPath: String?
    /// Whether a journal that was never read before is read from its start, not from its present end.
    package var fromStart: Bool
    /// How old a position must be before it is remembered: by then what stood before it is in the queue on disk. After a
    /// power cut rather a little is read twice than lost.
    package var settled: Duration

    package init(positionPath: String? = nil, fromStart: Bool = false, settled: Duration = .seconds(15)) {
        self.positionPath = positionPath
        self.fromStart = fromStart
        self.settled = settled
    }
}
