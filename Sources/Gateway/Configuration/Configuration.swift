package import Receipts
import Subjects

/// What the configuration file of a gateway says, with every default filled in. Plain values: other rooms' settings are
/// made from them by the gateway.
///
/// Paths are absolute: a relative path in the file counts from the folder of the file. docs/configure.md describes every
/// key.
package struct Configuration: Hashable, Sendable {
    package var gateway: Gateway
    package var store: Store
    package var platform: Platform
    package var subjects: Subjects
    package var radios: [Radio]
    package var zones: [Zone]
    package var feeds: [Feed] = []
    package var tills: [Till]
    package var visits: Visits
    package var matching: Matching
    package var queue: Queue
    package var privacy: Privacy
    /// Where the values stand in the file, for mistakes that are noticed only when a value is used.
    package var origin: Origin

    /// The folder of the queue and the control socket, unless `gateway.state_directory` says otherwise.
    package static let defaultStateDirectory = "/var/lib/footbridge"
    /// Where `footbridge status` asks when it is told neither a file nor a socket.
    package static let defaultControlSocket = "\(defaultStateDirectory)/control.sock"

    /// The box itself (`gateway`).
    package struct Gateway: Hashable, Sendable {
        /// 1 to 64 of `A-Z a-z 0-9 . _ -`; the certificate carries it as `urn:footbridge:gateway:ID`.
        package var id: String
        package var stateDirectory: String = Configuration.defaultStateDirectory
        /// At most 107 bytes. Default: `control.sock` in the state directory.
        package var controlSocket: String = Configuration.defaultControlSocket
        package var logLevel: LogLevel = .info
    }

    /// The levels of swift-log.
    package enum LogLevel: String, CaseIterable, Sendable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// The store that the box stands in (`store`).
    package struct Store: Hashable, Sendable {
        /// The retailer's own code of the store, 1 to 64 characters, taken letter by letter: `0042` stays `0042`.
        package var code: String
        /// An IANA name such as `Europe/Berlin`.
        package var timeZone: String
        /// ISO 4217, for tills that name no currency of their own.
        package var currency: String?
        package var name: String?
    }

    /// Who opted in (`subjects`).
    package struct Subjects: Hashable, Sendable {
        /// File with the retailer key in hexadecimal digits: see `hashKey()`.
        package var hashKeyFile: String?
        /// Bits (0 to 127) that the retailer's app sets in Apple's overflow mask.
        package var overflowBits: [Int] = []
        /// File of feed pages, one JWS a line, for stores without a line to the platform.
        package var file: String?
    }

    /// One adapter (`radios[]`).
    package struct Radio: Hashable, Sendable {
        package var name: String
        package var source: Source

        package enum Source: Hashable, Sendable {
            /// A capture; `speed` 1 is its own time, 2 twice as fast, 0 as fast as it goes.
            case btsnoop(path: String, speed: Double)
            /// A unix socket that carries an H4 byte stream.
            case h4(path: String)
            /// An adapter of the kernel: `hci0`, its address, or `usb:` and its port. `active`: it asks for scan
            /// responses; not in mode `shared`.
            case adapter(String, mode: Mode, active: Bool)
        }

        /// How the radio shares its adapter with the rest of the box.
        package enum Mode: String, CaseIterable, Sendable {
            case exclusive, shared, raw
        }
    }

    /// An area of the store (`zones[]`).
    package struct Zone: Hashable, Sendable {
        package var name: String
        package var kind: Kind
        /// Names of `radios`, at least one.
        package var radios: [String]
        /// Names of `tills`; only in zones of kind `till`, and there at least one.
        package var tills: [String] = []
        /// nil = `visits.enter_dbm`.
        package var enterDBm: Double?
        /// nil = `visits.leave_dbm`.
        package var leaveDBm: Double?

        package enum Kind: String, CaseIterable, Sendable {
            case outside, entrance, floor, till
        }
    }

    /// One POS workstation and its printer line (`tills[]`).
    package struct Till: Hashable, Sendable {
        package var name: String
        package var port: Port
        package var dialect: Dialect = .escpos
        /// The printer profile that says what `ESC t n` selects: a name of `CodePageProfile`.
        package var codePages: String = "epson"
        /// Numbers of `ESC t n` that mean another page on this printer than in the profile.
        package var codePageNumbers: [CodePageNumber] = []
        /// ISO 4217: the till's own or the store's.
        package var currency: String
        /// Whether 03/04 on a receipt is the third of April.
        package var dayFirst: Bool = false
        /// Silence after which a document is set aside as pending.
        package var softIdle: Duration = .seconds(3)
        /// Silence after which a document is over.
        package var hardIdle: Duration = .seconds(60)
        /// How long it may say nothing while the other tills sell before that is an alarm.
        package var silenceAfter: Duration = .seconds(3_600)
        /// What divides one document from the next.
        package var documents = Documents()
        package var patterns = Patterns()
        /// Which characters group and divide the digits of amounts.
        package var decimals = DecimalStyle.automatic
        /// Files of templates, absolute.
        package var templates: [String] = []
        /// The retailer's codes on this till's receipts.
        package var codes: [CodePattern] = []

        package enum Port: Hashable, Sendable {
            case tty(path: String, baud: Int, dataBits: Int, parity: Parity, stopBits: Int)
            /// A USB adapter by its numbers `VVVV:PPPP`; `interface` for adapters with several lines.
            case usb(numbers: String, interface: Int?, baud: Int, dataBits: Int, parity: Parity, stopBits: Int)
            /// The box plays a network printer. Addresses are `IP:PORT`, `allow` holds ranges in CIDR notation.
            case listen(address: String, allow: [String], mode: Mode, forward: String?, maximumConnections: Int)
            /// A journal feed that the box connects to, `IP:PORT`.
            case connect(address: String)
            /// A journal file that grows.
            case file(path: String, from: Start)
            /// A capture; nil = as fast as it goes.
            case capture(path: String, bytesPerSecond: Int?)
            /// One of several tills on a feed of `feeds`; `prefix` is a regular expression at the start of its lines.
            case feed(name: String, prefix: String)
        }

        package enum Parity: String, CaseIterable, Sendable {
            case none, even, odd, mark, space
        }

        /// Whether the box answers as a printer, or only takes a copy.
        package enum Mode: String, CaseIterable, Sendable {
            case printer, tap
        }

        /// Where a journal that was never read before is begun.
        package enum Start: String, CaseIterable, Sendable {
            case start, end
        }

        package enum Dialect: String, CaseIterable, Sendable {
            case escpos
            case starLine = "star-line"
            case starPRNT = "star-prnt"
            case text, ndjson
            case poslogXML = "poslog-xml"
        }
    }

    /// A port that several tills share (`feeds[]`).
    package struct Feed: Hashable, Sendable {
        package var name: String
        package var port: Till.Port
    }

    /// Regular expressions (ICU syntax) that find values on a receipt, tried in order before the general rules
    /// (`tills[].patterns`). Each has exactly one group, which holds the value; those of `total` find the line and may
    /// have none.
    package struct Patterns: Hashable, Sendable {
        package var number: [String] = []
        package var date: [String] = []
        package var total: [String] = []
        package var loyalty: [String] = []
        package var coupon: [String] = []
        package var order: [String] = []
        package var cashier: [String] = []

        /// Whether they find something that leaves the box only as a keyed hash.
        package var extractKeys: Bool { !(loyalty.isEmpty && coupon.isEmpty && order.isEmpty && cashier.isEmpty) }
    }

    /// What makes a visit (`visits`); the defaults are those of the Visits room.
    package struct Visits: Hashable, Sendable {
        package var enterDBm: Double = -70
        package var leaveDBm: Double = -80
        package var smoothing: Duration = .seconds(2)
        package var zoneHysteresisDB: Double = 3
        package var visitor: Duration = .seconds(120)
        package var engaged: Duration = .seconds(600)
        package var gapMinimum: Duration = .seconds(30)
        package var gapFactor: Double = 6
        package var gapMaximum: Duration = .seconds(900)
        package var merge: Duration = .seconds(900)
        package var maximum: Duration = .seconds(14_400)
        package var definitionVersion: String = "footbridge-1"
    }

    /// How receipts find visits (`matching`).
    package struct Matching: Hashable, Sendable {
        /// Least probability of a link by place and time.
        package var threshold: Double = 0.8
        /// Expected share of shoppers who opted in.
        package var optInShare: Double = 0.15
        /// Time between a receipt and the decision, for sightings that come late.
        package var decisionDelay: Duration = .seconds(60)
    }

    /// The durable queue (`queue`).
    package struct Queue: Hashable, Sendable {
        /// Default: `queue.sqlite` in the state directory.
        package var path: String
        package var maxBytes: Int = 1 << 30
        package var maxAge: Duration = .seconds(62 * 86_400)
        /// Disk space kept in reserve beside the queue; 0 keeps none.
        package var ballast: Int = 16 << 20
        /// The longest that an event waits for its commit.
        package var commitInterval: Duration = .milliseconds(250)
        /// So many events are committed without waiting.
        package var commitCount: Int = 100
    }

    /// What leaves the store (`privacy`).
    package struct Privacy: Hashable, Sendable {
        /// Whether receipts carry their item lines to the platform.
        package var storeItemLines: Bool = true
        /// First digits of the retailer's own cards: numbers that begin like this are no payment cards and stay readable
        /// for the loyalty patterns.
        package var ownCardPrefixes: [String] = []
        /// Whether `footbridge radio capture --all` may record what strangers' devices send, for a fault that cannot be
        /// found otherwise. It still needs root, and says so in the file's mode: 0600.
        package var allowFullCapture: Bool = false
    }

    /// Where a configuration came from.
    package struct Origin: Hashable, Sendable {
        /// The file as the operator named it.
        package var file: String
        /// Positions by path, for example `tills[0].port.tty`.
        var positions: [String: SourcePosition]
        /// What is allowed but surely not meant, in the order of the file: for `footbridge check` and the log.
        package var warnings: [ConfigurationMistake]
    }

    /// A mistake in a value that was noticed later than at loading: a key file with the wrong content, a profile that
    /// another room does not know. Points at the value, or at the section around it when the file leaves it out.
    package func mistake(at path: String, _ problem: String, _ remedy: String) -> ConfigurationMistake {
        ConfigurationMistake(
            file: origin.file, position: ConfigurationCollector.position(of: path, in: origin.positions), path: path,
            problem: problem, remedy: remedy)
    }
}
