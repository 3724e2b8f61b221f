import ArgumentParser

struct TillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "till", abstract: "Commission a till: find its line, look at it, test it, record it.",
        subcommands: [
            TillDetectCommand.self, TillWatchCommand.self, TillVerifyCommand.self, TillCaptureCommand.self,
        ])
}
