import ArgumentParser

struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Decode a capture and print it as NDJSON.",
        subcommands: [DecodeAdvertisementsCommand.self, DecodeReceiptCommand.self])
}
