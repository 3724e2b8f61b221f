import ArgumentParser

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Print every stored event as NDJSON, by gateway, epoch and sequence.")

    @Option(help: ArgumentHelp("Where everything is kept.", valueName: "sqlite:file"))
    var store: StoreLocation

    func run() async throws {
        var output = StandardOutput()
        try PlatformStore(store, create: false).forEachEvent { body in
            output.append(body)
            try output.flush(ifOver: 64 * 1024)
        }
        try output.flush()
    }
}
