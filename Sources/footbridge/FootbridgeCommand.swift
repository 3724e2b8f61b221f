import ArgumentParser
import Gateway

@main
struct FootbridgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "footbridge",
        abstract: "The in-store gateway that joins online and offline shopping.",
        version: GatewayVersion.text,
        subcommands: [
            RunCommand.self, CheckCommand.self, StatusCommand.self, DecodeCommand.self, ReplayCommand.self,
            TokenCommand.self, RadioCommand.self, TillCommand.self, TemplateCommand.self, QueueCommand.self,
            SimulateCommand.self, DemoCommand.self, BoundChildCommand.self,
        ])
}
