import CCurl
import Foundation
import PlatformAPI
import Testing

@testable import Uplink

@Suite("HTTPS to a real TLS server", .enabled(if: TestAuthority.isAvailable))
struct HTTPSClientTests {
    private let authority = TestAuthority.shared

    private func failure(
        _ server: TestServer, _ configuration: HTTPSClient.Configuration, _ target: String = "/"
    ) throws -> UplinkError? {
        let client = try HTTPSClient(configuration)
        return #expect(throws: UplinkError.self) { try client.perform(HTTPRequest(.get, target)) }
    }

    @Test(
        "with the right certificates a body goes there and back, gzip on the way, also over TLS 1.2",
        arguments: [false, true])
    func mutual(tls12: Bool) throws {
        let authority = try self.authority.get()
        let server = try TestServer(authority, clientCA: "ca", tls12: tls12)
        let client = try HTTPSClient(server.configuration(client: "client"))
        let body = Array(#"[{"sequence":"00000000000000000009"}]"#.utf8)
        let compressed = try #require(Gzip.compress(body))
        for _ in 0..<3 {
            let response = try client.perform(
                HTTPRequest(
                    .post, "/v1/batches", headers: [("Content-Encoding", "gzip"), ("X-Test", "1")], body: compressed))
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "application/json")
            #expect(try WireJSON.decode(BatchAnswer.self, from: response.body).acceptedThrough == 9)
        }
        let requests = try server.requests()
        #expect(requests.count == 3)
        #expect(requests.first?.body == String(decoding: body, as: UTF8.self))
        #expect(requests.first?.headers["x-test"] == "1")
        #expect(client.bytesOnWire > 300)
        #expect(try client.perform(HTTPRequest(.put, "/v1/state", body: [])).status == 204)
        let busy = try client.perform(HTTPRequest(.get, "/503"))
        #expect(busy.status == 503)
        #expect(RetryAfter.delay(headers: busy.headers, wallSeconds: 0) == .seconds(7))
    }

    @Test("the bytes of a body are counted once, whether libcurl sends it with the header or after it")
    func bytesOnWire() throws {
        let authority = try self.authority.get()
        let server = try TestServer(authority, clientCA: "ca")
        let client = try HTTPSClient(server.configuration(client: "client"))
        for size in [20_000, 200_000] {
            let before = client.bytesOnWire
            let body = [UInt8](repeating: UInt8(ascii: "x"), count: size)
            #expect(try client.perform(HTTPRequest(.put, "/v1/state", body: body)).status == 204)
            #expect((size + 50..<size + 1000).contains(client.bytesOnWire - before))
        }
    }

