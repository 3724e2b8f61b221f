import Foundation
import Logging
import Outbox
import PlatformAPI
import Subjects
import Synchronization
import Testing
import Threads

@testable import Uplink

private struct RunningClock: UplinkClock {
    let origin = ContinuousClock.now
    var isSet = true

    func now() -> Moment {
        Moment(monotonic: ContinuousClock.now - origin, wall: UnixTime(seconds: Int64(Date().timeIntervalSince1970)))
    }

    func realDelay(_ duration: Duration) -> Duration { duration }

    func systemTime() -> (wall: UnixTime, isSet: Bool) { (now().wall, isSet) }
}

/// Half a second passes whenever somebody looks: a line so slow that each batch takes more than a second.
private final class SlowLineClock: UplinkClock {
    private let looks = Atomic<Int>(0)

    func now() -> Moment {
        let count = looks.add(1, ordering: .relaxed).newValue
        return Moment(monotonic: .milliseconds(500 * count), wall: UnixTime(seconds: 1_795_000_000 + Int64(count / 2)))
    }

    func realDelay(_ duration: Duration) -> Duration { min(duration, .milliseconds(5)) }

    func systemTime() -> (wall: UnixTime, isSet: Bool) { (now().wall, true) }
}

@Suite("Today's state beside yesterday's events", .enabled(if: TestAuthority.isAvailable))
struct UplinkStateTests {
    private func uplink(
        _ https: HTTPSClient.Configuration, _ box: Box, clock: any UplinkClock = RunningClock(),
        pollInterval: Duration = .seconds(60)
    ) throws -> Uplink {
        try Uplink(
            configuration: UplinkConfiguration(
                https: https, policy: SyncPolicy(maximumEvents: 20, maximumAge: .zero),
                verifier: FeedVerifier(gateway: "shop-1", keys: []), pollInterval: pollInterval, seed: 1),
            outbox: box.outbox, clock: clock, state: { Array(#"{"queue":1}"#.utf8) }, onSubjects: { _, _ in },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func wait(until condition: () throws -> Bool) rethrows {
        let limit = ContinuousClock.now + .seconds(90)
        while try !condition(), .now < limit { Doorbell().wait(timeout: .milliseconds(20)) }
    }

    /// Drains 100 batches.
    /// - Returns: the methods of the requests, in order, and the seconds that it took.
    private func drain(clock: any UplinkClock) throws -> (methods: [String], seconds: Double) {
        let server = try TestServer(try TestAuthority.shared.get(), clientCA: "ca")
        let box = try Box(seed: 1)
        try box.accept((0..<2000).map { "event-\($0)" })
        let uplink = try uplink(server.configuration(client: "client"), box, clock: clock)
        let start = ContinuousClock.now
        uplink.start()
        wait { box.outbox.backlog.rows == 0 }
        #expect(uplink.stop(deadline: .seconds(20)))
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let methods = try server.requests().map(\.method)
        #expect(methods.count { $0 == "POST" } == 100)
        return (methods, seconds)
    }

    @Test(
        "while a backlog drains over a slow line, the platform's picture of the gateway is never older than two batches"
    )
    func freshness() throws {
        let runs = try drain(clock: SlowLineClock()).methods.filter { $0 != "GET" }
            .split(separator: "PUT", omittingEmptySubsequences: false)
        #expect(runs.first?.isEmpty == true)
        // The last batch ends the backlog and needs no state before it.
        #expect(runs.allSatisfy { $0.count <= 2 })
    }

    @Test("over a fast line the state goes once a second, not before each batch")
    func economy() throws {
        let (methods, seconds) = try drain(clock: RunningClock())
        let states = methods.count { $0 == "PUT" }
        #expect(states >= 1)
        #expect(Double(states) <= seconds + 2)
    }

    @Test("events that are held for what they are do not silence the gateway")
    func heldEvents() throws {
        let server = try TestServer(
            try TestAuthority.shared.get(), clientCA: "ca", refused: ["gzip", "identity"])
        let box = try Box(seed: 1)
        try box.accept(["event-1"])
        let uplink = try uplink(server.configuration(client: "client"), box, pollInterval: .milliseconds(100))
        uplink.start()
        try wait { try uplink.status.state == "holding" && server.requests().count { $0.method == "PUT" } > 5 }
        #expect(uplink.status.state == "holding")
        #expect(try server.requests().count { $0.method == "PUT" } > 5)
        #expect(uplink.stop(deadline: .seconds(20)))
        #expect(box.outbox.backlog.rows == 1)
    }

    @Test("a box that does not know the time waits for it, and says so")
    func clockNotSet() throws {
        let authority = try TestAuthority.shared.get()
        let server = try TestServer(authority, certificate: "unborn", clientCA: "ca")
        let box = try Box(seed: 1)
        try box.accept(["event-1"])
        let uplink = try uplink(server.configuration(client: "client"), box, clock: RunningClock(isSet: false))
        uplink.start()
        wait { uplink.status.state == "waiting for time" }
        #expect(uplink.status.state == "waiting for time")
        #expect(uplink.status.reason?.contains("timedatectl") == true)
        #expect(uplink.stop(deadline: .seconds(20)))
    }
}
