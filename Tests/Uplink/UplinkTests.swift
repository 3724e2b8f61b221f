import Foundation
import Logging
import Outbox
import PlatformAPI
import PlatformModel
import Subjects
import Synchronization
import Testing
import Threads

@testable import Uplink

private struct BootClock: UplinkClock {
    let origin = ContinuousClock.now

    func now() -> Moment {
        Moment(
            monotonic: ContinuousClock.now - origin,
            wall: UnixTime(seconds: Int64(Date().timeIntervalSince1970)))
    }

    func realDelay(_ duration: Duration) -> Duration { duration }

    func systemTime() -> (wall: UnixTime, isSet: Bool) { (now().wall, true) }
}

@Suite("The uplink service", .enabled(if: TestAuthority.isAvailable))
struct UplinkTests {
    private func page(_ serial: UInt64, feed: UUID, more: Bool) -> SubjectPage {
        SubjectPage(
            audience: "shop-1", feed: feed, serial: serial, next: "c \(serial)", more: more,
            issuedAt: UnixTime(seconds: Int64(1_790_000_000)), subjects: [])
    }

    @Test("events, the present state and subjects go over one mTLS line; what was confirmed has left the queue")
    func service() throws {
        let authority = try TestAuthority()
        let server = try TestServer(authority, clientCA: "ca")
        let signer = FeedSigner(kid: "k1")
        let feed = UUID()
        try Data(signer.sign(page(1, feed: feed, more: true))).write(
            to: URL(fileURLWithPath: server.directory + "/page-0"))
        try Data(signer.sign(page(2, feed: feed, more: false)))
            .write(to: URL(fileURLWithPath: server.directory + "/page-c%201"))
        let box = try Box(seed: 1)
        try box.accept((0..<25).map { "event-\($0)" })
        let pages = Mutex<[FeedPosition]>([])
        let bell = Doorbell()
        let uplink = try Uplink(
            configuration: UplinkConfiguration(
                https: server.configuration(client: "client"), policy: SyncPolicy(maximumEvents: 10, maximumAge: .zero),
                verifier: FeedVerifier(gateway: "shop-1", keys: [signer.publicKey]), seed: 1,
                bootID: "0b7c2a51-6a0e-4f0e-8f0e-3c5d6e7f8091"),
            outbox: box.outbox, clock: BootClock(), state: { Array(#"{"queue":1}"#.utf8) },
            onSubjects: { _, position in
                pages.withLock { $0.append(position) }
                bell.ring()
            }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        uplink.start()
        let limit = ContinuousClock.now + .seconds(30)
        while box.outbox.backlog.rows > 0 || pages.withLock(\.count) < 2, .now < limit {
            bell.wait(timeout: .milliseconds(20))
        }
        #expect(uplink.stop(deadline: .seconds(10)))
        #expect(box.outbox.backlog.rows == 0)
        #expect(pages.withLock { $0.map(\.serial) } == [1, 2])
        let status = uplink.status
        #expect((status.batchesSent, status.eventsSettled, status.pagesApplied) == (3, 25, 2))
        #expect(status.lastSuccess != nil)
        #expect(status.lastError == nil)
        let requests = try server.requests()
        let posts = requests.filter { $0.method == "POST" }
        #expect(posts.count == 3)
        let headers = try #require(posts.first?.headers)
        #expect(headers["content-type"] == "application/cloudevents-batch+json")
        #expect(headers["content-encoding"] == "gzip")
        #expect(UnixTime(rfc3339: headers["footbridge-sent-at"] ?? "") != nil)
        let sent = try posts.map {
            try #require(SentMonotonic(headerValue: $0.headers["footbridge-sent-monotonic"] ?? ""))
        }
        #expect(sent.allSatisfy { $0.boot == "0b7c2a51-6a0e-4f0e-8f0e-3c5d6e7f8091" })
        #expect(zip(sent, sent.dropFirst()).allSatisfy { $0.nanoseconds < $1.nanoseconds })
        let key = try #require(IdempotencyKey(headerValue: headers["idempotency-key"] ?? ""))
        #expect((key.first, key.last) == (1, 10))
        #expect(key.epoch == box.outbox.epoch.uuidString.lowercased())
        // Today's state before yesterday's events.
        let firstPut = try #require(requests.firstIndex { $0.method == "PUT" })
        let firstPost = try #require(requests.firstIndex { $0.method == "POST" })
        #expect(firstPut < firstPost)
    }

    @Test("with the platform away nothing is dropped, the reason is told, and stopping is quick")
    func away() throws {
        let authority = try TestAuthority()
        let box = try Box(seed: 2)
        try box.accept(["event-1", "event-2"])
        var https = HTTPSClient.Configuration(url: "https://127.0.0.1:1")
        https.authorities = authority.file("ca.pem")
        let uplink = try Uplink(
            configuration: UplinkConfiguration(
                https: https, policy: SyncPolicy(maximumAge: .zero),
                verifier: FeedVerifier(gateway: "shop-1", keys: []),
                seed: 2),
            outbox: box.outbox, clock: BootClock(), state: { nil }, onSubjects: { _, _ in },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        uplink.start()
        let limit = ContinuousClock.now + .seconds(20)
        while uplink.status.failures == 0, .now < limit { Doorbell().wait(timeout: .milliseconds(5)) }
        let status = uplink.status
        #expect(status.state == "waiting" || status.state == "idle" || status.state == "sending")
        #expect(status.lastError?.contains("refused") == true)
        #expect(uplink.stop(deadline: .seconds(5)))
        #expect(box.outbox.backlog.rows == 2)
    }

    @Test("a refused page moves nothing: the same cursor is asked again, later")
    func poller() throws {
        let signer = FeedSigner(kid: "k1")
        let feed = UUID()
        var poller = SubjectPoller(
            verifier: FeedVerifier(gateway: "shop-1", keys: [signer.publicKey]), interval: .seconds(60),
            backOff: .standard, position: page(4, feed: feed, more: false).position, seed: 1)
        #expect(poller.request.target == "/v1/subjects?cursor=c%204")
        let gap = HTTPResponse(status: 200, body: try signer.sign(page(6, feed: feed, more: false)))
        guard case .refused("serial_gap", _) = poller.answered(gap, at: .zero, wallSeconds: 0) else {
            Issue.record("not refused")
            return
        }
        #expect(poller.position?.serial == 4)
        #expect(poller.due >= .seconds(15))
        let next = HTTPResponse(status: 200, body: try signer.sign(page(5, feed: feed, more: true)))
        guard case .page(let page) = poller.answered(next, at: .seconds(20), wallSeconds: 0) else {
            Issue.record("refused")
            return
        }
        poller.applied(page, at: .seconds(20))
        #expect(poller.due == .seconds(20))
        #expect(poller.request.target == "/v1/subjects?cursor=c%205")
        let unknown = PlatformModel.problem(404, .unknownCursor)
        _ = poller.answered(unknown, at: .seconds(20), wallSeconds: 0)
        #expect(poller.request.target == "/v1/subjects")
    }

    @Test("gzip of any size decompresses to the same bytes", arguments: [0, 1, 100, 70_000])
    func gzip(size: Int) throws {
        var random = SplitMix64(seed: UInt64(size))
        let bytes = (0..<size).map { _ in UInt8.random(in: 0...15, using: &random) }
        let compressed = try #require(Gzip.compress(bytes))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/gzip")
        process.arguments = ["-dc"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let writer = Thread {
            input.fileHandleForWriting.write(Data(compressed))
            try? input.fileHandleForWriting.close()
        }
        writer.start()
        #expect([UInt8](output.fileHandleForReading.readDataToEndOfFile()) == bytes)
        process.waitUntilExit()
    }
}
