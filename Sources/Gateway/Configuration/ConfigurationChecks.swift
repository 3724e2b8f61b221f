/// The checks that need more than one value: names that must exist, numbers that must be in order.
struct ConfigurationChecks {
    let configuration: Configuration
    let collector: ConfigurationCollector

    func run() {
        checkNames()
        checkZones()
        checkTills()
        checkOrder()
        checkFeedKeys()
        warn()
    }

    // MARK: Names

    private func checkNames() {
        unique(configuration.radios.map(\.name), "radios", key: "name")
        unique(configuration.zones.map(\.name), "zones", key: "name")
        unique(configuration.tills.map(\.name), "tills", key: "name")
        var sockets: [String: Int] = [:]
        var adapters: [String: Int] = [:]
        for (index, radio) in configuration.radios.enumerated() {
            switch radio.source {
            case .h4(let path) where !path.isEmpty:
                once(path, index, &sockets, "radios", "source.h4", "this socket", "give each radio a socket of its own")
            case .adapter(let adapter, _, _) where !adapter.isEmpty:
                once(
                    adapter, index, &adapters, "radios", "source.adapter", "this adapter",
                    "give each radio an adapter of its own")
            default: break
            }
        }
        checkPorts()
    }

    private func checkPorts() {
        unique(configuration.feeds.map(\.name), "feeds", key: "name")
        var taken: [String: String] = [:]
        func take(_ port: Configuration.Till.Port, _ path: String) {
            guard let (key, value) = port.resource, !value.isEmpty else { return }
            if let first = taken["\(key) \(value)"] {
                collector.wrong(
                    "\(path).port.\(key)",
                    "this port is taken by \(first) (line \(collector.position(of: "\(first).port.\(key)").line))",
                    "give each till a port of its own, or share it through feeds")
            } else {
                taken["\(key) \(value)"] = path
            }
        }
        for (index, feed) in configuration.feeds.enumerated() { take(feed.port, "feeds[\(index)]") }
        var prefixes: [String: Int] = [:]
        let feeds = known(configuration.feeds.map(\.name))
        for (index, till) in configuration.tills.enumerated() {
            take(till.port, "tills[\(index)]")
            guard case .feed(let name, let prefix) = till.port, !name.isEmpty else { continue }
            if !feeds.contains(name) {
                let near = NearestName.of(name, among: feeds).map {
                    "did you mean \(ConfigurationCollector.shown($0))?"
                }
                collector.wrong(
                    "tills[\(index)].port.feed", "there is no feed \(ConfigurationCollector.shown(name))",
                    near ?? "describe it under feeds")
            }
            if !prefix.isEmpty {
                once(
                    "\(name) \(prefix)", index, &prefixes, "tills", "port.prefix", "this prefix",
                    "give each till on the feed a prefix of its own")
            }
        }
        for (index, feed) in configuration.feeds.enumerated() where !feed.name.isEmpty {
            let used = configuration.tills.contains { till in
                if case .feed(let name, _) = till.port { name == feed.name } else { false }
            }
            if !used {
                collector.warn(
                    "feeds[\(index)]", "no till is on this feed", "give a till port: {feed: NAME, prefix: ...}")
            }
        }
    }

    private func unique(_ names: [String], _ list: String, key: String) {
        var seen: [String: Int] = [:]
        for (index, name) in names.enumerated() where !name.isEmpty {
            once(name, index, &seen, list, key, "this \(key)", "give each its own")
        }
    }

    private func once(
        _ value: String, _ index: Int, _ seen: inout [String: Int], _ list: String, _ key: String, _ what: String,
        _ remedy: String
    ) {
        guard let first = seen[value] else {
            seen[value] = index
            return
        }
        let line = collector.position(of: "\(list)[\(first)].\(key)").line
        collector.wrong(
            "\(list)[\(index)].\(key)", "\(what) is taken by \(list)[\(first)] (line \(line))", remedy)
    }

    /// Reports the names of a list that are not names of `known` things, and those that stand in it twice.
    private func refer(_ names: [String], _ path: String, to known: [String], a thing: String, list: String) {
        // Items that were wrong by themselves are left out of `names`: then the indices no longer tell the lines.
        var seen: Set<String> = []
        let complete = (0..<names.count).allSatisfy { collector.positions["\(path)[\($0)]"] != nil }
        for (index, name) in names.enumerated() {
            let place = complete ? "\(path)[\(index)]" : path
            if !known.contains(name) {
                let remedy =
                    if let near = NearestName.of(name, among: known) {
                        "did you mean \(ConfigurationCollector.shown(near))?"
                    } else if known.isEmpty {
                        "describe it under \(list)"
                    } else {
                        "the \(list) are \(known.prefix(8).map(ConfigurationCollector.shown).joined(separator: ", "))"
                    }
                collector.wrong(place, "there is no \(thing) \(ConfigurationCollector.shown(name))", remedy)
            } else if !seen.insert(name).inserted {
                collector.wrong(place, "\(ConfigurationCollector.shown(name)) stands here twice", "keep one of them")
            }
        }
    }

    // MARK: Zones and tills

