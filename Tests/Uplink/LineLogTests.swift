import Foundation
import Logging
import Outbox
import Subjects
import Synchronization
import Testing
import Threads

@testable import Uplink

/// Keeps what is logged, with its level.
private final class LineRecorder: Sendable {
    private let lines = Mutex<[String]>([])

    struct Handler: LogHandler {
        let recorder: LineRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        func log(event: LogEvent) { recorder.lines.withLock { $0.append("\(event.level): \(event.message)") } }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
    }

    var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }
    /// Without the remark that a certificate of these tests, which is good for two days, ends soon.
    var said: [String] { lines.withLock { $0.filter { !$0.contains("certificate expires in") } } }
}

private struct RealClock: UplinkClock {
    let origin = ContinuousClock.now

    func now() -> Moment {
        Moment(monotonic: ContinuousClock.now - origin, wall: UnixTime(seconds: Int64(Date().timeIntervalSince1970)))
    }

    func realDelay(_ duration: Duration) -> Duration { duration }

    func systemTime() -> (wall: UnixTime, isSet: Bool) { (now().wall, true) }
}

@Suite("What the log says of the line", .enabled(if: TestAuthority.isAvailable))
struct LineLogTests {
    private let authority: TestAuthority
    private let log = LineRecorder()

    init() throws { authority = try TestAuthority.shared.get() }

