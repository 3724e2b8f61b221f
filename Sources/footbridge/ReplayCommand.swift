import ArgumentParser
import Gateway

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Play a trace in virtual time and print the events that would be sent.",
        discussion: """
            As fast as it goes, without a queue file. A trace line is {"t": Unix seconds, ...} with one of "frame", "sighting", "bytes", \
            "receipt" and "subject"; see docs/replay.md. Time runs on after the last line until every visit has closed.
            """)

    @Argument(help: "The trace, or - for standard input.")
    var trace: String

    @Option(name: .long, help: "The configuration file.")
    var config: String

    @Flag(name: .long, help: "Also print each change of zone.")
    var transitions = false

    func run() throws {
        let configuration = try ConfigurationFile.load(config)
        var replay: TraceReplay
        do {
            replay = try TraceReplay(configuration, transitions: transitions)
        } catch {
            complain("\(error)")
            throw ExitStatus.configuration
        }
        try play(&replay)
    }

    private func play(_ replay: inout TraceReplay) throws {
        var output = LineOutput()
        do {
            var reader = try TraceReader(path: trace)
            try replay.run(&reader) { said in
                switch said {
                case .event(let bytes): output.write(line: bytes)
                case .transition(let transition): try output.write(json: transition)
                }
            }
        } catch let error as TraceError {
            output.flush()
            complain(error)
            throw error.line == nil ? ExitStatus.noInput : ExitStatus.badInput
        }
    }
}
