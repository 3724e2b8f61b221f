import Foundation
import Glibc

/// A program that the demonstration runs, and that ends with it. Its output goes to the end of a log file.
final class ChildProcess {
    private let process = Process()
    let name: String
    private let log: String

    /// The program `name` beside this one.
    static func sibling(_ name: String) throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { readlink("/proc/self/exe", $0, text.count) } ?? -1
            }
        }
        guard count > 0 else { throw DemoFailure("/proc/self/exe: \(String(cString: strerror(errno)))") }
        let own = String(decoding: buffer[..<count], as: UTF8.self)
        let path = (own as NSString).deletingLastPathComponent + "/" + name
        guard access(path, X_OK) == 0 else {
            throw DemoFailure("\(path): is not there; build the whole package first (`make build`)")
        }
        return path
    }

    /// - Parameter environment: more variables than this process has.
    init(
        _ executable: String, _ arguments: [String], log: String, environment: [String: String] = [:]
    ) throws {
        name = (executable as NSString).lastPathComponent
        self.log = log
        process.executableURL = URL(fileURLWithPath: try Self.sibling("footbridge"))
        process.arguments = [BoundChildCommand.name, "\(getpid())", executable] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let descriptor = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DemoFailure("\(log): \(String(cString: strerror(errno)))") }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        process.standardOutput = handle
        process.standardError = handle
        do {
            try ChildStarter.shared.start(process)
        } catch {
            throw DemoFailure("\(executable): cannot be started: \(error.localizedDescription)")
        }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var isRunning: Bool { process.isRunning }
    var processIdentifier: Int32 { process.processIdentifier }
    var status: Int32 { process.isRunning ? 0 : process.terminationStatus }

    /// SIGKILL, and wait until the kernel has cleared it away.
    func killAtOnce() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func terminate() { kill(process.processIdentifier, SIGTERM) }

    /// Waits for a stop; false when it takes longer than `seconds`.
    func waits(seconds: Double) -> Bool {
        let deadline = Pace.now() + seconds
        while process.isRunning {
            guard Pace.now() < deadline else { return false }
            usleep(10_000)
        }
        return true
    }

    /// The last lines of the log, for a message about a failure.
    var lastWords: String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n").suffix(5).map { "\n    " + $0 }
        return lines.isEmpty ? "" : "; its last words in \(log):\(lines.joined())"
    }

    /// Runs a program to its end and gives what it printed.
    static func output(_ executable: String, _ arguments: [String], workingDirectory: String? = nil) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        if let workingDirectory { process.currentDirectoryURL = URL(fileURLWithPath: workingDirectory) }
        let (output, errors) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw DemoFailure("\(executable): cannot be started: \(error.localizedDescription)")
        }
        // The programs run like this say little on standard error, so it may wait in its pipe.
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let words = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let text = String(decoding: words.suffix(1000), as: UTF8.self).trimmingCharacters(
                in: .whitespacesAndNewlines)
            throw DemoFailure(
                "\(executable) \(arguments.joined(separator: " ")): exit code \(process.terminationStatus): \(text)")
        }
        return data
    }
}
