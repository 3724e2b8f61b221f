import ArgumentParser
import Foundation
import Glibc

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Play one store hour through the real program, and say how well it did.",
        discussion: """
            Makes a throwaway authority, starts footbridge-platform over mutual TLS and `footbridge run` on a fast clock, and plays \
            a simulated store into its inputs: Bluetooth packets through H4 sockets, receipts through a pseudo-terminal for each \
            till, subjects through the signed feed. In the middle the platform goes away and the daemon is killed with SIGKILL. \
            Exit code 1 when an event was lost or doubled, a receipt was missed, or a stranger was found on the disk.
            """)

    @Option(help: "What makes this hour different from others.")
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "The folder for the files; a new one in the temporary folder unless given.", valueName: "dir"))
    var out: String?

    @Option(help: "How many times faster than real time, 10 to 200.")
    var rate = 66.0

    func validate() throws {
        guard (10...200).contains(rate) else { throw ValidationError("--rate is from 10 to 200") }
    }

    func run() throws {
        let path = out ?? FileManager.default.temporaryDirectory.path + "/footbridge-demo-\(getpid())"
        do {
            let folder = try DemoFolder(path: path)
            let demo = try DemoRun(seed: seed, rate: rate, folder: folder)
            let result = try demo.play()
            let summary = DemoSummary(result: result, folder: folder, programs: (demo.footbridge, demo.platform))
            DemoOutput.line(summary.text)
            guard result.faults.isEmpty else { throw ExitCode.failure }
        } catch let failure as DemoFailure {
            complain("demo: \(failure); its files are in \(path)")
            throw ExitCode.failure
        }
    }
}
