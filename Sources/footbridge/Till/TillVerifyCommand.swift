import ArgumentParser
import Foundation
import Gateway
import POSFeed
import Receipts
import Subjects

struct TillVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Print a pass/fail sheet of a till from one test receipt.",
        discussion: """
            Ring up a small sale and print its receipt while this waits. Stop the daemon first: it has the port for itself. \
            Exit code 0 when nothing failed, 65 when something did.
            """)

    @OptionGroup var options: TillLineOptions

    @Option(name: .long, help: "Give up after so many seconds without a receipt.")
    var patience = 180

    private enum Event: Sendable {
        case document(Document)
        case notice(FeedNotice)
    }

    func run() throws {
        let line = try TillLineFeed(options)
        let events = TillEvents<Event>()
        let feed = try line.reader(sink: { events.add(.document($0)) }, report: { events.add(.notice($0)) })
        feed.start()
        defer { feed.stop() }
        let deadline = ContinuousClock.now + .seconds(patience)
        var last: Document?
        var ended = false
        waiting: while ContinuousClock.now < deadline {
            let batch = events.take(timeout: .milliseconds(200))
            if batch.isEmpty, ended { break }
            for event in batch {
                switch event {
                case .document(let document):
                    last = document
                    if document.complete, document.kind == .sale { break waiting }
                case .notice(let notice):
                    if let failure = TillLineFeed.failure(notice) {
                        complain(failure)
                        throw ExitStatus.inputOutput
                    }
                    complain(notice)
                    if case .finished = notice {
                        feed.stop()
                        ended = true
                    }
                }
            }
        }
        guard let document = last else {
            complain("no receipt came from till \(options.name)")
            throw ExitStatus.badInput
        }
        let sheet = TillSheet(
            document, counters: feed.counters,
            localTime: options.capture == nil ? localTime(of: document, line.configuration.store.timeZone) : "")
        print("till \(options.name), \(feed.counters.bytes) bytes\n\(sheet.text)", terminator: "")
        print(sheet.passed ? "the till passes" : "the till fails")
        if !sheet.passed { throw ExitStatus.badInput }
    }

    /// When the receipt began to come, not when it was known to be over: the till's clock is held against that.
    private func localTime(of document: Document, _ zone: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: zone)
        formatter.dateFormat = "yyyy-MM-dd'T'HH:mm:ss"
        return formatter.string(from: document.firstByte.map { Date(timeIntervalSince1970: $0.wall.seconds) } ?? Date())
    }
}
