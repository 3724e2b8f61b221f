import Foundation

@testable import Uplink

/// A real TLS server in another process: Python's, which knows nothing of our code.
final class TestServer: Sendable {
    static let python = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        .map { $0 + "/python3" }.first(where: FileManager.default.isExecutableFile)

    private static let script = """
        import gzip, json, os, ssl, subprocess, sys, threading, time
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        cert, key, client_ca, directory = sys.argv[1:5]
        accepted, refused = os.environ.get("ACCEPTED"), os.environ.get("REFUSED", "").split()
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *a): pass
            def answer(self, status, body=b"", kind="application/json", headers={}):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                for k, v in headers.items(): self.send_header(k, v)
                self.end_headers()
                self.wfile.write(body)
            def body(self):
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                coding = self.headers.get("Content-Encoding")
                if coding == "zstd": return subprocess.run(["zstd", "-dcq"], input=raw, capture_output=True).stdout
                return gzip.decompress(raw) if coding == "gzip" else raw
            # What the test wants every request to be answered with, if anything.
            def told(self):
                try: status = int(open(directory + "/status").read())
                except (OSError, ValueError): return False
                problem = json.dumps({"status": status, "title": "told to", "detail": str(time.time())}).encode()
                self.answer(status, problem, "application/problem+json")
                return True
            def note(self, body):
                with open(directory + "/requests.ndjson", "a") as f:
                    f.write(json.dumps({"method": self.command, "path": self.path, "body": body.decode(),
                        "from": self.client_address[1],
                        "headers": {k.lower(): v for k, v in self.headers.items()}}) + "\\n")
            def do_POST(self):
                body = self.body(); self.note(body)
                if self.told(): return
                if (self.headers.get("Content-Encoding") or "identity") in refused:
                    problem = b'{"type":"urn:footbridge:problem:unsupported-media","status":415}'
                    return self.answer(415, problem, "application/problem+json", {"Accept-Encoding": "gzip"})
                last = int(json.loads(body)[-1]["sequence"])
                self.answer(200, json.dumps({"accepted_through": last, "rejected": []}).encode(),
                    headers={"Accept-Encoding": accepted} if accepted else {})
            def do_PUT(self):
                self.note(self.body())
                if not self.told(): self.answer(204)
            def do_GET(self):
                if self.path == "/drop": self.close_connection = True; self.connection.shutdown(2); return
                if self.path == "/big": return self.answer(200, b"x" * 100000)
                if self.path == "/slow": time.sleep(600)
                if self.path == "/503": return self.answer(503, b"{}", headers={"Retry-After": "7"})
                self.note(b"")
                if self.told(): return
                cursor = self.path.partition("cursor=")[2] or "0"
                page = directory + "/page-" + cursor
                if os.path.exists(page): return self.answer(200, open(page, "rb").read(), "application/jose+json")
                self.answer(204)
        server = ThreadingHTTPServer((os.environ["ADDRESS"], int(os.environ["PORT"])), Handler)
        if cert != "-":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(cert, key)
            if client_ca != "-":
                context.load_verify_locations(client_ca); context.verify_mode = ssl.CERT_REQUIRED
            if len(sys.argv) > 5: context.maximum_version = ssl.TLSVersion.TLSv1_2
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.daemon_threads = True
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """

    private let process = Process()
    /// The server ends when this closes: with this object, or with the test process however it ends.
    private let life = Pipe()
    private let authority: TestAuthority
    let directory: String
    let port: Int

    struct Request: Decodable {
        var method: String
        var path: String
        var body: String
        /// The client's port: one a connection.
        var from: Int
        var headers: [String: String]
    }

    /// - Parameters:
    ///   - certificate: nil speaks plain HTTP, as the backend of another server.
    ///   - port: 0 takes a free one.
    ///   - accepted: `Accept-Encoding` of its answers to batches.
    ///   - refused: codings that it answers with 415.
    init(
        _ authority: TestAuthority, certificate: String? = "server", clientCA: String? = nil, tls12: Bool = false,
        address: String = "127.0.0.1", port: Int = 0, accepted: String? = nil, refused: [String] = []
    ) throws {
        self.authority = authority
        directory = authority.file(UUID().uuidString)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        process.executableURL = URL(fileURLWithPath: Self.python ?? "/usr/bin/python3")
        process.arguments =
            [
                "-c", Self.script, certificate.map { authority.file($0 + ".pem") } ?? "-",
                certificate.map { authority.file($0 + ".key") } ?? "-",
                clientCA.map { authority.file($0 + ".pem") } ?? "-", directory,
            ] + (tls12 ? ["1.2"] : [])
        var environment = ProcessInfo.processInfo.environment
        environment["ADDRESS"] = address
        environment["PORT"] = "\(port)"
        environment["ACCEPTED"] = accepted
        environment["REFUSED"] = refused.joined(separator: " ")
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = life
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw TestAuthority.Failure(description: "the server did not start")
        }
        self.port = port
    }

    deinit { try? life.fileHandleForWriting.close() }

    func configuration(ca: String? = "ca", client: String? = nil, host: String = "127.0.0.1")
        -> HTTPSClient.Configuration
    {
        HTTPSClient.Configuration(
            url: "https://\(host):\(port)", certificate: client.map { authority.file($0 + ".pem") },
            key: client.map { authority.file($0 + ".key") }, authorities: ca.map { authority.file($0 + ".pem") },
            maximumAnswer: 50_000)
    }

    /// Every request is answered with this status from now on, in new words each time; nil ends it.
    func answer(_ status: Int?) throws {
        try Data((status.map { "\($0)" } ?? "").utf8).write(
            to: URL(fileURLWithPath: directory + "/status"), options: .atomic)
    }

    func requests() throws -> [Request] {
        guard let text = try? String(contentsOfFile: directory + "/requests.ndjson", encoding: .utf8) else { return [] }
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
    }
}
