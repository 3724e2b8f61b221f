import ArgumentParser
import Foundation
import Glibc
import POSFeed
import Receipts

struct TillWatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Watch what a till prints, decoded, with what is taken from it marked.",
        discussion: """
            r shows the raw commands, d the decoded receipts again, q ends. Cards, customers' codes and names are redacted in \
            both views; the raw one masks all text. Stop the daemon first: it has the port for itself.
            """)

    @OptionGroup var options: TillLineOptions

    @Flag(name: .long, help: "Begin with the raw commands.")
    var raw = false

    private enum Event: Sendable {
        case document(Document)
        case bytes([UInt8])
        case notice(FeedNotice)
    }

    func run() throws {
        let line = try TillLineFeed(options)
        let events = TillEvents<Event>()
        let feed = try line.reader(sink: { events.add(.document($0)) }, report: { events.add(.notice($0)) })
        feed.observe { events.add(.bytes($0)) }
        var listing = CommandListing(dialect: line.decoder.dialect)
        var showsRaw = raw
        let keys = TerminalKeys()
        feed.start()
        defer { feed.stop() }
        var ends = false
        while true {
            for key in keys.pressed() {
                switch key {
                case "r":
                    showsRaw = true
                    complain("raw commands; d shows the receipts again, q ends")
                case "d":
                    showsRaw = false
                    complain("receipts; r shows the raw commands, q ends")
                case "q": return
                default: break
                }
            }
            let batch = events.take(timeout: .milliseconds(200))
            if batch.isEmpty, ends { return }
            for event in batch {
                switch event {
                case .document(let document): if !showsRaw { Self.show(document) }
                case .bytes(let bytes):
                    let lines = listing.consume(bytes)
                    if showsRaw { Self.write(lines) }
                case .notice(let notice):
                    if let failure = TillLineFeed.failure(notice) {
                        complain(failure)
                        throw ExitStatus.inputOutput
                    }
                    complain(notice)
                    if case .finished = notice {
                        feed.stop()
                        ends = true
                    }
                }
            }
        }
    }

    private static func show(_ document: Document) {
        let isTerminal = isatty(1) == 1
        let values = [document.number, document.originalNumber].compactMap(\.self)
        let amounts =
            ([document.total].compactMap(\.self) + document.items.map(\.amount) + document.tenders.map(\.amount))
            .map { String($0.minor.magnitude) }
        func isTaken(_ line: String) -> Bool {
            let digits = line.filter(\.isNumber)
            return values.contains { line.contains($0) } || amounts.contains { $0.count > 1 && digits.hasSuffix($0) }
                || (document.issuedAt.map { digits.contains($0.dropFirst(11).prefix(5).filter(\.isNumber)) } ?? false)
        }
        var lines = ["--- \(document.kind.rawValue)\(document.complete ? "" : ", incomplete")"]
        for line in document.lines {
            let marked = isTaken(line)
            lines.append((marked ? "* " : "  ") + (marked && isTerminal ? "\u{1B}[1m\(line)\u{1B}[0m" : line))
        }
        lines.append(
            "= number \(document.number ?? "-"), time \(document.issuedAt ?? document.issuedDate ?? "-"), total "
                + (document.total.map { "\($0.minor) \($0.currency)" } ?? "-")
                + ", \(document.items.count) items, \(document.loyalty.count) loyalty, \(document.coupons.count) coupons, "
                + "\(document.orders.count) orders, \(document.commands.unknown) unknown commands")
        lines += document.warnings.map { "! \($0)" }
        write(lines)
    }

    /// Control characters of a till must not reach the technician's terminal.
    private static func write(_ lines: [String]) {
        var output = LineOutput()
        for line in lines {
            let safe = line.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\u{1B}" }
            output.write(line: String(String.UnicodeScalarView(safe)).utf8)
        }
    }
}
