import ArgumentParser
import Gateway
import Glibc
import Radio
import Subjects
import Synchronization

/// The radios of one technician's command: opened, listening, closed again.
final class Survey {
    let clock = GatewayClock()
    let configuration: Configuration?
    private let sources: [(name: ReceiverID, source: RadioSource)]
    private let tables: ResolverTableKeeper
    private var surveys: [RadioSurvey] = []
    private let isQuiet = SharedFlag()

    /// How long radios may take until they scan; a controller that is stuck is known after 10 s of silence.
    private static let patience = Duration.seconds(12)

    /// Reads the configuration and what the box knows; opens nothing yet.
    init(_ options: SurveyOptions) throws {
        let configuration = try options.config.map { try ConfigurationFile.load($0) }
        self.configuration = configuration
        sources = try Self.sources(options, configuration)
        try Self.refuseWhileDaemonRuns(sources.map(\.source), configuration)
        tables = ResolverTableKeeper(clock: clock)
        var registry = SubjectRegistry()
        if let configuration {
            let known = KnownSubjects(configuration)
            for remark in known.remarks { complain(remark) }
            registry = known.registry
        }
        for beacon in options.beacon { _ = registry.apply(Self.entry(beacon)) }
        tables.update(registry)
        subjects = registry.count
    }

    /// How many subjects can be recognised.
    let subjects: Int

    /// Starts all radios and waits until one of them scans, or a recording has been played.
    /// - Throws: exit code 69 when none does; why has been said.
    func start(_ observer: any ReportObserver, interruption: inout Interruption) throws {
        tables.start()
        let claims = AdapterClaims()
        surveys = sources.map { radio in
            RadioSurvey(
                name: radio.name, source: radio.source, resolver: tables.slot, clock: clock, claims: claims,
                observer: observer
            ) { [isQuiet] notice in
                // That it ends is what the person asked for.
                if !isQuiet.isSet, notice.state != .stopped { complain("\(notice)") }
            }
        }
        for survey in surveys { survey.start() }
        let end = monotonic + Self.patience
        while !surveys.contains(where: { $0.state == .scanning || $0.state == .finished }) {
            if interruption.wait(.milliseconds(50)) || monotonic > end {
                stop()
                complain("no radio listens: see the reasons above")
                throw ExitStatus.unavailable
            }
        }
    }

    /// Stops the scans; after it the observer is called no more.
    func stop() {
        for survey in surveys where !survey.stop(deadline: .seconds(5)) {
            complain("radio \(survey.name): its thread did not end in time")
        }
        tables.stop(deadline: .seconds(2))
    }

    /// While a table fills the screen, changes of state stand in it and not between its lines.
    func keepQuiet() { isQuiet.set() }

    var monotonic: Duration { clock.reading().moment.monotonic }
    /// Packets that the kernel threw away because they were not read in time.
    var lost: UInt64 { surveys.reduce(0) { $0 + $1.counters.droppedSocket } }
    /// Every recording has been played to its end.
    var isFinished: Bool { surveys.allSatisfy { $0.state == .finished } }
    var names: [ReceiverID] { sources.map(\.name) }
    /// One line a radio that has something to say.
    var troubles: [String] {
        surveys.compactMap { survey in
            guard case .waiting(let reason) = survey.state else { return nil }
            return "radio \(survey.name): \(reason)"
        }
    }

    // MARK: Sources

    private static func sources(
        _ options: SurveyOptions, _ configuration: Configuration?
    ) throws -> [(name: ReceiverID, source: RadioSource)] {
        if let path = options.h4 { return [("h4", .h4Socket(path: path))] }
        if let path = options.btsnoop { return [("recording", .btsnoop(path: path, speed: options.speed))] }
        if let adapter = options.adapter { return [try source(adapter, mode: options.mode)] }
        let radios = configuration?.radios ?? []
        for name in options.radio where !radios.contains(where: { $0.name == name }) {
            complain(
                "--radio \(name): the configuration has no such radio; it has \(radios.map(\.name).joined(separator: ", "))"
            )
            throw ExitStatus.configuration
        }
        let wanted = options.radio.isEmpty ? radios : radios.filter { options.radio.contains($0.name) }
        guard !wanted.isEmpty else {
            complain("the configuration has no radios; add one, or use --adapter hci0")
            throw ExitStatus.configuration
        }
        return try wanted.map { (ReceiverID($0.name), try $0.radioSource) }
    }

    /// A beacon of the command line, as if the feed had named it.
    private static func entry(_ beacon: BeaconName) -> SubjectEntry {
        SubjectEntry(
            subject: SubjectID(beacon.text), kind: .fixture, keys: [.fixed(beacon.identifier)],
            consent: Consent(
                record: "command line", version: "1", purposes: [], notAfter: UnixTime(nanoseconds: .max)))
    }
}

/// A flag that several threads look at, set once.
private final class SharedFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}
