import Foundation
import Logging
import Outbox
import PlatformAPI
import Subjects
import Synchronization
import Testing
import Threads

@testable import Uplink

private struct RealClock: UplinkClock {
    let origin = ContinuousClock.now

    func now() -> Moment {
        Moment(
            monotonic: ContinuousClock.now - origin, wall: UnixTime(seconds: Int64(Date().timeIntervalSince1970)))
    }

    func realDelay(_ duration: Duration) -> Duration { duration }
    func systemTime() -> (wall: UnixTime, isSet: Bool) { (now().wall, true) }
}

/// Certificates change under a session that goes on: what waits is held, the reason is told, and nothing has to be started again.
@Suite(
    "Certificates swapped under a running uplink",
    .enabled(if: TestAuthority.isAvailable && NginxServer.program != nil, "scripts/setup-peers"))
struct CertificateSwapTests {
    private let authority: TestAuthority

    init() throws { authority = try TestAuthority() }

    /// Puts a certificate and its key under the names that the other side reads.
    private func install(_ name: String, as place: String) throws {
        for ending in [".key", ".pem"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: authority.file(name + ending)))
            try bytes.write(to: URL(fileURLWithPath: authority.file(place + ending)), options: .atomic)
        }
    }

    /// Runs an uplink against nginx and gives the test what it needs to follow it.
    private func running(
        _ body: (
            _ accept: (String) throws -> Void, _ wait: (String, (UplinkStatus, Int) -> Bool) -> Void,
            NginxServer, Uplink
        ) throws -> Void
    ) throws -> String {
        let backend = try TestServer(authority, certificate: nil)
        try install("server", as: "shown")
        try install("client", as: "own")
        let server = try NginxServer(authority, backend: backend, certificate: "shown")
        let box = try Box(seed: 1)
        let uplink = try Uplink(
            configuration: UplinkConfiguration(
                https: server.configuration(client: "own"), policy: SyncPolicy(maximumAge: .zero),
                verifier: FeedVerifier(gateway: "shop-1", keys: []), seed: 1),
            outbox: box.outbox, clock: RealClock(), state: { nil }, onSubjects: { _, _ in },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        uplink.start()
        defer { _ = uplink.stop(deadline: .seconds(20)) }
        let bell = Doorbell()
        try body(
            { text in
                try box.accept([text])
                uplink.wake()
            },
            { what, isThere in
                let limit = ContinuousClock.now + .seconds(120)
                while !isThere(uplink.status, box.outbox.backlog.rows) {
                    guard .now < limit else {
                        Issue.record("\(what): \(uplink.status.state), \(uplink.status.lastError ?? "no error")")
                        return
                    }
                    bell.wait(timeout: .milliseconds(20))
                }
            }, server, uplink)
        return try backend.requests().map(\.body).joined()
    }

    @Test("a server that shows a certificate of another authority gets nothing until it shows a right one again")
    func serverSwapped() throws {
        let bodies = try running { accept, wait, server, uplink in
            try accept("event-before")
            wait("the first event") { $1 == 0 }
            try install("stranger", as: "shown")
            try server.reload(extra: "")
            // The old worker may take one more: until the new certificate is seen, events go on.
            var number = 0
            while uplink.status.state != "holding", number < 2_000 {
                number += 1
                try accept("event-\(number)")
                wait("an answer") { status, rows in rows == 0 || status.state == "holding" }
            }
            #expect(uplink.status.lastError?.contains("platform.ca") == true)
            try accept("event-after")
            try install("server", as: "shown")
            try server.reload(extra: "")
            wait("everything") { _, rows in
                uplink.retryNow()
                return rows == 0
            }
        }
        #expect(bodies.contains("event-before"))
        #expect(bodies.components(separatedBy: "\"event-after\"").count == 2)
    }

    @Test("the gateway's own certificate, replaced by a wrong one and by a renewed one, is used without a restart")
    func clientSwapped() throws {
        let bodies = try running { accept, wait, _, uplink in
            try accept("event-before")
            wait("the first event") { $1 == 0 }
            try install("stranger", as: "own")
            try accept("event-held")
            wait("the refusal") { status, _ in status.state == "holding" }
            #expect(uplink.status.lastError?.contains("refuses this gateway's certificate") == true)
            try install("renewed", as: "own")
            wait("everything") { _, rows in
                uplink.retryNow()
                return rows == 0
            }
        }
        #expect(bodies.components(separatedBy: "\"event-held\"").count == 2)
    }
}
