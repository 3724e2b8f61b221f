import ArgumentParser
import Glibc
import POSFeed
import Receipts
import Subjects

struct DecodeReceiptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Decode printer bytes: one JSON object a document.",
        discussion: "Cards, e-mail addresses and phone numbers are redacted, as in the daemon. - reads standard input.")

    @Argument(help: "The captured bytes, or -.")
    var file: String

    @Option(name: .long, help: "The language of the feed: escpos, star-line, star-prnt, text, ndjson or poslog-xml.")
    var dialect: String

    @Option(name: .long, help: "What ESC t selects: a printer profile, or one code page for all.")
    var codePages = "epson"

    @Option(name: .long, help: "ISO 4217 code of the amounts; without it the print must say.")
    var currency: String?

    @Flag(name: .long, help: "03/04 is the third of April.")
    var dayFirst = false

    @Flag(name: .long, help: "Only count the commands and say whether the dialect fits; no documents.")
    var tokens = false

    func run() throws {
        let configuration: ReceiptDecoderConfiguration
        do {
            configuration = try ReceiptDecoderConfiguration(
                dialectName: dialect, codePagesName: codePages, currency: currency, dayFirst: dayFirst)
        } catch {
            complain(error)
            throw ExitCode.validationFailure
        }
        var bytes: [UInt8]
        do {
            bytes = try InputFile.read(file)
        } catch {
            complain(error)
            throw ExitStatus.noInput
        }
        do throws(TechnicianCapture.Failure) {
            if let capture = try TechnicianCapture(file: bytes, now: TillLineFeed.Clock().now().wall) {
                bytes = capture.bytes
            }
        } catch {
            if case .expired = error { unlink(file) }
            complain("\(file): \(error)")
            throw ExitStatus.badInput
        }
        if tokens {
            var count = TokenCount(dialect: configuration.dialect)
            count.take(bytes)
            print(count.summary)
            return
        }
        var output = LineOutput()
        for document in try ReceiptDecoder.documents(inCapture: bytes, configuration: configuration) {
            try output.write(json: document)
        }
    }
}
