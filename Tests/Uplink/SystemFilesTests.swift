import Foundation
import Subjects
import Testing
import Threads

@testable import Uplink

/// What the line takes from the system: where a name leads, and which authorities are trusted.
@Suite(
    "The system's resolver and authorities", .enabled(if: TestAuthority.isAvailable),
    .enabled(if: PrivateMounts.unavailable == nil, "\(PrivateMounts.unavailable ?? "")"))
struct SystemFilesTests {
    private static let name = "elsewhere.example"
    private static let request = HTTPRequest(.get, "/v1/subjects")

    private static func patience(_ isDone: () throws -> Bool) rethrows -> Bool {
        let bell = Doorbell()
        let limit = ContinuousClock.now + .seconds(120)
        while .now < limit {
            if try isDone() { return true }
            bell.wait(timeout: .milliseconds(50))
        }
        return false
    }

    @Test("a connection past its age is followed by one to where the name leads by then; a young one stays")
    func resolvesAnew() async throws {
        let authority = try TestAuthority.shared.get()
        let first = try TestServer(authority, certificate: "elsewhere")
        let second = try TestServer(authority, certificate: "elsewhere", address: "127.0.0.2", port: first.port)
        var configuration = first.configuration(host: Self.name)
        let young = configuration
        configuration.connectionAge = .seconds(1)
        let old = configuration
        let requests: @Sendable () throws -> ([TestServer.Request], [TestServer.Request]) = {
            (try first.requests(), try second.requests())
        }
        let hosts = authority.file("hosts-" + UUID().uuidString)
        try await PrivateMounts.run {
            try Data("127.0.0.1 \(Self.name)\n".utf8).write(to: URL(fileURLWithPath: hosts))
            try PrivateMounts.show(hosts, at: "/etc/hosts")
            let (aging, lasting) = (try HTTPSClient(old), try HTTPSClient(young))
            #expect(try lasting.perform(Self.request).status == 204)
            #expect(try aging.perform(Self.request).status == 204)
            let before = try requests()
            #expect(before.0.count == 2 && before.1.isEmpty)
            // In place: what is shown is this file and not its name.
            try Data("127.0.0.2 \(Self.name)\n".utf8).write(to: URL(fileURLWithPath: hosts))
            let moved = try Self.patience {
                #expect(try aging.perform(Self.request).status == 204)
                return try !requests().1.isEmpty
            }
            #expect(moved)
            #expect(try lasting.perform(Self.request).status == 204)
            let after = try requests()
            #expect(after.1.count == 1)
            #expect(after.0.last?.from == before.0.first?.from, "its connection is young")
            // No connection was made to the old address after the change.
            #expect(Set(after.0.map(\.from)) == Set(before.0.map(\.from)))
        }
    }

    @Test(
        "without platform.ca the system's authorities are trusted and no others; one that is added counts without a restart"
    )
    func systemStore() async throws {
        let authority = try TestAuthority.shared.get()
        let server = try TestServer(authority)
        var configuration = server.configuration(ca: nil)
        configuration.connectionAge = .seconds(1)
        let https = configuration
        let store = authority.file("store-" + UUID().uuidString)
        let bundle = URL(fileURLWithPath: store + "/ca-certificates.crt")
        try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
        let (ours, others) = (
            try Data(contentsOf: URL(fileURLWithPath: authority.file("ca.pem"))),
            try Data(contentsOf: URL(fileURLWithPath: authority.file("stranger.pem")))
        )
        try await PrivateMounts.run {
            try others.write(to: bundle)
            try PrivateMounts.show(store, at: "/etc/ssl/certs")
            let client = try HTTPSClient(https)
            let refusal = #expect(throws: UplinkError.self) { try client.perform(Self.request) }
            #expect(refusal == .unknownAuthority(host: "127.0.0.1"))
            #expect(try server.requests().isEmpty)
            // As update-ca-certificates(8) does.
            try (others + ours).write(to: bundle)
            #expect(try HTTPSClient(https).perform(Self.request).status == 204)
            let trusts = Self.patience { (try? client.perform(Self.request).status) == 204 }
            #expect(trusts)
        }
    }
}
