import Foundation
import Glibc

/// `outbox-probe` under strace, which makes one of its system calls fail or kills it there.
struct Trace {
    struct Failure: Error, CustomStringConvertible { let description: String }

    enum Fault: String, CaseIterable, Sendable {
        case inputOutputError = "error=EIO"
        case noSpace = "error=ENOSPC"
        /// Before the call is carried out.
        case kill = "signal=KILL"
    }

    struct Outcome {
        var lines: [String]

        /// False when the program was killed or gave up.
        var isDone: Bool { lines.last == "DONE" }

        /// The sequences that the program promised.
        var accepted: [(epoch: String, first: UInt64, last: UInt64)] {
            lines.compactMap { line in
                let fields = line.split(separator: " ")
                guard fields.count == 4, fields[0] == "ACK", let first = UInt64(fields[2]), let last = UInt64(fields[3])
                else { return nil }
                return (String(fields[1]), first, last)
            }
        }
    }

    static let calls = ["pwrite64", "fdatasync", "fsync", "ftruncate"]
    private static let transactions = "30"
    private static let strace = "/usr/bin/strace"

    /// Says why the kernel lets nobody trace here; nil where it does. That strace is missing is no such reason: it fails the tests.
    static var refusal: String? {
        guard let (status, _, said) = try? run(strace, ["-o", "/dev/null", "/bin/true"]), status != 0 else {
            return nil
        }
        return said.contains("Operation not permitted") ? said : nil
    }

    /// One system call of a run in which nothing fails.
    struct Call: Hashable, Sendable {
        var name: String
        /// Among those of its name, from 1.
        var number: Int
        /// The transactions that had been acknowledged before.
        var acknowledged: Int
    }

    /// The calls of the program when nothing fails, in order.
    static func list(in folder: String) throws -> [Call] {
        guard access(strace, X_OK) == 0 else {
            throw Failure(description: "strace is not installed; scripts/setup-peers installs it")
        }
        let log = folder + ".trace"
        defer { unlink(log) }
        let (status, _, said) = try run(
            strace,
            [
                "-f", "-o", log, "-e", "trace=write," + calls.joined(separator: ","), try program(), "commit", folder,
                transactions,
            ])
        guard status == 0 else { throw Failure(description: "outbox-probe ended with \(status): \(said)") }
        var numbers: [String: Int] = [:]
        var acknowledged = 0
        var found: [Call] = []
        for line in try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n") {
            // `PID name(arguments...`
            guard let end = line.firstIndex(of: "("), let space = line[..<end].lastIndex(of: " ") else { continue }
            let name = String(line[line.index(after: space)..<end])
            if name == "write", line.contains("\"ACK ") { acknowledged += 1 }
            guard calls.contains(name) else { continue }
            numbers[name, default: 0] += 1
            found.append(Call(name: name, number: numbers[name] ?? 1, acknowledged: acknowledged))
        }
        return found
    }

    /// Runs the program with `call` failing.
    static func inject(_ fault: Fault, into call: Call, folder: String) throws -> Outcome {
        let (status, output, said) = try run(
            strace,
            [
                "-f", "-o", "/dev/null", "-e", "trace=\(call.name)", "-e",
                "inject=\(call.name):\(fault.rawValue):when=\(call.number)", try program(), "commit", folder,
                transactions,
            ])
        guard fault == .kill || status == 0 || status == 1 else {
            throw Failure(description: "outbox-probe ended with \(status): \(said)")
        }
        return Outcome(lines: output.split(separator: "\n").map(String.init))
    }

    /// The program that stands beside the tests' own.
    private static func program() throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: own).deletingLastPathComponent().appending(path: "outbox-probe").path
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> (Int32, String, String) {
        let process = Process()
        let output = Pipe()
        let errors = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: said, as: UTF8.self))
    }
}
