import Foundation
import Outbox
import PlatformAPI
import Subjects
import Testing

@testable import Uplink

@Suite("Behind nginx", .enabled(if: TestAuthority.isAvailable && NginxServer.program != nil, "scripts/setup-peers"))
struct NginxTests {
    private let authority = TestAuthority.shared

    private func send(_ batch: StoredBatch, _ client: HTTPSClient, _ coding: ContentCoding) -> SyncEngine.Outcome {
        do throws(UplinkError) {
            let sent = Moment(monotonic: .seconds(1), wall: UnixTime(seconds: Int64(1_790_000_000)))
            let request = BatchRequest.make(batch, sent: sent, bootID: nil, coding: coding)
            return .response(try client.perform(request))
        } catch {
            return .failure(error)
        }
    }

    @Test(
        "batches go with a client certificate over HTTP/2 and one connection, packed, over TLS 1.2 and over TLS 1.3",
        arguments: ["TLSv1.2", "TLSv1.3"])
    func versions(version: String) throws {
        let authority = try self.authority.get()
        let backend = try TestServer(authority, certificate: nil)
        let server = try NginxServer(authority, backend: backend, protocols: version)
        let client = try HTTPSClient(server.configuration())
        let box = try Box(seed: 1)
        try box.accept((0..<20).map { "event-\($0)" })
        while try box.turn({ send($0, client, .gzip) }) {}
        let requests = try backend.requests()
        #expect(requests.count == 3)
        for request in requests {
            #expect(request.headers["content-encoding"] == "gzip")
            #expect(request.headers["x-protocol"] == "HTTP/2.0")
            #expect(request.headers["x-tls"] == version)
        }
        #expect(requests.map(\.body).joined().contains("event-19"))
        #expect(Set(server.log.compactMap(\.first)).count == 1)
    }

    @Test("a gateway that speaks TLS 1.3 only says so to a server that does not")
    func minimumTLS() throws {
        let authority = try self.authority.get()
        let backend = try TestServer(authority, certificate: nil)
        let server = try NginxServer(authority, backend: backend, protocols: "TLSv1.2")
        var configuration = server.configuration()
        configuration.minimumTLS = .tls13
        let client = try HTTPSClient(configuration)
        let error = #expect(throws: UplinkError.self) { try client.perform(HTTPRequest(.get, "/")) }
        #expect(error == .tlsVersion(host: "127.0.0.1"))
        #expect(error?.needsOperator == true)
    }

    @Test(
        "its own limit shrinks the batches, holds at one event that is too large, and once raised everything arrives once"
    )
    func limit() throws {
        let authority = try self.authority.get()
        let backend = try TestServer(authority, certificate: nil)
        let server = try NginxServer(authority, backend: backend, extra: "client_max_body_size 3k;")
        let client = try HTTPSClient(server.configuration())
        let box = try Box(policy: SyncPolicy(compression: .none), seed: 1)
        try box.accept((0..<40).map { "event-\($0)" } + ["large-" + String(repeating: "x", count: 6000)] + ["last"])
        while box.engine.stateName != "holding" {
            guard try box.turn({ send($0, client, .identity) }) else { break }
        }
        #expect(box.engine.reason?.contains("client_max_body_size") == true)
        #expect(box.outbox.backlog.rows == 2)
        #expect(try box.outbox.quarantined().isEmpty)
        #expect(server.log.contains { $0.last == "413" })
        try server.reload(extra: "client_max_body_size 3m;")
        let limit = ContinuousClock.now + .seconds(60)
        while box.outbox.backlog.rows > 0, .now < limit { _ = try box.turn { send($0, client, .identity) } }
        #expect(box.outbox.backlog.rows == 0)
        #expect(try box.outbox.quarantined().isEmpty)
        let bodies = try backend.requests().map(\.body).joined()
        #expect(bodies.components(separatedBy: "large-").count == 2)
        #expect(bodies.components(separatedBy: "\"event-7\"").count == 2)
    }

