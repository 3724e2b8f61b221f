import ArgumentParser

struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Print the latest snapshot of each gateway as NDJSON.")

    @Option(help: ArgumentHelp("Where everything is kept.", valueName: StoreLocation.valueName))
    var store: StoreLocation

    func run() async throws {
        try await PlatformStore(store, create: false).forEachState { try StandardOutput.line($0) }
    }
}
