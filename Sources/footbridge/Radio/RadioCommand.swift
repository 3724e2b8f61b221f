import ArgumentParser

struct RadioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "radio", abstract: "For a technician in the store: see adapters, hear what a radio hears.",
        discussion: """
            scan, walk and capture listen themselves: they need the radio that the daemon has, so stop it first \
            (systemctl stop footbridge), or use a recording. Nothing is stored but the file that capture is told to write.
            """,
        subcommands: [
            RadioListCommand.self, RadioScanCommand.self, RadioWalkCommand.self, RadioCaptureCommand.self,
        ])
}
