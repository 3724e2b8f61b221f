import Dispatch
import Foundation
import Glibc
import Testing

@testable import footbridge_platform

/// A PostgreSQL server of the tests' own: a cluster in a directory for the purpose, on a Unix socket there, with fsync on. It ends with the
/// process that started it, however that ends.
final class PostgresCluster: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// The newest server of Debian's packages.
    static let programs: String? = {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.compactMap { Int($0) }.max().map { "\(root)/\($0)/bin" }
    }()

    static let isInstalled = programs.map { FileManager.default.isExecutableFile(atPath: $0 + "/postgres") } ?? false

    /// One for all tests that do not hurt it; each takes a schema of its own.
    private static let shared = Task { try await PostgresCluster() }

    static func schema() async throws -> StoreLocation { try await shared.value.makeSchema() }

    let directory: URL
    private let watchdogs: WatchdogList

    private let fsync: Bool

    init(fsync: Bool = true) async throws {
        self.fsync = fsync
        let name = "fbpg-" + UUID().uuidString.prefix(8).lowercased()
        directory = FileManager.default.temporaryDirectory.appending(path: name)
        watchdogs = WatchdogList()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        if geteuid() == 0 { try await Self.run(["/usr/bin/chown", "postgres", directory.path]) }
        try await Self.run(
            try asOwner("initdb") + ["-D", data, "-U", "postgres", "-A", "trust", "--locale=C", "-E", "UTF8"])
        try await start()
    }

    deinit {
        watchdogs.end()
        try? FileManager.default.removeItem(at: directory)
    }

    private var data: String { directory.appending(path: "data").path }

    /// A URL of libpq for a schema.
    func url(schema: String) -> String {
        "postgresql:///postgres?host=\(directory.path)&user=postgres&options=-csearch_path%3D\(schema)"
    }

    func makeSchema() throws -> StoreLocation {
        let name = "t" + UUID().uuidString.lowercased().filter { $0 != "-" }
        try PostgresConnection(url: url(schema: "public")).execute("CREATE SCHEMA \(name)")
        return .postgres(url: url(schema: name))
    }

    /// Starts the server on what is there and waits until it answers.
    func start() async throws {
        // The shell ends the server when this process has ended, and its end of the pipe with it.
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments =
            [
                "-c",
                "dir=$1; shift; \"$@\" >/dev/null 2>&1 & pid=$!; cat >/dev/null; kill -QUIT $pid; wait; rm -rf $dir",
                "postgres-watchdog", directory.path,
            ] + (try asOwner("postgres")) + [
                "-D", data, "-c", "listen_addresses=", "-c", "unix_socket_directories=\(directory.path)", "-c",
                "max_connections=300", "-c", "shared_buffers=32MB", "-c", "fsync=\(fsync ? "on" : "off")",
            ]
        let input = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        watchdogs.add(input)
        let deadline = ContinuousClock.now.advanced(by: .seconds(120))
        while true {
            if (try? PostgresConnection(url: url(schema: "public"))) != nil { return }
            guard ContinuousClock.now < deadline else { throw Failure(description: "PostgreSQL did not start") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Ends the server and all its backends as a power cut of the machine would: nothing is flushed, no client is told.
    func cut() async throws {
        let leader = try leader()
        let backends = (try? String(contentsOfFile: "/proc/\(leader)/task/\(leader)/children", encoding: .utf8)) ?? ""
        let all = [leader] + backends.split(separator: " ").compactMap { pid_t($0) }
        for pid in all { kill(pid, SIGKILL) }
        // The shared memory is theirs until the last of them is gone.
        try await end(of: all)
    }

    /// Ends the server as `pg_ctl stop -m immediate` does: each client is told, and hung up on.
    func stopAtOnce() async throws {
        let leader = try leader()
        kill(leader, SIGQUIT)
        try await end(of: [leader])
    }

    private func leader() throws -> pid_t {
        let file = try String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8)
        guard let leader = file.split(separator: "\n").first.flatMap({ pid_t($0) }) else {
            throw Failure(description: "no pid")
        }
        return leader
    }

    private func end(of processes: [pid_t]) async throws {
        while processes.contains(where: { kill($0, 0) == 0 && !Self.isZombie($0) }) {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private static func isZombie(_ pid: pid_t) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        return status.isEmpty || status.contains(") Z ")
    }

    /// PostgreSQL refuses to run as root.
    private func asOwner(_ program: String) throws -> [String] {
        guard let programs = Self.programs else { throw Failure(description: "PostgreSQL is not installed") }
        let path = programs + "/" + program
        return geteuid() == 0
            ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", path] : [path]
    }

    private static func run(_ command: [String]) async throws {
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = URL(filePath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else { throw Failure(description: "\(command[0]) ended with \(status)") }
    }
}
