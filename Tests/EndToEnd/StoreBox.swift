import Foundation
import Gateway
import Glibc
import Simulation
import Subjects

@testable import footbridge

/// A box in a store of its own, with a platform: the real programs as processes, mutual TLS by a throwaway authority, ptys for tills.
final class StoreBox {
    static let gateway = "box-1"

    let folder: DemoFolder
    let tills: [FakeTill]
    private let authority: ThrowawayAuthority
    private var port: Int?
    private(set) var platform: ChildProcess?
    private(set) var daemon: ChildProcess?

    /// - Parameters:
    ///   - tills: how many.
    ///   - configuration: more of the YAML, for the end of the file.
    init(tills count: Int = 0, configuration extra: String = "") throws {
        folder = try DemoFolder(path: "/tmp/fb-e2e-\(UUID().uuidString.prefix(8))")
        authority = try ThrowawayAuthority(folder: folder.certificates)
        try authority.issue("server", alternativeName: "DNS:localhost,IP:127.0.0.1", usage: "serverAuth")
        try authority.issue(
            "gateway", alternativeName: "URI:urn:footbridge:gateway:\(Self.gateway)", usage: "clientAuth")
        let folder = folder
        tills = try (0..<count).map { try FakeTill(name: "till-\($0)", link: folder.till("till-\($0)")) }
        let key = try ChildProcess.output(
            try ChildProcess.sibling("footbridge-platform"), ["feed-key", "new", folder.feedKey])
        let item = try JSONDecoder().decode([String: String].self, from: key)
        try OutputFile.write("00112233445566778899aabbccddeeff\n".utf8, to: folder.hashKey, mode: 0o600)
        try startPlatform()
        let names = tills.map { "  - {name: \($0.name), port: {tty: \"\($0.link)\"}, hard_idle: 5s}" }
        try OutputFile.write(
            """
            gateway: {id: \(Self.gateway), state_directory: "\(folder.state)"}
            store: {code: "0042", time_zone: Europe/Berlin, currency: EUR}
            platform:
              url: "https://localhost:\(port ?? 0)"
              certificate: "\(folder.certificates)/gateway.pem"
              key: "\(folder.certificates)/gateway.key"
              ca: "\(folder.certificates)/ca.pem"
              feed_keys: [{kid: "\(item["kid"] ?? "")", public_key: "\(item["public_key"] ?? "")"}]
              poll_interval: 10s
              timeout: 10min
              connect_timeout: 5min
            subjects: {hash_key_file: "\(folder.hashKey)"}
            \(names.isEmpty ? "" : "tills:\n" + names.joined(separator: "\n"))
            \(extra)

            """.utf8, to: folder.configuration)
    }

    deinit {
        daemon?.killAtOnce()
        platform?.killAtOnce()
        try? FileManager.default.removeItem(atPath: folder.path)
    }

    // MARK: The platform

    /// Starts the platform; the first start chooses the port, later ones keep it.
    func startPlatform(_ options: [String] = []) throws {
        let offset = Self.text(folder.platformLog).utf8.count
        platform = try ChildProcess(
            try ChildProcess.sibling("footbridge-platform"),
            [
                "serve", "--listen", "127.0.0.1:\(port ?? 0)", "--certificate", "\(folder.certificates)/server.pem",
                "--key",
                "\(folder.certificates)/server.key", "--client-ca", authority.certificate, "--store",
                folder.platformStore,
                "--feed-key", folder.feedKey, "--strict",
            ] + options, log: folder.platformLog)
        try wait("the platform to listen") {
            let said = String(decoding: Self.text(self.folder.platformLog).utf8.dropFirst(offset), as: UTF8.self)
            guard let line = said.split(separator: "\n").first(where: { $0.contains("listening on") }),
                let number = line.split(separator: ":").last.flatMap({ Int($0) })
            else { return false }
            self.port = number
            return true
        }
    }

    func stopPlatform() {
        platform?.killAtOnce()
        platform = nil
    }

    /// Every event that the platform holds.
    func events() throws -> ReportedDay {
        var day = ReportedDay()
        for line in try eventLines() { day.add(line: line) }
        return day
    }

    func eventLines(_ options: [String] = []) throws -> [Data] {
        try ChildProcess.output(
            try ChildProcess.sibling("footbridge-platform"), ["events", "--store", folder.platformStore] + options
        ).split(separator: 0x0A).map { Data($0) }
    }

    func putSubjects(_ entries: [SubjectEntry]) throws {
        try OutputFile.write(SubjectLines.encode(entries), to: folder.subjects)
        _ = try ChildProcess.output(
            try ChildProcess.sibling("footbridge-platform"),
            ["subjects", "put", folder.subjects, "--store", folder.platformStore])
    }

    // MARK: The daemon

    /// Simulated seconds since the first call, sixty a second.
    private let clock = ["--clock-origin", "1812704400@\(Int(Pace.now()))", "--clock-rate", "60"]

    /// - Parameters:
    ///   - clock: other options of the clock.
    ///   - environment: in addition.
    func startDaemon(
        _ options: [String] = [], clock: [String]? = nil, environment: [String: String] = [:]
    ) throws {
        daemon = try ChildProcess(
            try ChildProcess.sibling("footbridge"),
            ["run", "--config", folder.configuration, "--accepted-log", folder.acceptedLog] + (clock ?? self.clock)
                + options,
            log: folder.log, environment: environment)
        try wait("the daemon to answer") { self.status() != nil }
    }

    func killDaemon() {
        daemon?.killAtOnce()
        daemon = nil
    }

    /// SIGTERM, and the exit code.
    func stopDaemon() throws -> Int32 {
        guard let daemon else { return -1 }
        daemon.terminate()
        guard daemon.waits(seconds: 30) else { throw DemoFailure("no stop within 30 s of SIGTERM\(daemon.lastWords)") }
        self.daemon = nil
        return daemon.status
    }

    func status() -> StatusReport? {
        guard let bytes = try? ControlSocket.ask(path: folder.controlSocket) else { return nil }
        return StatusReport(json: bytes)
    }

    var acceptedLog: String { Self.text(folder.acceptedLog) }
    var log: String { Self.text(folder.log) }

    // MARK: Waiting

    /// Waits for something that will happen, not for time to pass; three minutes are far beyond any of it.
    func wait(_ what: String, until happened: () throws -> Bool) throws {
        let deadline = Pace.now() + 180
        while try !happened() {
            if Pace.now() > deadline {
                throw DemoFailure(
                    "waited three minutes for \(what)\(daemon?.lastWords ?? "")\(platform?.lastWords ?? "")")
            }
            for till in tills { till.flush() }
            usleep(10_000)
        }
    }

    static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    /// A receipt as a till prints it.
    static func receipt(_ number: Int, loyalty: String? = nil) -> [UInt8] {
        let text = """
            NORTHGATE HOME
            Receipt No: \(number)
            11/06/2027 10:0\(number % 10):\(10 + number % 50)
            Socks                 4.50
            TOTAL            EUR  4.50
            \(loyalty.map { "Loyalty: \($0)\n" } ?? "")Thank you

            """
        return [0x1B, 0x40] + Array(text.utf8) + [0x1D, 0x56, 0x00]
    }
}
