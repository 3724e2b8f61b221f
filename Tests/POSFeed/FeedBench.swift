import Foundation
import Receipts
import Subjects

@testable import POSFeed

/// A feed under test, with what came out of it.
final class FeedBench {
    struct Clock: FeedClock {
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
    let feed: FeedReader

    /// `tills` with their prefixes; one without a prefix has the port for itself.
    init(_ port: PortSource, tills: [(name: String, prefix: String?)] = [("till-1", nil)], rate: Int = 1) throws {
        let lines = try tills.map { till in
            TillLine(
                till: TillID(till.name), decoder: try ReceiptDecoder(Self.configuration(till.name)), prefix: till.prefix
            )
        }
        feed = try FeedReader(
            name: "feed", port: port, lines: lines, clock: Clock(rate: rate),
            sink: { [documents] in documents.add($0) },
            report: { [notices] in notices.add($0) })
        feed.start()
    }

    deinit { feed.stop() }

    static func configuration(_ till: String) -> ReceiptDecoderConfiguration {
        var configuration = ReceiptDecoderConfiguration()
        configuration.currency = "EUR"
        configuration.till = TillID(till)
        configuration.startsSynchronised = true
        return configuration
    }

    /// Waits until the port is open, so many times.
    func opened(_ times: Int = 1) -> Bool {
        notices.wait { notices in
            notices.count { if case .opened = $0 { true } else { false } } >= times
        }
    }

    /// Waits until something holds; false after 20 s.
    static func wait(_ condition: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(20)
        while !condition() {
            if ContinuousClock.now > deadline { return false }
            usleep(2_000)
        }
        return true
    }

    static func receipt(_ total: String) -> [UInt8] { Array("\u{1B}@Milk \(total)\nTOTAL \(total)\n\u{1D}V\u{1}".utf8) }
}

/// A folder for one test, removed at its end.
final class TestFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("footbridge-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func append(_ bytes: [UInt8], to name: String) throws {
        let file = "\(path)/\(name)"
        if !FileManager.default.fileExists(atPath: file) { try Data().write(to: URL(fileURLWithPath: file)) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }
}
