import ArgumentParser

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Print every stored event as NDJSON, by gateway, epoch and sequence.")

    @Option(help: ArgumentHelp("Where everything is kept.", valueName: StoreLocation.valueName))
    var store: StoreLocation

    @Flag(help: "Also when it happened by the platform's clock (correctedtime), and when it came in (receivedat).")
    var corrected = false

    func run() async throws {
        var output = StandardOutput()
        try await PlatformStore(store, create: false).forEachEvent { event in
            output.append(corrected ? event.withCorrection() : event.body)
            try output.flush(ifOver: 64 * 1024)
        }
        try output.flush()
    }
}
