import Crypto
import Foundation
import PlatformAPI
import Testing

@testable import footbridge_platform

/// The program as it is started in the field: a process, TLS with client certificates, a file.
@Suite("Over mutual TLS", .enabled(if: PlatformProcess.hasTools, "needs the openssl and curl commands"))
struct MutualTLSTests {
    private let urn = "URI:" + GatewayName.urn(SampleEvents.gateway)
    private let epoch = UUID()

    private func headers(_ body: [UInt8], _ range: ClosedRange<UInt64>) -> [String] {
        let key = IdempotencyKey(
            epoch: epoch, first: range.lowerBound, last: range.upperBound, sha256: SHA256.hash(data: body))
        return [
            "Content-Type: \(Wire.batchMediaType)", "Content-Encoding: gzip",
            "\(Wire.sentAtHeader): \(SampleEvents.time)", "\(Wire.idempotencyKeyHeader): \(key.headerValue)",
        ]
    }

    @Test("a gateway posts, is identified by its certificate, and `events` lists what came in")
    func gateway() throws {
        let platform = try PlatformProcess()
        try platform.makeCertificate("gateway", by: "ca", names: urn + ",DNS:box.example")
        try platform.makeCertificate("other", by: "ca", names: "URI:urn:footbridge:gateway:other")
        try platform.serve(["--strict"])
        let events = try SampleEvents.all(epoch: epoch)
        let body = Batch.encode(events)
        let fields = headers(body, 1...20)
        let answer = try platform.curl(
            "POST", Wire.batchesPath, certificate: "gateway", headers: fields, body: Gzip.compress(body))
        #expect(answer.status == 200)
        #expect(try WireJSON.decode(BatchAnswer.self, from: answer.body) == BatchAnswer(acceptedThrough: 20))
        let foreign = try platform.curl(
            "POST", Wire.batchesPath, certificate: "other", headers: fields, body: Gzip.compress(body))
        #expect(foreign.status == 403)
        let state = try platform.curl(
            "PUT", Wire.statePath, certificate: "gateway", headers: ["Content-Type: application/json"],
            body: SampleEvents.state.encoded())
        #expect(state.status == 204)
        // While the platform runs: the list is read beside it.
        let lines = events.map { String(decoding: $0, as: UTF8.self) + "\n" }
        #expect(try platform.run(["events", "--store", platform.store]).output == lines.joined())
        #expect(try platform.run(["state", "--store", platform.store]).output.contains("\"open_visits\":3"))
        #expect(platform.stop() == 0)
    }

    @Test("a client without a certificate of the authority gets no answer at all")
    func strangers() throws {
        let platform = try PlatformProcess()
        try platform.makeAuthority("impostor")
        try platform.makeCertificate("forged", by: "impostor", names: urn)
        try platform.serve()
        for certificate in [nil, "forged"] {
            let answer = try platform.curl("GET", Wire.subjectsPath, certificate: certificate)
            #expect(answer.exit != 0)
            #expect(answer.status == 0)
        }
    }

    @Test(
        "a certificate that does not name exactly one gateway is refused with 403",
        arguments: [
            nil, "DNS:store-0042", "URI:https://store-0042", "URI:urn:footbridge:gateway:",
            "URI:urn:footbridge:gateway:a,URI:urn:footbridge:gateway:b",
        ] as [String?])
    func identities(_ names: String?) throws {
        let platform = try PlatformProcess()
        try platform.makeCertificate("gateway", by: "ca", names: names)
        try platform.serve()
        let answer = try platform.curl("GET", Wire.subjectsPath, certificate: "gateway")
        #expect(answer.status == 403)
        #expect(try WireJSON.decode(ProblemDetails.self, from: answer.body).kind == .noIdentity)
    }

    @Test("a dropped answer leaves the batch committed, and the same batch again is settled once")
    func droppedAnswer() throws {
        let platform = try PlatformProcess()
        try platform.makeCertificate("gateway", by: "ca", names: urn)
        let events = try SampleEvents.plain(epoch, 1...5)
        let body = Batch.encode(events)
        try platform.serve(["--fault-drop-answer", "1"])
        let dropped = try platform.curl(
            "POST", Wire.batchesPath, certificate: "gateway", headers: headers(body, 1...5), body: Gzip.compress(body))
        #expect(dropped.exit != 0)
        #expect(dropped.status == 0)
        #expect(platform.stop() == 0)
        try platform.serve(["--fault-latency", "20"])
        let again = try platform.curl(
            "POST", Wire.batchesPath, certificate: "gateway", headers: headers(body, 1...5), body: Gzip.compress(body))
        #expect(try WireJSON.decode(BatchAnswer.self, from: again.body) == BatchAnswer(acceptedThrough: 5))
        let listed = try platform.run(["events", "--store", platform.store]).output
        #expect(listed.split(separator: "\n").count == 5)
    }

