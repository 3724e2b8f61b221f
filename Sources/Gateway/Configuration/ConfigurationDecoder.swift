/// Turns the tree of a file into a `Configuration`. A value that is missing or wrong is reported and replaced by a
/// stand-in, so that the rest is still looked at; such a configuration never leaves `Configuration.load`.
struct ConfigurationDecoder {
    let collector: ConfigurationCollector
    /// The folder that relative paths count from.
    let base: String

    private typealias Text = ConfigurationValue<String>

    func decode(_ tree: ConfigurationTree) -> Configuration {
        var top = ConfigurationSection(tree: tree, collector: collector)
        var gatewaySection = top.section("gateway")
        let gateway = gateway(&gatewaySection)
        var storeSection = top.section("store")
        let store = store(&storeSection)
        var platformSection = top.section("platform")
        let platform = platform(&platformSection)
        var subjectsSection = top.section("subjects")
        let subjects = subjects(&subjectsSection)
        let radios = top.sections("radios").map(radio)
        let zones = top.sections("zones").map(zone)
        let feeds = top.sections("feeds").map(feed)
        let tills = top.sections("tills").map { till($0, store) }
        var visitsSection = top.section("visits")
        let visits = visits(&visitsSection)
        var matchingSection = top.section("matching")
        let matching = matching(&matchingSection)
        var queueSection = top.section("queue")
        let queue = queue(&queueSection, gateway)
        var privacySection = top.section("privacy")
        let privacy = privacy(&privacySection)
        top.finish()
        return Configuration(
            gateway: gateway, store: store, platform: platform, subjects: subjects, radios: radios, zones: zones,
            feeds: feeds, tills: tills, visits: visits, matching: matching, queue: queue, privacy: privacy,
            origin: Configuration.Origin(file: collector.source.file, positions: [:], warnings: []))
    }

    private func gateway(_ section: inout ConfigurationSection) -> Configuration.Gateway {
        defer { section.finish() }
        let id = section.required("id", .gatewayID, "give the id that the platform team assigned to this box")
        var gateway = Configuration.Gateway(id: id ?? "")
        if let directory = section.value("state_directory", .path(base)) {
            gateway.stateDirectory = directory
            gateway.controlSocket = Text.absolute("control.sock", base: directory)
            if !section.gives("control_socket"), gateway.controlSocket.utf8.count > 107 {
                collector.wrong(
                    section.path(of: "state_directory"), "is too long for the control socket in it",
                    "shorten it, or set gateway.control_socket to a path of at most 107 bytes")
            }
        }
        gateway.controlSocket = section.value("control_socket", .socket(base)) ?? gateway.controlSocket
        gateway.logLevel = section.value("log_level", .word) ?? gateway.logLevel
        return gateway
    }

    private func store(_ section: inout ConfigurationSection) -> Configuration.Store {
        defer { section.finish() }
        let code = section.required("code", .text(maximum: 64), "give the retailer's code of this store")
        let zone = section.required("time_zone", .timeZone, "give the store's time zone, such as Europe/Berlin")
        return Configuration.Store(
            code: code ?? "", timeZone: zone ?? "UTC", currency: section.value("currency", .currency),
            name: section.value("name", .text()))
    }

    private func subjects(_ section: inout ConfigurationSection) -> Configuration.Subjects {
        defer { section.finish() }
        return Configuration.Subjects(
            hashKeyFile: section.value("hash_key_file", .path(base, isSecret: true)),
            overflowBits: section.values("overflow_bits", .integer(0...127), maximum: 128),
            file: section.value("file", .path(base)))
    }

