import Foundation
import Glibc
import Simulation
import Subjects

/// Everything that stands before the programs start: certificates, the feed's key and entries, the configuration, the truth.
struct DemoSetting {
    let serveArguments: [String]

    init(simulation: StoreSimulation, folder: DemoFolder, platform: String) throws {
        let authority = try ThrowawayAuthority(folder: folder.certificates)
        try authority.issue("server", alternativeName: "DNS:localhost,IP:127.0.0.1", usage: "serverAuth")
        try authority.issue(
            "gateway", alternativeName: "URI:urn:footbridge:gateway:\(SimulationOptions.gateway)", usage: "clientAuth")
        for name in ["gateway.pem", "gateway.key", "ca.pem"] {
            try FileManager.default.copyItem(
                atPath: "\(folder.certificates)/\(name)", toPath: "\(folder.gateway)/\(name)")
        }
        chmod("\(folder.gateway)/gateway.key", 0o600)

        let item = try ChildProcess.output(platform, ["feed-key", "new", folder.feedKey])
        guard let key = try? JSONDecoder().decode(FeedKeyItem.self, from: item) else {
            throw DemoFailure("footbridge-platform feed-key new printed something else than a key")
        }
        try OutputFile.write(SubjectLines.encode(simulation.entries), to: folder.subjects)
        _ = try ChildProcess.output(platform, ["subjects", "put", folder.subjects, "--store", folder.platformStore])

        let json = JSONEncoder()
        json.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try OutputFile.write(json.encode(simulation.truth), to: folder.truth)
        try OutputFile.write((HexText.text(simulation.hashKey) + "\n").utf8, to: folder.hashKey, mode: 0o600)

        let port = try Self.freePort()
        serveArguments = [
            "serve", "--listen", "127.0.0.1:\(port)", "--certificate", "\(folder.certificates)/server.pem", "--key",
            "\(folder.certificates)/server.key", "--client-ca", authority.certificate, "--store", folder.platformStore,
            "--feed-key", folder.feedKey,
        ]
        let configuration = ConfigurationText(
            stateDirectory: folder.state, hashKeyFile: folder.hashKey,
            platform: ConfigurationText.Platform(
                url: "https://localhost:\(port)", certificate: "\(folder.gateway)/gateway.pem",
                key: "\(folder.gateway)/gateway.key", authority: "\(folder.gateway)/ca.pem",
                feedKeys: [(kid: key.kid, publicKey: key.publicKey)]))
        let yaml = configuration.yaml(simulation) {
            .h4(socket: folder.radio($0.rawValue))
        } port: {
            .tty(path: folder.till($0.rawValue))
        }
        try OutputFile.write(yaml.utf8, to: folder.configuration)
    }

    private struct FeedKeyItem: Decodable {
        let kid: String
        let publicKey: String

        enum CodingKeys: String, CodingKey {
            case kid
            case publicKey = "public_key"
        }
    }

    /// A TCP port that nobody uses now; the platform must come back on the same one.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw DemoFailure("socket: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard result else { throw DemoFailure("127.0.0.1: no free port: \(String(cString: strerror(errno)))") }
        return UInt16(bigEndian: address.sin_port)
    }
}