    @Test("entries that are put come back on a signed page of the key that `feed-key new` made")
    func subjects() throws {
        let platform = try PlatformProcess()
        try platform.makeCertificate("gateway", by: "ca", names: urn)
        let key = platform.path("feed.key")
        let made = try platform.run(["feed-key", "new", key])
        let item = try WireJSON.decode([String: String].self, from: made.output.utf8)
        #expect(try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int == 0o600)
        #expect(try platform.run(["feed-key", "show", key]).output == made.output)
        #expect(try platform.run(["feed-key", "new", key]).error.contains("exists already"))
        try platform.serve(["--feed-key", key])
        let file = platform.path("subjects.ndjson")
        try Data("{\"subject_id\":\"s-1\",\"kind\":\"person\",\"keys\":[]}\n".utf8).write(to: URL(filePath: file))
        // Beside the running platform, which serves it with the next request.
        let put = try platform.run([
            "subjects", "put", file, "--store", platform.store, "--gateway", SampleEvents.gateway,
        ])
        #expect(put.output == "1 entries added\n")
        let answer = try platform.curl("GET", Wire.subjectsPath, certificate: "gateway")
        let page = try WireJSON.decode(SignedPage.self, from: answer.body)
        let header = try WireJSON.decode(SignedPageHeader.self, from: #require(Base64URL.decode(page.protected)))
        #expect(header.kid == item["kid"])
        let text = try #require(item["public_key"])
        let publicKey = try Curve25519.Signing.PublicKey(rawRepresentation: #require(Base64URL.decode(text)))
        let signature = try #require(Base64URL.decode(page.signature))
        #expect(publicKey.isValidSignature(signature, for: Data("\(page.protected).\(page.payload)".utf8)))
        let pages = try platform.run([
            "subjects", "pages", "--store", platform.store, "--gateway", SampleEvents.gateway, "--feed-key", key,
        ])
        #expect(try WireJSON.decode(SignedPage.self, from: pages.output.utf8) == page)
    }

    @Test("without a key file the store keeps one key for all its runs")
    func ownKey() throws {
        let platform = try PlatformProcess()
        let first = try platform.run(["feed-key", "show", "--store", platform.store])
        #expect(first.output.contains("public_key"))
        #expect(try platform.run(["feed-key", "show", "--store", platform.store]).output == first.output)
    }

    @Test("a mistake on the command line is told in one line, with a non-zero exit")
    func mistakes() throws {
        let platform = try PlatformProcess()
        let serve = ["serve", "--certificate", "x", "--key", "x", "--client-ca", "x", "--store", platform.store]
        let cases: [([String], String)] = [
            (["events", "--store", "mysql:x"], "store"),
            (["events", "--store", "sqlite:" + platform.path("none.sqlite")], "there is nothing yet"),
            (serve + ["--fault-503", "2"], "--fault-503 is a share from 0 to 1"),
            (serve + ["--listen", "nonsense"], "listen"), (serve, "certificate x"),
            (serve + ["--identity-header", "X-Client-Cert"], "--identity-header needs --listen unix:PATH"),
            (["serve", "--store", platform.store, "--listen", "unix:/x"], "needs --identity-header"),
            (["serve", "--store", platform.store], "needs --certificate, --key and --client-ca"),
            (
                serve + ["--listen", "unix:/x", "--identity-header", "X-Client-Cert"], "are the proxy's business"
            ), (serve + ["--capacity", "0"], "--capacity is more than 0"),
            (
                ["events", "--store", "postgres://secret:word@127.0.0.1:1/x"],
                "store postgres://127.0.0.1:1/x: cannot be"
            ),
            (["feed-key", "show"], "one of them"),
            (["subjects", "put", "/dev/null", "--store", platform.store, "--gateway", "a b"], "--gateway"),
        ]
        for (arguments, reason) in cases {
            let result = try platform.run(arguments)
            #expect(result.status != 0)
            #expect(result.error.contains(reason), "\(arguments)")
        }
    }

    @Test("an address that cannot be listened on, or a key of another certificate, is named with what to do")
    func listenMistakes() throws {
        let platform = try PlatformProcess()
        try platform.makeCertificate("gateway", by: "ca", names: urn)
        try platform.serve()
        let taken = "127.0.0.1:\(platform.port)"
        func serve(_ listen: String, key: String = "server.key") throws -> PlatformProcess.Result {
            let store = "sqlite:" + platform.path("\(UUID().uuidString).sqlite")
            let files = ["--certificate", platform.path("server.pem"), "--client-ca", platform.path("ca.pem")]
            return try platform.run(
                ["serve", "--listen", listen, "--store", store]
                    + (listen.hasPrefix("unix:")
                        ? ["--identity-header", "X-Client-Cert"] : files + ["--key", platform.path(key)]))
        }
        let socket = "unix:" + platform.path("none/one")
        let cases = [
            (try serve(taken), "listen \(taken): another program listens there; stop it, or choose another port"),
            (try serve("192.0.2.1:0"), "listen 192.0.2.1:0: is no address of this machine"),
            (try serve(socket), "listen \(socket): there is no directory \(platform.path("none")); make it first"),
            (
                try serve("127.0.0.1:0", key: "gateway.key"),
                "key \(platform.path("gateway.key")): is not the key of certificate \(platform.path("server.pem"))"
            ),
        ]
        for (result, reason) in cases {
            #expect(result.status != 0)
            #expect(result.error.contains(reason), "\(result.error)")
            #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
        }
    }
}