    /// An uplink that probes a hold every few milliseconds.
    private func uplink(_ https: HTTPSClient.Configuration, _ box: Box) throws -> Uplink {
        try Uplink(
            configuration: UplinkConfiguration(
                https: https,
                policy: SyncPolicy(
                    maximumAge: .zero,
                    backOff: BackOff(base: .milliseconds(5), cap: .milliseconds(10), retryAfterCap: .seconds(1)),
                    holdBase: .milliseconds(5), holdCap: .milliseconds(10)),
                verifier: FeedVerifier(gateway: "shop-1", keys: []), pollInterval: .milliseconds(50), seed: 1),
            outbox: box.outbox, clock: RealClock(), state: { Array(#"{"queue":1}"#.utf8) }, onSubjects: { _, _ in },
            logger: log.logger)
    }

    private func wait(_ what: String, until condition: () throws -> Bool) rethrows {
        let limit = ContinuousClock.now + .seconds(120)
        let bell = Doorbell()
        while try !condition() {
            guard .now < limit else {
                Issue.record("waited for \(what); the log says \(log.said)")
                return
            }
            bell.wait(timeout: .milliseconds(10))
        }
    }

    @Test(
        "a platform that turns the gateway away is told once, with place, reason and remedy, and once that it is over",
        arguments: [
            (410, "this version is too old for the platform, upgrade footbridge"),
            (426, "this version is too old for the platform, upgrade footbridge"),
            (401, "check this gateway's registration and platform.certificate"),
            (403, "check this gateway's registration and platform.certificate"),
        ])
    func turnedAway(status: Int, remedy: String) throws {
        let server = try TestServer(authority, clientCA: "ca")
        let https = server.configuration(client: "client")
        let box = try Box(seed: 1)
        try server.answer(status)
        let uplink = try uplink(https, box)
        uplink.start()
        defer { _ = uplink.stop(deadline: .seconds(20)) }
        // An empty queue hears it as well.
        try wait("three questions of each kind") {
            let methods = try server.requests().map(\.method)
            return methods.count { $0 == "GET" } > 2 && methods.count { $0 == "PUT" } > 2
        }
        #expect(uplink.status.state == "holding")
        #expect(uplink.status.reason?.contains(remedy) == true)
        try box.accept(["event-1"])
        uplink.wake()
        let asked = try server.requests().count
        try wait("ten more questions") { try server.requests().count > asked + 10 }
        #expect(uplink.status.state == "holding")
        #expect(uplink.status.reason?.contains(remedy) == true)
        try server.answer(nil)
        wait("the event to be taken") { box.outbox.backlog.rows == 0 }
        wait("the end to be told") { log.said.count > 1 }
        #expect(uplink.status.state != "holding")
        let said = log.said
        let begin = try #require(said.first)
        #expect(begin.hasPrefix("error: \(https.url): "))
        #expect(begin.contains("\(status): told to") && begin.contains(remedy) && begin.contains("none is dropped"))
        #expect(said.count { $0.contains(" \(status): ") } == 1, "\(said)")
        #expect(said.count { $0.contains("again") && $0.hasPrefix("notice") } >= 1, "\(said)")
        #expect(said.count { $0.hasPrefix("error") || $0.hasPrefix("warning") } == 1, "\(said)")
        // It comes again, and is news again.
        try server.answer(status)
        try box.accept(["event-2"])
        uplink.wake()
        wait("the second beginning") { log.said.count { $0.hasPrefix("error") } == 2 }
    }

    @Test("a wrong address (404) is told once for the batches and once for the feed")
    func notFound() throws {
        let server = try TestServer(authority, clientCA: "ca")
        let box = try Box(seed: 1)
        try box.accept(["event-1"])
        try server.answer(404)
        let uplink = try uplink(server.configuration(client: "client"), box)
        uplink.start()
        defer { _ = uplink.stop(deadline: .seconds(20)) }
        try wait("some questions") { try server.requests().count { $0.method == "POST" } > 5 }
        try server.answer(nil)
        wait("the event to be taken") { box.outbox.backlog.rows == 0 }
        wait("the end") { log.said.contains { $0.contains("the platform takes events again") } }
        let troubles = log.said.filter { !$0.hasPrefix("notice") }
        #expect(troubles.count <= 2, "\(troubles)")
        #expect(troubles.contains { $0.hasPrefix("error") && $0.contains("check platform.url") })
    }

    @Test("an authority that is not trusted is told once, and once that the line works again")
    func tls() throws {
        let server = try TestServer(authority, clientCA: "ca")
        var https = server.configuration(client: "client")
        let trusted = authority.file("trusted-" + UUID().uuidString)
        func trust(_ name: String) throws {
            try Data(contentsOf: URL(fileURLWithPath: authority.file(name))).write(
                to: URL(fileURLWithPath: trusted), options: .atomic)
        }
        try trust("stranger.pem")
        https.authorities = trusted
        let box = try Box(seed: 1)
        try box.accept(["event-1"])
        let uplink = try uplink(https, box)
        uplink.start()
        defer { _ = uplink.stop(deadline: .seconds(20)) }
        wait("some attempts") { uplink.status.failures > 10 }
        try trust("ca.pem")
        wait("the event to be taken") { box.outbox.backlog.rows == 0 }
        wait("the end") { log.said.contains { $0.contains("the platform takes events again") } }
        let said = log.said
        #expect(said.count { $0.contains("from an unknown authority; check platform.ca") } == 1, "\(said)")
        #expect(said.first?.hasPrefix("error: 127.0.0.1: ") == true)
        #expect(said.count { !$0.hasPrefix("notice") } == 1, "\(said)")
    }

    @Test("a trouble is news once, for whichever errand meets it first, until it is over; strange words have a bound")
    func journal() {
        var journal = LineJournal()
        let news = [
            journal.failed(.events, "refused"), journal.failed(.events, "refused"),
            journal.failed(.subjects, "refused"), journal.failed(.events, "no route"),
            // It comes and goes.
            journal.failed(.events, "refused"),
        ]
        #expect(news == [true, false, false, true, false])
        // Nobody heard that the feed had failed.
        let ends = [journal.worked(.events), journal.worked(.events), journal.worked(.subjects)]
        #expect(ends == [true, false, false])
        // A new outage; that events flow again is always told.
        let second = [
            journal.failed(.state, "refused"), journal.failed(.events, "refused"), journal.worked(.events),
            journal.worked(.state),
        ]
        #expect(second == [true, false, true, false])
        let strange = (0..<100).filter { journal.failed(.subjects, "\($0)") }
        #expect(strange.count == LineJournal.mostTroubles)
    }
}
