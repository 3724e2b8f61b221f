import Receipts

extension Configuration {
    /// The configuration with every default, as a file that loads to the same values. It holds no secrets: keys are
    /// named by the paths of their files.
    package var effective: String {
        var text = EffectiveText()
        text.section("gateway")
        text.value("id", gateway.id)
        text.value("state_directory", gateway.stateDirectory)
        text.value("control_socket", gateway.controlSocket)
        text.value("log_level", gateway.logLevel.rawValue)
        text.section("store")
        text.value("code", store.code)
        text.value("time_zone", store.timeZone)
        text.value("currency", store.currency)
        text.value("name", store.name)
        describePlatform(&text)
        text.section("subjects")
        text.value("hash_key_file", subjects.hashKeyFile)
        text.plain("overflow_bits", "[\(subjects.overflowBits.map(String.init).joined(separator: ", "))]")
        text.value("file", subjects.file)
        describeRadiosAndZones(&text)
        describeTills(&text)
        text.section("visits")
        text.plain("enter_dbm", DecimalText.text(visits.enterDBm))
        text.plain("leave_dbm", DecimalText.text(visits.leaveDBm))
        text.plain("smoothing", DurationText.text(visits.smoothing))
        text.plain("zone_hysteresis_db", DecimalText.text(visits.zoneHysteresisDB))
        text.plain("visitor", DurationText.text(visits.visitor))
        text.plain("engaged", DurationText.text(visits.engaged))
        text.plain("gap_minimum", DurationText.text(visits.gapMinimum))
        text.plain("gap_factor", DecimalText.text(visits.gapFactor))
        text.plain("gap_maximum", DurationText.text(visits.gapMaximum))
        text.plain("merge", DurationText.text(visits.merge))
        text.plain("maximum", DurationText.text(visits.maximum))
        text.value("definition_version", visits.definitionVersion)
        text.section("matching")
        text.plain("threshold", DecimalText.text(matching.threshold))
        text.plain("opt_in_share", DecimalText.text(matching.optInShare))
        text.plain("decision_delay", DurationText.text(matching.decisionDelay))
        text.section("queue")
        text.value("path", queue.path)
        text.plain("max_bytes", SizeText.text(queue.maxBytes))
        text.plain("max_age", DurationText.text(queue.maxAge))
        text.plain("ballast", SizeText.text(queue.ballast))
        text.plain("commit_interval", DurationText.text(queue.commitInterval))
        text.plain("commit_count", "\(queue.commitCount)")
        text.section("privacy")
        text.plain("store_item_lines", "\(privacy.storeItemLines)")
        text.plain(
            "own_card_prefixes", "[\(privacy.ownCardPrefixes.map { "\"\($0)\"" }.joined(separator: ", "))]")
        text.plain("allow_full_capture", "\(privacy.allowFullCapture)")
        return text.text
    }

    private func describePlatform(_ text: inout EffectiveText) {
        text.section("platform")
        text.value("url", platform.url)
        text.value("certificate", platform.certificate)
        text.value("key", platform.key)
        text.value("ca", platform.ca)
        text.list("feed_keys", platform.feedKeys) { key, text in
            text.value("kid", key.kid)
            text.value("public_key", key.publicKeyText)
        }
        text.plain("poll_interval", DurationText.text(platform.pollInterval))
        text.nested("batch") { text in
            text.plain("max_events", "\(platform.batch.maxEvents)")
            text.plain("max_bytes", SizeText.text(platform.batch.maxBytes))
            text.plain("max_age", DurationText.text(platform.batch.maxAge))
            if let rate = platform.batch.maxPerMinute { text.plain("max_per_minute", "\(rate)") }
        }
        text.plain("timeout", DurationText.text(platform.timeout))
        text.plain("connect_timeout", DurationText.text(platform.connectTimeout))
        text.plain("compression", platform.compression.rawValue)
        if let proxy = platform.proxy {
            text.nested("proxy") { text in
                text.value("url", proxy.url)
                text.value("credentials_file", proxy.credentialsFile)
            }
        }
        text.plain("minimum_tls", "\"\(platform.minimumTLS.rawValue)\"")
        text.plain("connection_age", DurationText.text(platform.connectionAge))
        text.plain("start_jitter", DurationText.text(platform.startJitter))
        text.plain("reconnect_jitter", DurationText.text(platform.reconnectJitter))
    }

    private func describeRadiosAndZones(_ text: inout EffectiveText) {
        text.topLevelList("radios", radios) { radio, text in
            text.value("name", radio.name)
            text.nested("source") { text in
                switch radio.source {
                case .btsnoop(let path, let speed):
                    text.value("btsnoop", path)
                    text.plain("speed", DecimalText.text(speed))
                case .h4(let path): text.value("h4", path)
                case .adapter(let adapter, let mode, let active):
                    text.value("adapter", adapter)
                    text.value("mode", mode.rawValue)
                    text.plain("active", "\(active)")
                }
            }
        }
        text.topLevelList("zones", zones) { zone, text in
            text.value("name", zone.name)
            text.value("kind", zone.kind.rawValue)
            text.values("radios", zone.radios)
            if zone.kind == .till { text.values("tills", zone.tills) }
            text.plain("enter_dbm", DecimalText.text(zone.enterDBm ?? visits.enterDBm))
            text.plain("leave_dbm", DecimalText.text(zone.leaveDBm ?? visits.leaveDBm))
        }
    }

    private func describeTills(_ text: inout EffectiveText) {
        text.topLevelList("feeds", feeds) { feed, text in
            text.value("name", feed.name)
            text.nested("port") { feed.port.describe(in: &$0) }
        }
        text.topLevelList("tills", tills) { till, text in
            text.value("name", till.name)
            text.nested("port") { till.port.describe(in: &$0) }
            text.plain("dialect", till.dialect.rawValue)
            text.value("code_pages", till.codePages)
            text.list("code_page_numbers", till.codePageNumbers) { number, text in
                text.plain("number", "\(number.number)")
                text.value("page", number.page)
            }
            text.value("currency", till.currency)
            text.plain("day_first", "\(till.dayFirst)")
            text.plain("soft_idle", DurationText.text(till.softIdle))
            text.plain("hard_idle", DurationText.text(till.hardIdle))
            text.plain("silence_after", DurationText.text(till.silenceAfter))
            text.nested("documents") { text in describe(till.documents, &text) }
            text.nested("patterns") { text in
                text.values("number", till.patterns.number)
                text.values("date", till.patterns.date)
                text.values("total", till.patterns.total)
                text.values("loyalty", till.patterns.loyalty)
                text.values("coupon", till.patterns.coupon)
                text.values("order", till.patterns.order)
                text.values("cashier", till.patterns.cashier)
            }
            text.plain("decimals", till.decimals.rawValue)
            text.values("templates", till.templates)
            text.list("codes", till.codes) { code, text in
                text.plain("kind", code.kind.rawValue)
                text.value("pattern", code.pattern)
                text.plain("check", code.check.rawValue)
            }
        }
    }
}

