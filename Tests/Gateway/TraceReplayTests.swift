import Foundation
import PlatformAPI
import Simulation
import Subjects
import Testing

@testable import Gateway

/// A quarter of an hour of the simulated store, through the replay.
@Suite struct TraceReplayTests {
    private static let folder = NSTemporaryDirectory() + "replay-\(UUID().uuidString)"

    /// The simulation's own files: trace, configuration, hash key.
    private static func simulated(seed: UInt64) throws -> (
        trace: String, configuration: Configuration, simulation: StoreSimulation
    ) {
        var options = SimulationOptions(seed: seed, hours: 0.25)
        options.passersPerHour = 20
        let simulation = StoreSimulation(options)
        let path = "\(folder)/\(seed)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let encoder = TraceEncoder(simulation)
        var lines: [UInt8] = []
        for entry in simulation.entries { try encoder.append(entry, to: &lines) }
        for event in simulation.events() { encoder.append(event, to: &lines) }
        try Data(lines).write(to: URL(fileURLWithPath: "\(path)/trace.ndjson"))
        try Data(simulation.hashKey.map { String(format: "%02x", $0) }.joined().utf8).write(
            to: URL(fileURLWithPath: "\(path)/hash.key"))
        let yaml = ConfigurationText(
            stateDirectory: "state", hashKeyFile: "hash.key",
            platform: .init(
                url: "https://localhost:1", certificate: "c.pem", key: "k.pem", authority: "ca.pem", feedKeys: [])
        ).yaml(simulation) {
            .h4(socket: "/run/\($0.rawValue)")
        } port: {
            .tty(path: "/dev/\($0.rawValue)")
        }
        let configuration = try Configuration.decode(Array(yaml.utf8), file: "\(path)/config.yaml")
        return ("\(path)/trace.ndjson", configuration, simulation)
    }

    private static func replay(_ trace: String, _ configuration: Configuration, transitions: Bool = false) throws
        -> [[UInt8]]
    {
        var replay = try TraceReplay(configuration, transitions: transitions)
        var reader = try TraceReader(path: trace)
        var lines: [[UInt8]] = []
        try replay.run(&reader) { output in
            switch output {
            case .event(let bytes): lines.append(bytes)
            case .transition(let transition): lines.append(try WireJSON.encode(transition))
            }
        }
        return lines
    }

    @Test("a trace replayed twice gives the same bytes")
    func deterministic() throws {
        let (trace, configuration, _) = try Self.simulated(seed: 3)
        let first = try Self.replay(trace, configuration, transitions: true)
        #expect(first.count > 10)
        #expect(try Self.replay(trace, configuration, transitions: true) == first)
    }

    @Test("every visit that opens is closed, epoch and boot are zero, sequences have no hole")
    func whole() throws {
        let (trace, configuration, _) = try Self.simulated(seed: 4)
        let events = try Self.replay(trace, configuration).map { try WireJSON.decode(JSONValue.self, from: $0) }
        var open: Set<String> = []
        for (index, event) in events.enumerated() {
            #expect(event["epoch"]?.string == "00000000-0000-0000-0000-000000000000")
            #expect(event["bootid"]?.string == BoxIdentity.noBoot)
            #expect(event["sequence"]?.string.flatMap { SequenceText.number($0) } == UInt64(index + 1))
            let visit = event["data"]?["visit_id"]?.string ?? ""
            switch event["type"]?.string {
            case "visit.opened": #expect(open.insert(visit).inserted)
            case "visit.closed": #expect(open.remove(visit) != nil)
            default: break
            }
        }
        #expect(open.isEmpty)
    }

    @Test(
        "a sighting of a subject whose entry does not allow it opens no visit",
        arguments: [
            (#""consent":{"record":"r","version":"1","purposes":["visit_analytics"],"not_after":1900000000}"#, 1),
            (#""consent":{"record":"r","version":"1","purposes":["visit_analytics"],"not_after":1799999999}"#, 0),
            (#""consent":{"record":"r","version":"1","purposes":["receipt_link"],"not_after":1900000000}"#, 0),
            (#""state":"withdrawn","request":"q""#, 0), (#""state":"erased""#, 0), (#""keys":[]"#, 0),
        ])
    func consent(entry: String, visits: Int) throws {
        let (_, configuration, simulation) = try Self.simulated(seed: 6)
        let entrance = try #require(simulation.plan.zones.first { $0.kind == "entrance" })
        let inside = try #require(simulation.plan.receivers.first { $0.zone == entrance.id }).id.rawValue
        let path = "\(Self.folder)/\(UUID().uuidString).ndjson"
        var lines = [#"{"t":1800000000,"subject":{"subject_id":"s","kind":"person",\#(entry)}}"#]
        lines += (0..<20).map {
            #"{"t":\#(1_800_000_000 + 10 * $0),"sighting":{"receiver":"\#(inside)","subject":"s","rssi":-50}}"#
        }
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let events = try Self.replay(path, configuration).map { try WireJSON.decode(JSONValue.self, from: $0) }
        #expect(events.count { $0["type"]?.string == "visit.closed" } == visits)
    }

    @Test("of the simulated truth no receipt is missed or invented, and nobody is seen or linked without consent")
    func truth() throws {
        let (trace, configuration, simulation) = try Self.simulated(seed: 5)
        var reported = ReportedDay()
        for line in try Self.replay(trace, configuration) { reported.add(line: line) }
        let score = TruthScore(truth: simulation.truth, reported: reported)
        #expect(score.receipts.printed > 0 && score.receipts.missed == 0 && score.receipts.invented == 0)
        #expect(score.receipts.wrongTotal == 0)
        #expect(score.visits.found > 0 && score.visits.breaches == 0 && score.visits.invented == 0)
    }
}
