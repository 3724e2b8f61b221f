import Foundation
import PlatformAPI
import Testing

@testable import Uplink

private enum Tinyproxy {
    static let program = PeerProcess.path(of: "tinyproxy")
}

@Suite(
    "Through a CONNECT proxy",
    .enabled(if: TestAuthority.isAvailable && Tinyproxy.program != nil, "scripts/setup-peers"))
struct ProxyTests {
    private let authority = TestAuthority.shared

    /// tinyproxy that wants `shop:secret77` and opens tunnels to one port.
    private func proxy(_ authority: TestAuthority, to port: Int) throws -> PeerProcess {
        let directory = authority.file("proxy-" + UUID().uuidString)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        return try PeerProcess([Tinyproxy.program ?? "tinyproxy", "-d", "-c", directory + "/peer.conf"], in: directory)
        {
            """
            Port \($0)
            Listen 127.0.0.1
            Timeout 60
            MaxClients 20
            Allow 127.0.0.1
            BasicAuth shop secret77
            ConnectPort \(port)
            """
        }
    }

    private func credentials(_ authority: TestAuthority, _ text: String, mode: Int = 0o600) throws -> String {
        let path = authority.file(UUID().uuidString)
        #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: nil))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    @Test("the platform's TLS goes through the tunnel unopened, with the proxy's name and password from a file")
    func tunnel() throws {
        let authority = try self.authority.get()
        let server = try TestServer(authority, clientCA: "ca")
        let proxy = try proxy(authority, to: server.port)
        var configuration = server.configuration(client: "client")
        configuration.proxy = .init(
            url: "http://127.0.0.1:\(proxy.port)", credentialsFile: try credentials(authority, "shop:secret77\n"))
        let client = try HTTPSClient(configuration)
        for _ in 0..<3 { #expect(try client.perform(HTTPRequest(.put, "/v1/state", body: [])).status == 204) }
        let requests = try server.requests()
        #expect(requests.count == 3)
        #expect(requests.allSatisfy { $0.headers["proxy-authorization"] == nil })
    }

    @Test("each refusal on the way has its own line, and no line holds the password")
    func refusals() throws {
        let authority = try self.authority.get()
        let server = try TestServer(authority)
        let proxy = try proxy(authority, to: server.port)
        let other = try TestServer(authority)
        let name = "127.0.0.1:\(proxy.port)"
        func error(
            _ file: String?, to server: TestServer, proxy: String = "http://127.0.0.1:\(proxy.port)"
        ) throws -> UplinkError? {
            var configuration = server.configuration()
            configuration.proxy = .init(url: proxy, credentialsFile: file)
            let client = try HTTPSClient(configuration)
            return #expect(throws: UplinkError.self) { try client.perform(HTTPRequest(.get, "/")) }
        }
        let right = try credentials(authority, "shop:secret77")
        let wrong = try credentials(authority, "shop:hunter2")
        let open = try credentials(authority, "shop:secret77", mode: 0o644)
        let empty = try credentials(authority, "just-a-word")
        let errors = [
            try error(nil, to: server), try error(wrong, to: server), try error(right, to: other),
            try error(right, to: server, proxy: "http://127.0.0.1:1"),
            try error(right, to: server, proxy: "http://proxy.invalid:3128"),
            try error(open, to: server), try error(empty, to: server),
        ]
        #expect(errors[0] == .proxyCredentials(proxy: name) && errors[1] == errors[0])
        #expect(errors[2] == .proxyRefused(proxy: name, host: "127.0.0.1", status: 403))
        #expect(errors[3] == .proxyUnreachable(proxy: "127.0.0.1:1"))
        #expect(errors[4] == .proxyNotFound(proxy: "proxy.invalid:3128"))
        #expect(errors[5]?.description.contains("chmod 600") == true)
        #expect(errors[6]?.description.contains("name:password") == true)
        #expect(errors.map { $0?.needsOperator } == [true, true, true, false, false, true, true])
        let lines = errors.compactMap { $0?.description }
        #expect(Set(lines).count == 6)
        #expect(lines.allSatisfy { !$0.contains("secret") && !$0.contains("hunter2") && !$0.contains("\n") })
        #expect(try server.requests().isEmpty && other.requests().isEmpty)
    }

    @Test(
        "a proxy that hangs, closes or speaks something else is named, not the platform",
        arguments: ["", "bye", "SSH-2.0-x\r\n"])
    func mute(answer: String) throws {
        let proxy = try MuteProxy(answer: answer)
        var configuration = HTTPSClient.Configuration(url: "https://platform.invalid")
        configuration.connectTimeout = .seconds(2)
        configuration.timeout = .seconds(2)
        configuration.proxy = .init(url: "http://127.0.0.1:\(proxy.port)", credentialsFile: nil)
        let client = try HTTPSClient(configuration)
        let error = #expect(throws: UplinkError.self) { try client.perform(HTTPRequest(.get, "/")) }
        guard case .proxyMute(let name, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(name == "127.0.0.1:\(proxy.port)")
        #expect(error?.needsOperator == false)
    }

    @Test("a platform that is away behind the proxy is waited for")
    func platformAway() throws {
        let authority = try self.authority.get()
        let server = try TestServer(authority)
        let proxy = try proxy(authority, to: 1)
        var configuration = server.configuration()
        configuration.url = "https://127.0.0.1:1"
        configuration.proxy = .init(
            url: "http://127.0.0.1:\(proxy.port)", credentialsFile: try credentials(authority, "shop:secret77"))
        let client = try HTTPSClient(configuration)
        let error = #expect(throws: UplinkError.self) { try client.perform(HTTPRequest(.get, "/")) }
        guard case .proxyRefused(_, _, let status) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(status >= 500 && error?.needsOperator == false)
    }
}