/// The keys of `tills[].documents`.
private func describe(_ documents: Configuration.Documents, _ text: inout EffectiveText) {
    for (key, boundaries) in [("begin", documents.begin), ("end", documents.end)] {
        text.list(key, boundaries) { boundary, text in
            switch boundary {
            case .exact(let line): text.value("exact", line)
            case .wildcard(let line): text.value("wildcard", line)
            case .regex(let expression): text.value("regex", expression)
            case .hex(let bytes): text.value("hex", bytes)
            }
        }
    }
    text.plain("extra_lines", "\(documents.extraLines)")
    text.plain("case_sensitive", "\(documents.caseSensitive)")
    text.plain("max_lines", "\(documents.maxLines)")
    if let pages = documents.maxPages { text.plain("max_pages", "\(pages)") }
    text.plain("reset_ends", "\(documents.resetEnds)")
    if let within = documents.joinWithin { text.plain("join_within", DurationText.text(within)) }
}

extension Configuration.Till.Port {
    fileprivate func describe(in text: inout EffectiveText) {
        switch self {
        case .tty(let path, let baud, let dataBits, let parity, let stopBits):
            text.value("tty", path)
            text.line(baud, dataBits, parity, stopBits)
        case .usb(let numbers, let interface, let baud, let dataBits, let parity, let stopBits):
            text.value("usb", numbers)
            if let interface { text.plain("interface", "\(interface)") }
            text.line(baud, dataBits, parity, stopBits)
        case .listen(let address, let allow, let mode, let forward, let maximumConnections):
            text.value("listen", address)
            text.values("allow", allow)
            text.plain("mode", mode.rawValue)
            text.value("forward", forward)
            text.plain("max_connections", "\(maximumConnections)")
        case .connect(let address): text.value("connect", address)
        case .file(let path, let from):
            text.value("file", path)
            text.plain("from", from.rawValue)
        case .capture(let path, let pace):
            text.value("capture", path)
            if let pace { text.plain("bytes_per_second", "\(pace)") }
        case .feed(let name, let prefix):
            text.value("feed", name)
            text.value("prefix", prefix)
        }
    }
}

/// Writes the small part of YAML that a configuration needs. Text is always in single quotes, where only the quote
/// itself has a meaning.
private struct EffectiveText {
    private(set) var text = ""
    private var indentation = 0
    private var beginsItem = false

    mutating func section(_ name: String) {
        indentation = 0
        line("\(name):")
        indentation = 1
    }

    mutating func value(_ key: String, _ value: String?) {
        if let value { line("\(key): \(Self.quoted(value))") }
    }

    mutating func plain(_ key: String, _ value: String) {
        line("\(key): \(value)")
    }

    mutating func line(_ baud: Int, _ dataBits: Int, _ parity: Configuration.Till.Parity, _ stopBits: Int) {
        plain("baud", "\(baud)")
        plain("data_bits", "\(dataBits)")
        plain("parity", parity.rawValue)
        plain("stop_bits", "\(stopBits)")
    }

    mutating func values(_ key: String, _ values: [String]) {
        line("\(key): [\(values.map(Self.quoted).joined(separator: ", "))]")
    }

    mutating func nested(_ key: String, _ body: (inout EffectiveText) -> Void) {
        line("\(key):")
        indentation += 1
        body(&self)
        indentation -= 1
    }

    mutating func topLevelList<Item>(_ key: String, _ items: [Item], _ body: (Item, inout EffectiveText) -> Void) {
        indentation = 0
        list(key, items, body)
    }

    mutating func list<Item>(_ key: String, _ items: [Item], _ body: (Item, inout EffectiveText) -> Void) {
        guard !items.isEmpty else { return line("\(key): []") }
        line("\(key):")
        indentation += 2
        for item in items {
            beginsItem = true
            body(item, &self)
        }
        indentation -= 2
    }

    private mutating func line(_ line: String) {
        let depth = beginsItem ? indentation - 1 : indentation
        text += String(repeating: "  ", count: depth) + (beginsItem ? "- " : "") + line + "\n"
        beginsItem = false
    }

    private static func quoted(_ value: String) -> String {
        "'\(value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }
}