    private func checkZones() {
        let radios = known(configuration.radios.map(\.name))
        let tills = known(configuration.tills.map(\.name))
        for (index, zone) in configuration.zones.enumerated() {
            refer(zone.radios, "zones[\(index)].radios", to: radios, a: "radio", list: "radios")
            refer(zone.tills, "zones[\(index)].tills", to: tills, a: "till", list: "tills")
            guard zone.enterDBm != nil || zone.leaveDBm != nil else { continue }
            let enter = zone.enterDBm ?? configuration.visits.enterDBm
            let leave = zone.leaveDBm ?? configuration.visits.leaveDBm
            let key = zone.leaveDBm == nil ? "enter_dbm" : "leave_dbm"
            levels(enter: enter, leave: leave, "zones[\(index)].\(key)")
        }
    }

    /// The names that are there, each once, in the order of the file.
    private func known(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    private func levels(enter: Double, leave: Double, _ path: String) {
        guard leave >= enter else { return }
        collector.wrong(
            path,
            "a phone would come in at \(DecimalText.text(enter)) dBm and be gone at \(DecimalText.text(leave)) dBm",
            "make leave_dbm less than enter_dbm, such as -80 and -70")
    }

    private func checkTills() {
        for (index, till) in configuration.tills.enumerated() {
            let path = "tills[\(index)]"
            if till.currency.isEmpty, collector.positions["\(path).currency"] == nil,
                collector.positions["store.currency"] == nil
            {
                collector.wrong("\(path).currency", "is missing", "give it here, or store.currency for all tills")
            }
            if till.softIdle >= till.hardIdle {
                let key = collector.positions["\(path).soft_idle"] == nil ? "hard_idle" : "soft_idle"
                collector.wrong(
                    "\(path).\(key)",
                    "soft_idle (\(DurationText.text(till.softIdle))) is not shorter than hard_idle (\(DurationText.text(till.hardIdle)))",
                    "make soft_idle the shorter one")
            }
            if till.patterns.extractKeys || !till.codes.isEmpty, configuration.subjects.hashKeyFile == nil,
                collector.positions["subjects.hash_key_file"] == nil
            {
                collector.wrong(
                    "\(path).patterns", "these values leave the box only as keyed hashes, and there is no key",
                    "set subjects.hash_key_file")
            }
        }
    }

    // MARK: Numbers

    private func checkOrder() {
        let visits = configuration.visits
        levels(
            enter: visits.enterDBm, leave: visits.leaveDBm,
            collector.positions["visits.leave_dbm"] == nil ? "visits.enter_dbm" : "visits.leave_dbm")
        order("visits", "visitor", visits.visitor, "engaged", visits.engaged)
        order("visits", "engaged", visits.engaged, "maximum", visits.maximum)
        order("visits", "gap_minimum", visits.gapMinimum, "gap_maximum", visits.gapMaximum)
        let platform = configuration.platform
        order("platform", "connect_timeout", platform.connectTimeout, "timeout", platform.timeout)
    }

    /// `first` must not be longer than `second`; reported at the one that the file gives.
    private func order(_ section: String, _ first: String, _ short: Duration, _ second: String, _ long: Duration) {
        guard short > long else { return }
        let key = collector.positions["\(section).\(first)"] == nil ? second : first
        collector.wrong(
            "\(section).\(key)",
            "\(first) (\(DurationText.text(short))) is longer than \(second) (\(DurationText.text(long)))",
            "make \(first) at most \(second)")
    }

    private func checkFeedKeys() {
        unique(configuration.platform.feedKeys.map(\.kid), "platform.feed_keys", key: "kid")
        for (index, bit) in configuration.subjects.overflowBits.enumerated()
        where configuration.subjects.overflowBits[..<index].contains(bit) {
            collector.wrong("subjects.overflow_bits", "\(bit) stands here twice", "keep one of them")
        }
    }

    // MARK: What is surely not meant

    private func warn() {
        let zoned = Set(configuration.zones.flatMap(\.radios))
        for (index, radio) in configuration.radios.enumerated() where !zoned.contains(radio.name) {
            collector.warn("radios[\(index)]", "this radio is in no zone: it counts for no visit", "list it in a zone")
        }
        let placed = Set(configuration.zones.flatMap(\.tills))
        for (index, till) in configuration.tills.enumerated() where !placed.contains(till.name) {
            collector.warn(
                "tills[\(index)]", "this till is in no zone: its receipts find visits only by a code or card",
                "list it in a zone of kind till")
        }
        if !configuration.tills.isEmpty, configuration.subjects.hashKeyFile == nil {
            collector.warn(
                "subjects", "without hash_key_file no code or card on a receipt finds its subject",
                "set subjects.hash_key_file")
        }
        if configuration.platform.feedKeys.isEmpty {
            collector.warn(
                "platform", "without feed_keys no subject is accepted: nobody is recognised",
                "add the platform's key to platform.feed_keys")
        }
        var standard = Configuration.Visits()
        standard.definitionVersion = configuration.visits.definitionVersion
        if configuration.visits != standard, collector.positions["visits.definition_version"] == nil {
            collector.warn(
                "visits", "these thresholds are not the standard ones, but carry their name",
                "give them a definition_version of their own")
        }
    }
}

extension Configuration.Till.Port {
    /// What only one reader can have: its key and its value.
    fileprivate var resource: (key: String, value: String)? {
        switch self {
        case .tty(let path, _, _, _, _): ("tty", path)
        case .usb(let numbers, let interface, _, _, _, _):
            ("usb", numbers.isEmpty ? "" : "\(numbers) \(interface ?? 0)")
        case .listen(let address, _, _, _, _): ("listen", address)
        case .connect(let address): ("connect", address)
        case .file(let path, _): ("file", path)
        case .capture, .feed: nil
        }
    }
}
