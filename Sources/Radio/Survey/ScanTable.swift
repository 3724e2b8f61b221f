package import Advertising
package import Subjects

/// What `radio scan` shows: our subjects and beacons one by one, strangers as one number unless asked otherwise. A
/// value in memory, bounded, without I/O.
package struct ScanTable: Sendable {
    /// What is shown of strangers.
    package enum Strangers: Hashable, Sendable {
        /// Their reports as one number.
        case counted
        /// A line each, under a name of this run.
        case aliased
        /// A line each, under the address that they send.
        case addressed
    }

    /// One device.
    package struct Row: Sendable {
        /// `person 1`, `staff 2`, the id of a beacon, or what is shown of a stranger.
        package var name: String
        /// nil = a stranger.
        package var kind: SubjectKind?
        /// By receiver.
        package var levels: [ReceiverID: SmoothedLevel] = [:]
        package var reports = 0
        /// What it sends, as far as it is known: `ibeacon`, `eddy-eid`.
        package var format: String?
        /// Millivolts, from Eddystone-TLM.
        package var battery: UInt16?
        /// When it was last heard, on the monotonic clock.
        package var heard: Duration

        /// The receiver that hears it loudest, of those that heard it in the last ten seconds before it was last heard.
        package var loudest: (receiver: ReceiverID, level: SmoothedLevel)? {
            levels.filter { heard - $0.value.heard <= ScanTable.fresh }
                .max { ($0.value.dBm, $1.key) < ($1.value.dBm, $0.key) }.map { ($0.key, $0.value) }
        }
    }

    private enum Key: Hashable {
        case subject(SubjectID)
        case stranger(AddressType, BluetoothAddress)
    }

    private struct Sender: Hashable {
        var type: AddressType
        var address: BluetoothAddress
    }

    /// Rows at most, of either kind; whoever was silent longest makes room.
    package static let maximumRows = 500
    static let fresh = Duration.seconds(10)
    static let smoothing = Duration.seconds(2)

    private let strangers: Strangers
    private var rowsByKey: [Key: Row] = [:]
    private var numbers: [SubjectKind: Int] = [:]
    private var aliases = RunAliases()
    private var random: any RandomNumberGenerator & Sendable
    /// Whose beacon sends from this address: telemetry comes in advertisements of its own, without an identifier.
    private var beacons: [Sender: SubjectID] = [:]
    /// All reports, ours and others'.
    package private(set) var reports = 0
    package private(set) var strangerReports = 0

    package init(
        _ strangers: Strangers, random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.strangers = strangers
        self.random = random
    }

    /// Takes one advertisement. See `ReportObserver`.
    package mutating func observe(
        _ report: AdvertisingReport, _ data: Span<UInt8>, whose: Resolution, by receiver: ReceiverID, at: Duration
    ) {
        reports += 1
        let sender = Sender(type: report.addressType, address: report.address)
        if case .subject(let subject, let kind) = whose {
            if kind == .fixture, report.addressType != .anonymous {
                if beacons.count >= Self.maximumRows { beacons.removeAll() }
                beacons[sender] = subject
            }
            hear(.subject(subject), kind, report, data, receiver, at)
        } else if let subject = beacons[sender], let battery = Self.battery(data) {
            rowsByKey[.subject(subject)]?.battery = battery
        } else {
            strangerReports += 1
            guard strangers != .counted, report.addressType != .anonymous else { return }
            hear(.stranger(report.addressType, report.address), nil, report, data, receiver, at)
        }
    }

    private mutating func hear(
        _ key: Key, _ kind: SubjectKind?, _ report: AdvertisingReport, _ data: Span<UInt8>, _ receiver: ReceiverID,
        _ at: Duration
    ) {
        var row = rowsByKey[key] ?? makeRow(key, kind, at)
        row.reports += 1
        row.heard = max(row.heard, at)
        if row.format == nil { row.format = Self.format(data) }
        if let battery = Self.battery(data) { row.battery = battery }
        if let rssi = report.rssi {
            row.levels[receiver]?.hear(rssi, at: at, smoothing: Self.smoothing)
            if row.levels[receiver] == nil { row.levels[receiver] = SmoothedLevel(rssi, at: at) }
        }
        rowsByKey[key] = row
    }

    private mutating func makeRow(_ key: Key, _ kind: SubjectKind?, _ at: Duration) -> Row {
        if rowsByKey.count >= Self.maximumRows, let oldest = rowsByKey.min(by: { $0.value.heard < $1.value.heard }) {
            rowsByKey[oldest.key] = nil
        }
        let name: String
        switch key {
        case .subject(let subject):
            if kind == .fixture {
                // A thing of the retailer with a label on it: its id is what the technician looks for. It may
                // hold anything, also what a terminal would obey.
                name = String(
                    subject.rawValue.map { $0.isASCII && !$0.isWhitespace && $0 > " " && $0 < "\u{7f}" ? $0 : "?" })
            } else {
                let kind = kind ?? .person
                let number = (numbers[kind] ?? 0) + 1
                numbers[kind] = number
                name = "\(kind.rawValue) \(number)"
            }
        case .stranger(let type, let address):
            name = strangers == .addressed ? address.text : alias(of: address, type)
        }
        return Row(name: name, kind: kind, heard: at)
    }

    private mutating func alias(of address: BluetoothAddress, _ type: AddressType) -> String {
        var generator = AnyGenerator(base: random)
        defer { random = generator.base }
        return aliases.name(of: address, type, using: &generator)
    }

    /// Ours first (people, staff, beacons in the order of their names), then strangers, the loudest first.
    package var rows: [Row] {
        rowsByKey.values.sorted { left, right in
            if (left.kind == nil) != (right.kind == nil) { return right.kind == nil }
            if left.kind != nil {
                return (left.kind?.rawValue ?? "", left.name.count, left.name)
                    < (right.kind?.rawValue ?? "", right.name.count, right.name)
            }
            return (left.loudest?.level.dBm ?? -200, right.name) > (right.loudest?.level.dBm ?? -200, left.name)
        }
    }

    private static func format(_ data: Span<UInt8>) -> String? {
        for frame in FrameDecoder.decode(data, isWhole: false).frames {
            switch frame {
            case .iBeacon: return "ibeacon"
            case .altBeacon: return "altbeacon"
            case .eddystoneUID: return "eddy-uid"
            case .eddystoneURL: return "eddy-url"
            case .eddystoneEID: return "eddy-eid"
            case .appleOverflow: return "overflow"
            case .serviceData(let uuid, _): return "svc \(uuid.shortText.prefix(4))"
            case .eddystoneTLM: continue
            }
        }
        return nil
    }

    private static func battery(_ data: Span<UInt8>) -> UInt16? {
        for case .eddystoneTLM(.plain(let millivolts, _, _, _)) in FrameDecoder.decode(data, isWhole: false).frames {
            return millivolts
        }
        return nil
    }
}

/// The standard library's generic functions take no existential generator.
private struct AnyGenerator: RandomNumberGenerator {
    var base: any RandomNumberGenerator & Sendable

    mutating func next() -> UInt64 { base.next() }
}
