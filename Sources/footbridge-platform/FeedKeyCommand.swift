import ArgumentParser

struct FeedKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed-key", abstract: "The key that signs the subject feed.",
        subcommands: [FeedKeyNewCommand.self, FeedKeyShowCommand.self])
}

struct FeedKeyNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a key file; print the item for platform.feed_keys of the gateways.")

    @Argument(help: "The file to make; it must not exist.")
    var file: String

    func run() async throws {
        let key = FeedKey()
        try key.write(path: file)
        try StandardOutput.line(key.configurationItem)
    }
}

struct FeedKeyShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the item for platform.feed_keys of the gateways.")

    @Argument(help: "A key file.")
    var file: String?

    @Option(help: ArgumentHelp("Or the store, for the key that it keeps.", valueName: StoreLocation.valueName))
    var store: StoreLocation?

    func validate() throws {
        guard (file == nil) != (store == nil) else { throw ValidationError("name a key file or --store, one of them") }
    }

    func run() async throws {
        if let file {
            try StandardOutput.line(FeedKey(path: file).configurationItem)
        } else if let store {
            try await StandardOutput.line(PlatformStore(store).feedKey().configurationItem)
        }
    }
}
