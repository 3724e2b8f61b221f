import ArgumentParser
import Foundation
import PlatformAPI

struct SubjectsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subjects", abstract: "The subject feed.",
        subcommands: [SubjectsPutCommand.self, SubjectsPagesCommand.self])
}

struct SubjectsPutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Add entries to the feed; a later entry of a subject replaces an earlier one.")

    @Argument(help: "Entries, one JSON object a line; - is standard input.")
    var file: String

    @Option(help: ArgumentHelp("Where everything is kept.", valueName: StoreLocation.valueName))
    var store: StoreLocation

    @Option(help: ArgumentHelp("Only for the feed of this gateway; without it, of all.", valueName: "id"))
    var gateway: String?

    func validate() throws {
        if let gateway, !GatewayName.isValid(gateway) {
            throw ValidationError("--gateway is 1 to 64 of A-Z a-z 0-9 . _ -")
        }
    }

    func run() async throws {
        let data =
            file == "-"
            ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(fileURLWithPath: file))
        let entries: [FeedEntry]
        do {
            entries = try FeedEntry.read(String(decoding: data, as: UTF8.self))
        } catch let failure as FeedEntry.Failure {
            throw ValidationError("\(file): \(failure)")
        }
        try await PlatformStore(store).putSubjects(entries, gateway: gateway)
        try StandardOutput.line("\(entries.count) entries added")
    }
}

struct SubjectsPagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pages", abstract: "Print a gateway's signed pages, one a line: a feed file for a USB stick.")

    @Option(help: ArgumentHelp("Where everything is kept.", valueName: StoreLocation.valueName))
    var store: StoreLocation

    @Option(help: ArgumentHelp("Whose feed.", valueName: "id"))
    var gateway: String

    @Option(help: ArgumentHelp("The key of `serve --feed-key`; without it, the store's own.", valueName: "file"))
    var feedKey: String?

    @Option(help: "Entries in one page.")
    var pageSize = 500

    func run() async throws {
        let store = try PlatformStore(store, create: false)
        let key = if let feedKey { try FeedKey(path: feedKey) } else { try await store.feedKey() }
        for payload in try await store.allPages(gateway: gateway, pageSize: max(pageSize, 1), now: Date()) {
            try StandardOutput.line(WireJSON.encode(key.sign(payload)))
        }
    }
}
