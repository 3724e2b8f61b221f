import Foundation
import Receipts
import Subjects
import Testing

@testable import POSFeed

@Suite("feeds", .serialized)
struct FeedReaderTests {
    /// A clock that runs `rate` times as fast as the real one.
    struct FastClock: FeedClock {
        let rate: Int
        let start = ContinuousClock.now

        func now() -> Moment {
            let passed = (ContinuousClock.now - start) * rate
            return Moment(monotonic: passed, wall: UnixTime(seconds: Int64(1_700_000_000)) + passed)
        }

        func realDelay(_ simulated: Duration) -> Duration { simulated / rate }
    }

    let documents = Gathered<Document>()
    let notices = Gathered<FeedNotice>()

    func feed(_ source: PortSource, rate: Int = 1) throws -> FeedReader {
        var configuration = ReceiptDecoderConfiguration()
        configuration.currency = "EUR"
        configuration.till = "till-1"
        if case .capture = source { configuration.startsSynchronised = true }
        return FeedReader(
            till: "till-1", port: source, decoder: try ReceiptDecoder(configuration), clock: FastClock(rate: rate),
            sink: { [documents] in documents.add($0) }, report: { [notices] in notices.add($0) })
    }

    func isOpened(_ notice: FeedNotice) -> Bool {
        if case .opened = notice { true } else { false }
    }

    let receipt = Array("\u{1B}@Milk 1.00\nTOTAL 1.00\n\u{1D}V\u{1}".utf8)

    @Test("a receipt written to a till's line comes out as a document")
    func line() throws {
        let pty = try Pty()
        let feed = try feed(.tty(path: pty.path, settings: LineSettings()))
        feed.start()
        #expect(notices.wait { $0.contains(where: isOpened) })
        for byte in receipt { pty.write([byte]) }
        #expect(documents.wait { $0.count == 1 })
        #expect(documents.all.first?.total == Money(minor: 100, currency: "EUR"))
        #expect(documents.all.first?.till == "till-1")
        #expect(documents.all.first?.complete == true)
        #expect(feed.state == .listening)
        #expect(feed.stop())
        #expect(feed.state == .stopped)
        #expect(feed.counters.bytes == receipt.count)
        #expect(feed.counters.documents == 1)
    }

    @Test("every byte from 0 to 255 is counted")
    func allBytes() throws {
        let pty = try Pty()
        let feed = try feed(.tty(path: pty.path, settings: LineSettings()))
        feed.start()
        #expect(notices.wait { $0.contains(where: isOpened) })
        pty.write((0...255).map { UInt8($0) } + Array("\n".utf8) + Array("\u{1D}V\u{1}".utf8) + receipt)
        #expect(documents.wait { $0.contains { $0.total?.minor == 100 } })
        #expect(feed.stop())
        #expect(feed.counters.bytes == 256 + 4 + receipt.count)
    }

    @Test("a hang-up gives out what was in hand as incomplete, and the same path is opened again")
    func hangUp() throws {
        let pty = try Pty()
        let feed = try feed(.tty(path: pty.path, settings: LineSettings()), rate: 20)
        feed.start()
        #expect(notices.wait { $0.contains(where: isOpened) })
        pty.write(receipt + Array("\u{1B}@Tea 2.00\n".utf8))
        #expect(documents.wait { $0.count == 1 })
        pty.unplug()
        #expect(documents.wait { $0.count == 2 })
        #expect(documents.all.last?.complete == false)
        try pty.plug()
        #expect(notices.wait { $0.count(where: isOpened) == 2 })
        pty.write(receipt)
        #expect(documents.wait { $0.count == 3 })
        #expect(feed.stop())
        #expect(feed.counters.reopened == 1)
    }

    @Test("a missing port is tried again and again and said once")
    func missing() throws {
        let pty = try Pty()
        let path = pty.path + "-later"
        let feed = try feed(.tty(path: path, settings: LineSettings()), rate: 50)
        feed.start()
        let deadline = ContinuousClock.now + .seconds(20)
        while feed.counters.openFailures < 4, ContinuousClock.now < deadline { sched_yield() }
        #expect(feed.counters.openFailures >= 4)
        #expect(feed.state == .waiting(.missing(path: path)))
        #expect(notices.all == [.waiting(till: "till-1", error: .missing(path: path))])
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: pty.path)
        #expect(notices.wait { $0.contains(where: isOpened) })
        #expect(feed.stop())
    }

    @Test("silence ends a document that was never cut")
    func silence() throws {
        let pty = try Pty()
        let feed = try feed(.tty(path: pty.path, settings: LineSettings()), rate: 300)
        feed.start()
        #expect(notices.wait { $0.contains(where: isOpened) })
        pty.write(Array("\u{1B}@Milk 1.00\nTOTAL 1.00\n".utf8))
        #expect(documents.wait { $0.count == 1 })
        #expect(feed.stop())
        #expect(documents.all.first?.warnings == ["no cut at its end"])
    }

    @Test("a stopped feed gives out what it holds, and stops while it waits for a port")
    func stop() throws {
        let pty = try Pty()
        let feed = try feed(.tty(path: pty.path, settings: LineSettings()))
        feed.start()
        #expect(notices.wait { $0.contains(where: isOpened) })
        pty.write(receipt + Array("\u{1B}@Tea 2.00\n".utf8))
        #expect(documents.wait { $0.count == 1 })
        #expect(feed.stop())
        #expect(documents.all.count <= 2)
        let absent = try self.feed(.tty(path: "/nowhere/tty", settings: LineSettings()))
        absent.start()
        #expect(notices.wait { $0.contains { if case .waiting = $0 { true } else { false } } })
        #expect(absent.stop())
        #expect(try self.feed(.tty(path: "/nowhere/tty", settings: LineSettings())).stop())
    }

    @Test("a capture is read to its end, paced or at once", arguments: [nil, 2000])
    func capture(rate: Int?) throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("footbridge-\(UUID().uuidString)")
        try Data(receipt + receipt.map { $0 == UInt8(ascii: "1") ? UInt8(ascii: "3") : $0 }).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let feed = try feed(.capture(path: file.path, bytesPerSecond: rate), rate: 10)
        feed.start()
        #expect(notices.wait { $0.contains { if case .finished = $0 { true } else { false } } })
        #expect(documents.wait { $0.count == 2 })
        #expect(documents.all.map(\.total?.minor) == [100, 300])
        #expect(feed.stop())
        #expect(feed.state == .finished)
    }

    @Test("a capture that is missing says so")
    func missingCapture() throws {
        let feed = try feed(.capture(path: "/nowhere/capture", bytesPerSecond: nil))
        feed.start()
        #expect(notices.wait { !$0.isEmpty })
        #expect(feed.stop())
        #expect(feed.counters.openFailures == 1)
    }
}
