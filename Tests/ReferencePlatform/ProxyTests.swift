import Crypto
import Foundation
import PlatformAPI
import Testing

@testable import footbridge_platform

/// Two instances behind one address, with a real nginx in front.
@Suite(
    "Behind a proxy",
    .enabled(
        if: PlatformProcess.hasTools && PostgresCluster.isInstalled && Nginx.isInstalled,
        "needs openssl, curl, nginx and PostgreSQL: scripts/setup-peers"))
struct ProxyTests {
    private let epoch = UUID()

    private func url(_ location: StoreLocation) -> String {
        guard case .postgres(let url) = location else { return "" }
        return url
    }

    private func headers(_ body: [UInt8], _ range: ClosedRange<UInt64>) -> [String] {
        [
            "Content-Type: \(Wire.batchMediaType)", "Content-Encoding: gzip",
            "\(Wire.sentAtHeader): \(SampleEvents.time)",
            "\(Wire.idempotencyKeyHeader): \(BenchClient.key(body, epoch, range.lowerBound, range.upperBound))",
        ]
    }

    /// Sends ten batches, each twice, through the socket `front`.
    private func send(_ platform: PlatformProcess, _ events: [[UInt8]], extra: [String] = []) throws {
        for batch in 0..<10 {
            let first = UInt64(batch * 5 + 1)
            let body = Batch.encode(Array(events[batch * 5..<batch * 5 + 5]))
            for _ in 1...2 {
                let answer = try platform.curl(
                    "POST", Wire.batchesPath, certificate: "gateway",
                    headers: headers(body, first...first + 4) + extra, body: Gzip.compress(body), socket: "front")
                #expect(answer.status == 200)
                #expect(
                    try WireJSON.decode(BatchAnswer.self, from: answer.body) == BatchAnswer(acceptedThrough: first + 4))
            }
        }
    }

    @Test(
        "nginx ends mutual TLS and hands on the certificate: batches alternate between two instances, each is stored once"
    )
    func identityHeader() async throws {
        let store = try await url(PostgresCluster.schema())
        let platform = try PlatformProcess()
        try platform.makeCertificate("gateway", by: "ca", names: "URI:" + GatewayName.urn(SampleEvents.gateway))
        try platform.makeCertificate("other", by: "ca", names: "URI:urn:footbridge:gateway:other")
        try platform.serve(socket: "one", store: store)
        try platform.serve(socket: "two", store: store)
        let mode = try FileManager.default.attributesOfItem(atPath: platform.path("one"))[.posixPermissions]
        #expect(mode as? Int == 0o660)
        try await Nginx.start(
            in: platform,
            http: """
                upstream platform { server unix:\(platform.path("one")); server unix:\(platform.path("two")); }
                log_format where '$upstream_addr';
                access_log \(platform.path("access.log")) where;
                server {
                    listen unix:\(platform.path("front")) ssl;
                    ssl_certificate \(platform.path("server.pem"));
                    ssl_certificate_key \(platform.path("server.key"));
                    ssl_client_certificate \(platform.path("ca.pem"));
                    ssl_verify_client on;
                    location / {
                        proxy_pass http://platform;
                        proxy_set_header X-Client-Cert $ssl_client_escaped_cert;
                    }
                }
                """)
        let events = try SampleEvents.plain(epoch, 1...50)
        // A header of the client's own is replaced: it cannot make itself another gateway.
        let forged = try String(contentsOfFile: platform.path("other.pem"), encoding: .utf8)
            .addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        try send(platform, events, extra: ["X-Client-Cert: \(#require(forged))"])
        let log = try String(contentsOfFile: platform.path("access.log"), encoding: .utf8)
        for socket in ["one", "two"] {
            #expect(log.split(separator: "\n").count { $0 == "unix:" + platform.path(socket) } == 10)
        }
        let stranger = try platform.curl("GET", Wire.subjectsPath, certificate: nil, socket: "front")
        #expect(stranger.status == 400)
        let listed = try platform.run(["events", "--store", store]).output
        #expect(listed == events.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined())
    }

    @Test("nginx passes TLS through: each instance sees the client's certificate itself", .enabled(if: Nginx.hasStream))
    func passthrough() async throws {
        let store = try await url(PostgresCluster.schema())
        let platform = try PlatformProcess()
        try platform.makeCertificate("gateway", by: "ca", names: "URI:" + GatewayName.urn(SampleEvents.gateway))
        try platform.serve(store: store)
        let one = platform.port
        try platform.serve(store: store)
        try await Nginx.start(
            in: platform,
            stream: """
                upstream platform { server 127.0.0.1:\(one); server 127.0.0.1:\(platform.port); }
                server { listen unix:\(platform.path("front")); proxy_pass platform; }
                """)
        let events = try SampleEvents.plain(epoch, 1...50)
        try send(platform, events)
        let listed = try platform.run(["events", "--store", store, "--corrected"]).output
        #expect(listed.split(separator: "\n").count == 50)
        #expect(listed.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"correctedtime\":\"") })
    }

    @Test(
        "a header that is missing, no certificate, or there twice is refused with 403",
        arguments: [
            [], [""], ["%"], ["nonsense"], ["-----BEGIN%20CERTIFICATE-----%0AAAAA%0A-----END%20CERTIFICATE-----%0A"],
        ])
    func badHeader(_ values: [String]) throws {
        let platform = try PlatformProcess()
        try platform.serve(socket: "one", store: platform.store)
        let arguments = values.flatMap { ["-H", $0.isEmpty ? "X-Client-Cert;" : "X-Client-Cert: \($0)"] }
        let answer = try platform.plainCurl(arguments, path: Wire.subjectsPath, socket: "one")
        #expect(answer == "403")
        let twice = try platform.plainCurl(
            arguments + arguments + ["-H", "X-Client-Cert: x"], path: "/", socket: "one")
        #expect(twice == "403")
        // A socket that an instance left behind is taken over; one in use is not.
        let second = try platform.run([
            "serve", "--listen", "unix:" + platform.path("one"), "--identity-header", "X-Client-Cert", "--store",
            platform.store,
        ])
        #expect(second.error.contains("another program listens there"))
    }
}

/// A real nginx in the directory of a test.
enum Nginx {
    private static let program = "/usr/sbin/nginx"
    private static let streamModule = "/usr/lib/nginx/modules/ngx_stream_module.so"

    static let isInstalled = FileManager.default.isExecutableFile(atPath: program)
    static let hasStream = FileManager.default.fileExists(atPath: streamModule)

    /// Starts it and waits until the socket `front` is there.
    static func start(in platform: PlatformProcess, http: String? = nil, stream: String? = nil) async throws {
        var text = """
            daemon off; pid \(platform.path("nginx.pid")); error_log \(platform.path("nginx.log")); user root;

            """
        if stream != nil { text += "load_module \(streamModule);\n" }
        text += "events {}\n"
        if let http {
            text +=
                "http {\nclient_body_temp_path \(platform.path("body"));\nproxy_temp_path \(platform.path("proxy"));\n\(http)\n}\n"
        }
        if let stream { text += "stream {\n\(stream)\n}\n" }
        try Data(text.utf8).write(to: URL(filePath: platform.path("nginx.conf")))
        try platform.launch(program, ["-c", platform.path("nginx.conf")])
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while !FileManager.default.fileExists(atPath: platform.path("front")) {
            guard ContinuousClock.now < deadline else {
                let log = try? String(contentsOfFile: platform.path("nginx.log"), encoding: .utf8)
                throw PlatformProcess.Failure(description: "nginx did not start: \(log ?? "")")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