    @Test("no certificate, a stranger's and one that was revoked while it was in use are each refused, held, and named")
    func refusedCertificates() throws {
        let authority = try TestAuthority()
        let backend = try TestServer(authority, certificate: nil)
        let crl = "ssl_crl \(authority.file("crl.pem"));"
        let server = try NginxServer(authority, backend: backend, extra: crl)
        let box = try Box(seed: 1)
        try box.accept(["event-1"])
        for name in [nil, "stranger"] as [String?] {
            let client = try HTTPSClient(server.configuration(client: name))
            _ = try box.turn { send($0, client, .gzip) }
            _ = try box.turn { send($0, client, .gzip) }
            #expect(box.engine.stateName == "holding")
            #expect(box.engine.reason?.contains("refuses this gateway's certificate") == true)
            box.engine.poke()
        }
        let client = try HTTPSClient(server.configuration(client: "renewed"))
        #expect(try client.perform(HTTPRequest(.put, "/v1/state", body: [])).status == 204)
        try authority.revoke("renewed")
        try server.reload(extra: crl)
        let limit = ContinuousClock.now + .seconds(60)
        var answer = HTTPResponse(status: 204)
        while answer.status == 204, .now < limit {
            answer = (try? client.perform(HTTPRequest(.put, "/v1/state", body: []))) ?? answer
        }
        #expect(ForeignAnswer(answer)?.refusesCertificate == true)
        #expect(box.outbox.backlog.rows == 1)
    }

    @Test(
        "a renewed certificate is used as soon as both its files are there; until then the old pair stays, and that is said"
    )
    func renewal() throws {
        let authority = try self.authority.get()
        let backend = try TestServer(authority, certificate: nil)
        let server = try NginxServer(authority, backend: backend)
        let folder = authority.file("renewal")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        func install(_ name: String, _ ending: String) throws {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: authority.file(name + ending)))
            try bytes.write(to: URL(fileURLWithPath: folder + "/own" + ending), options: .atomic)
        }
        try install("client", ".pem")
        try install("client", ".key")
        var configuration = server.configuration()
        configuration.certificate = folder + "/own.pem"
        configuration.key = folder + "/own.key"
        let client = try HTTPSClient(configuration)
        func serial() throws -> String? {
            _ = try client.perform(HTTPRequest(.put, "/v1/state", body: []))
            return try backend.requests().last?.headers["x-serial"]
        }
        let old = try serial()
        try install("renewed", ".pem")
        #expect(try serial() == old)
        #expect(client.refusedIdentity?.description.contains("does not belong to the certificate") == true)
        try install("renewed", ".key")
        let new = try serial()
        #expect(new != old && new?.isEmpty == false)
        #expect(client.refusedIdentity == nil)
        try FileManager.default.removeItem(atPath: folder + "/own.key")
        #expect(try serial() == new)
        #expect(client.refusedIdentity?.description.contains("own.key") == true)
    }

    @Test("a connection is not used beyond its age, however busy it is")
    func connectionAge() throws {
        let authority = try self.authority.get()
        let backend = try TestServer(authority, certificate: nil)
        let server = try NginxServer(authority, backend: backend)
        var configuration = server.configuration()
        configuration.connectionAge = .seconds(1)
        let client = try HTTPSClient(configuration)
        let limit = ContinuousClock.now + .seconds(60)
        while Set(server.log.compactMap(\.first)).count < 3, .now < limit {
            #expect(try client.perform(HTTPRequest(.put, "/v1/state", body: [])).status == 204)
        }
        #expect(Set(server.log.compactMap(\.first)).count >= 3)
        #expect(server.log.count > Set(server.log.compactMap(\.first)).count)
    }

    @Test("every trouble with the platform's certificate has its own line")
    func serverCertificates() throws {
        let authority = try self.authority.get()
        let backend = try TestServer(authority, certificate: nil)
        func error(_ certificate: String, ca: String? = "ca") throws -> UplinkError? {
            let server = try NginxServer(authority, backend: backend, certificate: certificate)
            let client = try HTTPSClient(server.configuration(ca: ca))
            return #expect(throws: UplinkError.self) { try client.perform(HTTPRequest(.get, "/")) }
        }
        let host = "127.0.0.1"
        #expect(try error("expired") == .certificateExpired(host: host))
        #expect(try error("unborn") == .certificateNotYetValid(host: host))
        #expect(try error("elsewhere") == .wrongHost(host: host))
        #expect(try error("server", ca: "stranger") == .unknownAuthority(host: host))
        #expect(try error("server", ca: nil) == .unknownAuthority(host: host))
    }
}