    @Test("each certificate trouble has its own one-line message, and all of them hold")
    func certificateTroubles() throws {
        let authority = try self.authority.get()
        let good = try TestServer(authority)
        let mutual = try TestServer(authority, clientCA: "ca")
        let troubles: [UplinkError?] = [
            try failure(TestServer(authority, certificate: "expired"), nil, authority),
            try failure(TestServer(authority, certificate: "elsewhere"), nil, authority),
            try failure(good, good.configuration(ca: "stranger")),
            try refusal(mutual, mutual.configuration()),
            try refusal(mutual, mutual.configuration(client: "stranger")),
            try failure(good, good.configuration(client: "missing")),
            try failure(good, good.configuration(ca: "missing")),
        ]
        let kinds = troubles.map { error in
            switch error {
            case .certificateExpired: "expired"
            case .wrongHost: "wrong host"
            case .unknownAuthority: "unknown authority"
            case .clientCertificateRefused: "refused"
            case .fileUnusable: "file"
            default: "\(String(describing: error))"
            }
        }
        #expect(
            kinds == ["expired", "wrong host", "unknown authority", "refused", "refused", "file", "file"])
        let lines = Set(troubles.compactMap { $0?.description })
        #expect(lines.count >= 6)
        #expect(lines.allSatisfy { !$0.contains("\n") && $0.count < 300 })
        #expect(troubles.allSatisfy { $0?.needsOperator == true })
    }

    /// With TLS 1.3 the server judges the client's certificate after the client's handshake is over; when its close
    /// overtakes its alert, the client sees a reset (RFC 8446 section 6), so a few attempts are looked at.
    private func refusal(_ server: TestServer, _ configuration: HTTPSClient.Configuration) throws -> UplinkError? {
        for _ in 0..<20 {
            let error = try failure(server, configuration)
            if error != .reset(host: "127.0.0.1") { return error }
        }
        return nil
    }

    private func failure(
        _ server: TestServer, _ nothing: Void?, _ authority: TestAuthority
    ) throws -> UplinkError? {
        try failure(server, server.configuration())
    }

    @Test("a broken or missing line is told apart, and none of it holds")
    func brokenLines() throws {
        let authority = try self.authority.get()
        let server = try TestServer(authority)
        #expect(try failure(server, server.configuration(), "/drop") == .reset(host: "127.0.0.1"))
        var nowhere = server.configuration()
        nowhere.url = "https://127.0.0.1:1"
        #expect(try failure(server, nowhere) == .refused(host: "127.0.0.1"))
        var hasty = server.configuration()
        hasty.timeout = .milliseconds(200)
        #expect(try failure(server, hasty, "/slow") == .timedOut(host: "127.0.0.1"))
    }

    @Test("what libcurl and OpenSSL say becomes one of our errors, in one line")
    func faults() {
        let configuration = HTTPSClient.Configuration(url: "https://h")
        func error(_ code: CURLcode, _ detail: String = "", verification: Int = 0) -> UplinkError {
            CurlFault(code: code, detail: detail, verification: verification, tooLarge: false, cancelled: false)
                .error(host: "h", configuration: configuration)
        }
        #expect(error(CURLE_COULDNT_RESOLVE_HOST) == .nameNotFound(host: "h"))
        #expect(error(CURLE_OPERATION_TIMEDOUT) == .timedOut(host: "h"))
        #expect(error(CURLE_PEER_FAILED_VERIFICATION, verification: 9) == .certificateNotYetValid(host: "h"))
        #expect(error(CURLE_SSL_CONNECT_ERROR, "OpenSSL SSL_connect: Connection reset by peer") == .reset(host: "h"))
        #expect(error(CURLE_SSL_CONNECT_ERROR, "wrong version number").needsOperator)
        #expect(error(CURLE_RECV_ERROR, "sslv3 alert certificate expired").needsOperator)
        #expect(error(CURLE_GOT_NOTHING) == .reset(host: "h"))
        #expect(!error(CURLE_OUT_OF_MEMORY, "two\nlines").description.contains("\n"))
    }

    @Test("an answer without end is cut off")
    func largeAnswer() throws {
        let server = try TestServer(try self.authority.get())
        let error = try failure(server, server.configuration(), "/big")
        #expect(error == .answerTooLarge(host: "127.0.0.1", maximum: 50_000))
    }

    @Test("plain HTTP is refused before anything is sent")
    func plainHTTP() throws {
        let server = try TestServer(try self.authority.get())
        var plain = server.configuration()
        plain.url = "http://127.0.0.1:\(server.port)"
        #expect(try failure(server, plain) != nil)
        #expect(try server.requests().isEmpty)
    }

    @Test("a request that hangs is broken off from another thread, at once")
    func cancel() async throws {
        let server = try TestServer(try self.authority.get())
        let client = try HTTPSClient(server.configuration())
        let began = ContinuousClock.now
        let thread = Thread { client.cancel() }
        thread.start()
        #expect(throws: UplinkError.cancelled) { try client.perform(HTTPRequest(.get, "/slow")) }
        #expect(ContinuousClock.now - began < .seconds(10))
    }
}
