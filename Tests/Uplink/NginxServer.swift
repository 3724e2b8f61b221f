import Foundation

@testable import Uplink

/// nginx in front of a backend, as a platform's operator would set it up: client certificates, HTTP/2, limits of its own.
final class NginxServer {
    static let program = PeerProcess.path(of: "nginx")

    private let process: PeerProcess
    private let authority: TestAuthority
    private let backend: TestServer
    private let text: (Int, String) -> String

    /// - Parameters:
    ///   - protocols: of `ssl_protocols`.
    ///   - extra: more directives of the server.
    init(
        _ authority: TestAuthority, backend: TestServer, certificate: String = "server",
        protocols: String = "TLSv1.2 TLSv1.3", verify: Bool = true, extra: String = ""
    ) throws {
        self.authority = authority
        self.backend = backend
        let directory = authority.file("nginx-" + UUID().uuidString)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(directory)/t;" }
            .joined(separator: " ")
        let client =
            verify ? "ssl_client_certificate \(authority.file("ca.pem")); ssl_verify_client on; " : ""
        text = { port, extra in
            """
            \(geteuid() == 0 ? "user root;" : "") worker_processes 1; daemon off; pid \(directory)/pid;
            error_log \(directory)/error.log; events { worker_connections 64; }
            http {
                log_format lines "$connection $server_protocol $ssl_protocol $status"; \(temporary)
                access_log \(directory)/access.log lines;
                server {
                    listen 127.0.0.1:\(port) ssl http2; ssl_protocols \(protocols);
                    ssl_certificate \(authority.file(certificate + ".pem"));
                    ssl_certificate_key \(authority.file(certificate + ".key")); \(client) \(extra)
                    location / {
                        proxy_pass http://127.0.0.1:\(backend.port); proxy_set_header X-Protocol $server_protocol;
                        proxy_set_header X-TLS $ssl_protocol; proxy_set_header X-Serial $ssl_client_serial;
                    }
                }
            }
            """
        }
        process = try PeerProcess(
            [Self.program ?? "nginx", "-e", directory + "/error.log", "-c", directory + "/peer.conf"], in: directory
        ) { [text] in text($0, extra) }
    }

    /// Other directives in place of `extra`, put in force at run time.
    func reload(extra: String) throws {
        try Data(text(process.port, extra).utf8).write(to: URL(fileURLWithPath: process.directory + "/peer.conf"))
        let pid = try String(contentsOfFile: process.directory + "/pid", encoding: .utf8)
        guard let pid = Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines)), kill(pid, SIGHUP) == 0 else {
            throw PeerProcess.Failure(description: "nginx cannot be told to reload")
        }
    }

    /// `CONNECTION PROTOCOL TLS STATUS`, one a request.
    var log: [[String]] {
        let text = (try? String(contentsOfFile: process.directory + "/access.log", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }

    func configuration(ca: String? = "ca", client: String? = "client") -> HTTPSClient.Configuration {
        HTTPSClient.Configuration(
            url: "https://127.0.0.1:\(process.port)", certificate: client.map { authority.file($0 + ".pem") },
            key: client.map { authority.file($0 + ".key") }, authorities: ca.map { authority.file($0 + ".pem") })
    }
}
