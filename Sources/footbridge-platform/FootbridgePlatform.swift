import ArgumentParser

@main
struct FootbridgePlatform: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "footbridge-platform",
        abstract: "A reference central platform for Footbridge gateways.",
        discussion: "It makes the contract in docs/api runnable, for the demo, for tests and for integrators.",
        subcommands: [
            ServeCommand.self, SubjectsCommand.self, FeedKeyCommand.self, EventsCommand.self, StateCommand.self,
        ])
}
