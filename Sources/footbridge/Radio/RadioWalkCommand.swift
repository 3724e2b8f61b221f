import Advertising
import ArgumentParser
import Gateway
import Glibc
import Radio
import Subjects

struct RadioWalkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "walk", abstract: "Stand in each zone in turn; thresholds are measured and proposed.",
        discussion: """
            Carry one phone with the retailer's app (opted in), or a beacon, as a customer would: in a pocket. The command names a zone, you \
            go there, press Enter, and walk about in it while it listens. Questions go to standard error, the YAML to paste to standard output.
            """)

    @OptionGroup var options: SurveyOptions

    @Option(name: .long, help: "How long to listen in each zone.")
    var duration = SecondsOption(45)

    @Option(name: .long, help: "Only this zone; may be repeated.")
    var zone: [String] = []

    @Option(name: .long, help: "Follow the device with this address instead of the loudest of our subjects.")
    var address: String?

    func validate() throws {
        guard options.config != nil else {
            throw ValidationError("--config FILE is needed: it says which zones there are")
        }
        guard options.beacon.count <= 1 else { throw ValidationError("one --beacon: the one that is carried") }
        if let address, BluetoothAddress(address) == nil {
            throw ValidationError("--address \(address): write it as AA:BB:CC:DD:EE:FF")
        }
    }

    func run() throws {
        let survey = try Survey(options)
        guard let configuration = survey.configuration else { throw ExitStatus.configuration }
        let stations = try stations(configuration)
        let observer = WalkObserver(
            target, WalkSurvey(zones: Self.zones(configuration), smoothing: configuration.visits.smoothing))
        var interruption = Interruption()
        try survey.start(observer, interruption: &interruption)
        var isStopped = false
        for (number, zone) in stations.enumerated() where !isStopped {
            say(
                "\nZone \(number + 1) of \(stations.count): \(zone.name) (\(zone.kind.rawValue); heard by \(zone.radios.joined(separator: ", ")))."
            )
            say(
                "Stand in it with the device. Enter = listen for \(duration.defaultValueDescription), s = skip, q = stop: ",
                newline: false)
            switch answer(&interruption) {
            case .stop: isStopped = true
            case .skip: continue
            case .listen:
                observer.begin(ZoneID(zone.name), at: survey.monotonic)
                isStopped = listen(survey, observer, &interruption)
                observer.end()
                report(observer, zone)
            }
        }
        survey.stop()
        try conclude(observer, configuration)
    }

    private var target: WalkObserver.Target {
        if let address = address.flatMap({ BluetoothAddress($0) }) { return .address(address) }
        if let beacon = options.beacon.first { return .subject(SubjectID(beacon.text)) }
        return .loudest
    }

    private func stations(_ configuration: Configuration) throws -> [Configuration.Zone] {
        for name in zone where !configuration.zones.contains(where: { $0.name == name }) {
            complain(
                "--zone \(name): the configuration has no such zone; it has "
                    + configuration.zones.map(\.name).joined(separator: ", "))
            throw ExitStatus.configuration
        }
        let wanted = zone.isEmpty ? configuration.zones : configuration.zones.filter { zone.contains($0.name) }
        guard !wanted.isEmpty else {
            complain("the configuration has no zones; name them first (docs/configure.md)")
            throw ExitStatus.configuration
        }
        return wanted
    }

    private static func zones(_ configuration: Configuration) -> [WalkSurvey.Zone] {
        configuration.zones.map {
            WalkSurvey.Zone(
                name: ZoneID($0.name), isOutside: $0.kind == .outside, receivers: $0.radios.map { ReceiverID($0) })
        }
    }

    // MARK: The walk

    private enum Answer { case listen, skip, stop }

    /// One line from the technician; the end of the input means "go on", so that the walk can be scripted.
    private func answer(_ interruption: inout Interruption) -> Answer {
        var waited = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        while poll(&waited, 1, 100) == 0 {
            if interruption.wait(.zero) { return .stop }
        }
        guard let line = readLine() else { return .listen }
        switch line.trimmingPrefix(while: \.isWhitespace).lowercased().first {
        case "s": return .skip
        case "q": return .stop
        default: return .listen
        }
    }

    /// True when it was interrupted.
    private func listen(_ survey: Survey, _ observer: WalkObserver, _ interruption: inout Interruption) -> Bool {
        let end = survey.monotonic + duration.duration
        let isTerminal = isatty(2) == 1
        while survey.monotonic < end {
            if interruption.wait(min(.milliseconds(250), end - survey.monotonic)) { return true }
            if isTerminal {
                let rest = max(0, (end - survey.monotonic).components.seconds)
                say("\r  \(rest) s left, \(observer.heard) levels \u{1b}[K", newline: false)
            }
        }
        if isTerminal { say("\r\u{1b}[K", newline: false) }
        return false
    }

    private func report(_ observer: WalkObserver, _ zone: Configuration.Zone) {
        guard let station = observer.survey.stations.last(where: { $0.zone.rawValue == zone.name }) else { return }
        if observer.candidates.count > 1 {
            say(
                "  \(observer.candidates.count) of your subjects were heard; the loudest is taken for yours (--beacon or --address says it for sure)"
            )
        }
        if station.reports == 0 { say("  nothing of the device was heard") }
        for (receiver, levels) in station.receivers.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            guard let low = levels.quantile(0.1), let middle = levels.median, let high = levels.quantile(0.9) else {
                continue
            }
            say(
                "  \(receiver.rawValue): \(middle) dBm in the middle, eight of ten from \(low) to \(high), \(levels.count) levels"
            )
        }
    }

    // MARK: The end

    private func conclude(_ observer: WalkObserver, _ configuration: Configuration) throws {
        let proposal = WalkProposal(observer.survey, zoneHysteresis: configuration.visits.zoneHysteresisDB)
        say("")
        for found in proposal.thresholds {
            say(
                "\(found.zone.rawValue): enter \(found.enter) dBm, leave \(found.leave) dBm; nine of ten levels inside reach \(found.inside) dBm"
                    + (found.margin.map { ", the street stays \($0) dB below enter" } ?? ", the street was not heard"))
        }
        for finding in proposal.findings { say("! \(finding)") }
        guard !proposal.thresholds.isEmpty else {
            complain("nothing to propose: the device was not heard where it should be")
            throw ExitStatus.unavailable
        }
        say("Paste this in place of `zones:`, then run `footbridge check`.\n")
        print(WalkText.yaml(configuration.zones, proposal), terminator: "")
    }

    private func say(_ text: String, newline: Bool = true) {
        let bytes = Array((newline ? text + "\n" : text).utf8)
        _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}

/// The zones of the configuration with the proposed thresholds, as YAML.
enum WalkText {
    static func yaml(_ zones: [Configuration.Zone], _ proposal: WalkProposal) -> String {
        var lines = ["zones:"]
        for zone in zones {
            lines.append("  - name: \(quoted(zone.name))")
            lines.append("    kind: \(zone.kind.rawValue)")
            lines.append("    radios: [\(zone.radios.map(quoted).joined(separator: ", "))]")
            if !zone.tills.isEmpty { lines.append("    tills: [\(zone.tills.map(quoted).joined(separator: ", "))]") }
            if let found = proposal.thresholds.first(where: { $0.zone.rawValue == zone.name }) {
                lines.append("    enter_dbm: \(found.enter)")
                lines.append("    leave_dbm: \(found.leave)")
            } else {
                if let enter = zone.enterDBm { lines.append("    enter_dbm: \(number(enter))") }
                if let leave = zone.leaveDBm { lines.append("    leave_dbm: \(number(leave))") }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Names are letters, digits and a few signs; quotes keep `1` and `on` from being anything else.
    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
