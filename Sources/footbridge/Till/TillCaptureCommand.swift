import ArgumentParser
import Glibc
import POSFeed
import Receipts
import Subjects

struct TillCaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "Record a till's line with everything personal masked, for a limited time.",
        discussion: """
            Digits become 9 and letters x, commands stay: enough to find out why a till is not understood. The file names the \
            day on which it expires; footbridge refuses and deletes it afterwards. Ends after --seconds, or with Ctrl-C.
            """)

    @OptionGroup var options: TillLineOptions

    @Argument(help: "The file to make, NAME.fbc; it must not be there yet.")
    var output: String

    @Option(name: .long, help: "Record for so many seconds.")
    var seconds = 60

    @Option(name: .long, help: "Days until the recording expires, at most 31.")
    var days = 7

    func validate() throws {
        guard (1...31).contains(days) else { throw ValidationError("--days must be 1 to 31") }
        guard (1...86_400).contains(seconds) else { throw ValidationError("--seconds must be 1 to 86400") }
        guard output.hasSuffix(TechnicianCapture.ending) else {
            throw ValidationError(
                "\(output): a recording's name ends in \(TechnicianCapture.ending), by which it is found when it has expired"
            )
        }
    }

    private enum Event: Sendable {
        case bytes([UInt8])
        case notice(FeedNotice)
    }

    func run() throws {
        let line = try TillLineFeed(options)
        var mask = CaptureMask(dialect: line.decoder.dialect)
        let descriptor = open(output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            complain("\(output): \(String(cString: strerror(errno))); give the name of a new file")
            throw ExitStatus.inputOutput
        }
        defer { close(descriptor) }
        let events = TillEvents<Event>()
        let feed = try line.reader(sink: { _ in }, report: { events.add(.notice($0)) })
        feed.observe { events.add(.bytes($0)) }
        let expires = TillLineFeed.Clock().now().wall + .seconds(days * 86_400)
        let header = TechnicianCapture(
            till: options.name, dialect: line.decoder.dialect.rawValue, expires: expires, bytes: [])
        try write(header.file, descriptor)
        feed.start()
        let deadline = ContinuousClock.now + .seconds(seconds)
        var ended = false
        while ContinuousClock.now < deadline, !ended {
            for event in events.take(timeout: .milliseconds(200)) {
                switch event {
                case .bytes(let bytes): try write(mask.consume(bytes), descriptor)
                case .notice(let notice):
                    if let failure = TillLineFeed.failure(notice) {
                        complain(failure)
                        unlink(output)
                        throw ExitStatus.inputOutput
                    }
                    complain(notice)
                    if case .finished = notice { ended = true }
                }
            }
        }
        feed.stop()
        for case .bytes(let bytes) in events.take(timeout: .zero) { try write(mask.consume(bytes), descriptor) }
        try write(mask.finish(), descriptor)
        print("\(output): \(feed.counters.bytes) bytes masked, expires \(expires.rfc3339())")
    }

    private func write(_ bytes: [UInt8], _ descriptor: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                complain("\(output): \(String(cString: strerror(errno)))")
                throw ExitStatus.inputOutput
            }
            rest = rest.dropFirst(count)
        }
    }
}