    private func zone(_ section: ConfigurationSection) -> Configuration.Zone {
        var section = section
        defer { section.finish() }
        let name = section.required("name", .name, "give the zone a name of its own")
        let kind: Configuration.Zone.Kind? = section.required(
            "kind", .word, "write one of outside, entrance, floor, till")
        let radios = section.values("radios", .name)
        if !section.gives("radios") {
            section.missing("radios", "list the radios that hear this zone")
        } else if radios.isEmpty {
            collector.wrong(section.path(of: "radios"), "names no radio", "list the radios that hear this zone")
        }
        let tills = section.values("tills", .name)
        if let kind, kind != .till, section.gives("tills") {
            collector.wrong(
                section.path(of: "tills"), "stands in a zone of kind \(kind.rawValue)",
                "list tills only in zones of kind till")
        } else if kind == .till, !section.gives("tills") {
            section.missing("tills", "list the tills that stand in this zone")
        } else if kind == .till, tills.isEmpty {
            collector.wrong(section.path(of: "tills"), "names no till", "list the tills that stand in this zone")
        }
        return Configuration.Zone(
            name: name ?? "", kind: kind ?? .floor, radios: radios, tills: tills,
            enterDBm: section.value("enter_dbm", .level), leaveDBm: section.value("leave_dbm", .level))
    }

    private func visits(_ section: inout ConfigurationSection) -> Configuration.Visits {
        defer { section.finish() }
        var visits = Configuration.Visits()
        let span = Duration.seconds(1) ... .seconds(86_400)
        visits.enterDBm = section.value("enter_dbm", .level) ?? visits.enterDBm
        visits.leaveDBm = section.value("leave_dbm", .level) ?? visits.leaveDBm
        visits.smoothing =
            section.value("smoothing", .duration(.milliseconds(100) ... .seconds(60))) ?? visits.smoothing
        visits.zoneHysteresisDB =
            section.value("zone_hysteresis_db", .decimal(0...30, unit: "dB")) ?? visits.zoneHysteresisDB
        visits.visitor = section.value("visitor", .duration(span)) ?? visits.visitor
        visits.engaged = section.value("engaged", .duration(span)) ?? visits.engaged
        visits.gapMinimum = section.value("gap_minimum", .duration(span)) ?? visits.gapMinimum
        visits.gapFactor = section.value("gap_factor", .decimal(1...100)) ?? visits.gapFactor
        visits.gapMaximum = section.value("gap_maximum", .duration(span)) ?? visits.gapMaximum
        visits.merge = section.value("merge", .duration(.zero ... .seconds(86_400))) ?? visits.merge
        visits.maximum = section.value("maximum", .duration(.seconds(60) ... .seconds(7 * 86_400))) ?? visits.maximum
        visits.definitionVersion = section.value("definition_version", .text(maximum: 64)) ?? visits.definitionVersion
        return visits
    }

    private func matching(_ section: inout ConfigurationSection) -> Configuration.Matching {
        defer { section.finish() }
        var matching = Configuration.Matching()
        matching.threshold = section.value("threshold", .decimal(0.5...0.999)) ?? matching.threshold
        matching.optInShare = section.value("opt_in_share", .decimal(0.001...0.999)) ?? matching.optInShare
        matching.decisionDelay =
            section.value("decision_delay", .duration(.zero ... .seconds(3_600))) ?? matching.decisionDelay
        return matching
    }

    private func queue(_ section: inout ConfigurationSection, _ gateway: Configuration.Gateway) -> Configuration.Queue {
        defer { section.finish() }
        var queue = Configuration.Queue(path: Text.absolute("queue.sqlite", base: gateway.stateDirectory))
        queue.path = section.value("path", .path(base)) ?? queue.path
        queue.maxBytes = section.value("max_bytes", .size((16 << 20)...(1 << 40))) ?? queue.maxBytes
        queue.maxAge = section.value("max_age", .duration(.seconds(3_600) ... .seconds(3_650 * 86_400))) ?? queue.maxAge
        queue.ballast = section.value("ballast", .size(0...(1 << 30))) ?? queue.ballast
        queue.commitInterval =
            section.value("commit_interval", .duration(.milliseconds(1) ... .seconds(10))) ?? queue.commitInterval
        queue.commitCount = section.value("commit_count", .integer(1...10_000)) ?? queue.commitCount
        return queue
    }

    private func privacy(_ section: inout ConfigurationSection) -> Configuration.Privacy {
        defer { section.finish() }
        var privacy = Configuration.Privacy()
        privacy.storeItemLines = section.value("store_item_lines", .truth) ?? privacy.storeItemLines
        privacy.ownCardPrefixes = section.values("own_card_prefixes", .cardPrefix, maximum: 32)
        privacy.allowFullCapture = section.value("allow_full_capture", .truth) ?? privacy.allowFullCapture
        return privacy
    }
}
