import Foundation
import Synchronization
import Testing

/// The real program as a process, with certificates made by the `openssl` command.
final class PlatformProcess {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// The program lies beside the test bundle.
    static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "footbridge-platform")

    /// What the tests of this suite need besides the program.
    static let hasTools = ["/usr/bin/openssl", "/usr/bin/curl"].allSatisfy(FileManager.default.isExecutableFile)

    let directory: URL
    private var processes: [Process] = []
    private(set) var port = 0

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "footbridge-process-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try makeAuthority("ca")
        try makeCertificate("server", by: "ca", names: "DNS:localhost,IP:127.0.0.1")
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: directory)
    }

    func path(_ name: String) -> String { directory.appending(path: name).path }

    var store: String { "sqlite:" + path("platform.sqlite") }

    func makeAuthority(_ name: String) throws {
        try openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=\(name)", "-keyout", path("\(name).key"), "-out", path("\(name).pem"),
        ])
    }

    /// - Parameter names: the subject alternative names in openssl's form; nil makes a certificate without any.
    func makeCertificate(_ name: String, by authority: String, names: String?) throws {
        try openssl([
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)",
            "-keyout", path("\(name).key"), "-out", path("\(name).csr"),
        ])
        let extensions = names.map { "subjectAltName=\($0)\n" } ?? "basicConstraints=CA:FALSE\n"
        try Data(extensions.utf8).write(to: directory.appending(path: "\(name).ext"))
        try openssl([
            "x509", "-req", "-in", path("\(name).csr"), "-CA", path("\(authority).pem"), "-CAkey",
            path("\(authority).key"), "-CAcreateserial", "-days", "2", "-extfile", path("\(name).ext"), "-out",
            path("\(name).pem"),
        ])
    }

    private func openssl(_ arguments: [String]) throws {
        let result = try Self.run(URL(filePath: "/usr/bin/openssl"), arguments)
        guard result.status == 0 else { throw Failure(description: "openssl \(arguments[0]): \(result.error)") }
    }

    /// Starts `serve` with mutual TLS on a free port and waits for its line.
    ///
    /// - Parameter store: another one than the file of this directory.
    func serve(_ options: [String] = [], store: String? = nil) throws {
        let line = try launch(
            [
                "serve", "--listen", "127.0.0.1:0", "--certificate", path("server.pem"), "--key", path("server.key"),
                "--client-ca", path("ca.pem"), "--store", store ?? self.store,
            ] + options)
        let prefix = "listening on https://127.0.0.1:"
        guard line.hasPrefix(prefix), let port = Int(line.dropFirst(prefix.count)) else {
            throw Failure(description: "serve printed \(line)")
        }
        self.port = port
    }

    /// Starts `serve` on a Unix socket, behind a proxy that hands on the client's certificate.
    func serve(socket: String, store: String) throws {
        let line = try launch([
            "serve", "--listen", "unix:\(path(socket))", "--identity-header", "X-Client-Cert", "--store", store,
        ])
        guard line == "listening on unix:\(path(socket))" else { throw Failure(description: "serve printed \(line)") }
    }

    /// Starts the program and gives its first line.
    private func launch(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = arguments
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        processes.append(process)
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            guard let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty else {
                throw Failure(description: "serve ended before it listened")
            }
            line.append(byte)
        }
        return String(decoding: line.dropLast(), as: UTF8.self)
    }

    /// Starts another server of a test, which ends with this one.
    func launch(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        processes.append(process)
    }

    /// Sends SIGTERM to everything that was started and gives the exit code of the first.
    @discardableResult
    func stop() -> Int32 {
        for process in processes { process.terminate() }
        for process in processes { process.waitUntilExit() }
        defer { processes = [] }
        return processes.first?.terminationStatus ?? -1
    }

    struct Result: Sendable {
        let status: Int32
        let output: String
        let error: String
    }

    /// Runs the program with other arguments.
    func run(_ arguments: [String]) throws -> Result { try Self.run(Self.program, arguments) }

    /// Sends a request with the `curl` command as a client with a certificate of this directory.
    ///
    /// - Parameter socket: a Unix socket to connect to instead of the port.
    /// - Returns: curl's exit code, the HTTP status (0 when there was no answer), and the body.
    func curl(
        _ method: String, _ path: String, certificate: String?, headers: [String] = [], body: [UInt8]? = nil,
        socket: String? = nil
    ) throws -> (exit: Int32, status: Int, body: [UInt8]) {
        let bodyFile = self.path("body-\(UUID().uuidString)")
        let answerFile = bodyFile + ".answer"
        var arguments = [
            "-sS", "--max-time", "20", "--cacert", self.path("ca.pem"), "-X", method, "-o", answerFile, "-w",
            "%{http_code}", "https://127.0.0.1:\(port)\(path)",
        ]
        if let socket { arguments += ["--unix-socket", self.path(socket)] }
        if let certificate {
            arguments += ["--cert", self.path("\(certificate).pem"), "--key", self.path("\(certificate).key")]
        }
        for header in headers { arguments += ["-H", header] }
        if let body {
            try Data(body).write(to: URL(filePath: bodyFile))
            arguments += ["--data-binary", "@\(bodyFile)"]
        }
        let result = try Self.run(URL(filePath: "/usr/bin/curl"), arguments)
        let answer = (try? Data(contentsOf: URL(filePath: answerFile))) ?? Data()
        return (result.status, Int(result.output) ?? 0, [UInt8](answer))
    }

    /// Sends a GET without TLS to a Unix socket and gives the status.
    func plainCurl(_ arguments: [String], path: String, socket: String) throws -> String {
        try Self.run(
            URL(filePath: "/usr/bin/curl"),
            ["-sS", "--max-time", "20", "--unix-socket", self.path(socket), "-o", "/dev/null", "-w", "%{http_code}"]
                + arguments + ["http://localhost\(path)"]
        ).output
    }

    private static func run(_ program: URL, _ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        let output = Pipe()
        let error = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = error
        try process.run()
        // Both pipes are drained at once; a full one would stop the process.
        let errors = Mutex(Data())
        let drained = DispatchGroup()
        DispatchQueue.global().async(group: drained) {
            let data = (try? error.fileHandleForReading.readToEnd()) ?? Data()
            errors.withLock { $0 = data }
        }
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        drained.wait()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            error: String(decoding: errors.withLock { $0 }, as: UTF8.self))
    }
}
