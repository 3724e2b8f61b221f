import ArgumentParser
import Foundation
import Glibc
import Radio
import Simulation
import Subjects

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Write a simulated store day: trace, truth, feed, configuration and captures.",
        discussion: """
            The same options and seed give the same files. FILES in --out: trace.ndjson (for `footbridge replay`), truth.json, \
            subjects.ndjson (for `footbridge-platform subjects put`), config.yaml, hash.key, and in captures/ a btsnoop file for \
            each radio and the printer bytes of each till.
            """)

    @Option(help: "What makes this day different from others.")
    var seed: UInt64 = 1

    @Option(help: "Simulated hours.")
    var hours = 1.0

    @Option(help: ArgumentHelp("The folder for the files; made when it is missing.", valueName: "dir"))
    var out: String

    @Option(help: "Subjects in the feed; about 170 for each hour unless given.")
    var subjects: Int?

    @Option(help: "Groups of shoppers an hour.")
    var groupsPerHour: Double?

    @Option(help: "Number of tills, 1 to 5.")
    var tills: Int?

    @Option(help: ArgumentHelp("When the day begins: RFC 3339, UTC.", valueName: "time"))
    var start: String?

    @Flag(inversion: .prefixedNo, help: "Write the captures too.")
    var captures = true

    func validate() throws {
        guard (0.1...240).contains(hours) else { throw ValidationError("--hours is from 0.1 to 240") }
        guard (1...5).contains(tills ?? 3) else { throw ValidationError("--tills is from 1 to 5") }
        guard (1...1_000_000).contains(subjects ?? 1) else { throw ValidationError("--subjects is from 1 to 1000000") }
        guard (1...2000).contains(groupsPerHour ?? 1) else {
            throw ValidationError("--groups-per-hour is from 1 to 2000")
        }
        guard start.map({ UnixTime(rfc3339: $0) != nil }) ?? true else {
            throw ValidationError("--start is a time such as 2027-06-11T09:00:00Z")
        }
    }

    func run() throws {
        var options = SimulationOptions(seed: seed, hours: hours)
        if let subjects { options.subjects = subjects }
        if let groupsPerHour { options.groupsPerHour = groupsPerHour }
        if let tills { options.tills = tills }
        if let start, let time = UnixTime(rfc3339: start) { options.start = time }
        let written: SimulationFolder.Counts
        do {
            written = try SimulationFolder(path: out).write(StoreSimulation(options), captures: captures)
        } catch {
            complain("\(error)")
            throw ExitStatus.inputOutput
        }
        print(
            "\(out): \(written.packets) packets and \(written.documents) documents of \(written.visits) visits; "
                + "try `footbridge replay \(out)/trace.ndjson --config \(out)/config.yaml`")
    }
}
