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

    /// Nil when this process may trace; else why not, from strace itself.
    static var refusal: String? {
        guard let (status, _, said) = try? run("/usr/bin/strace", ["-o", "/dev/null", "/bin/true"]) else {
            return "strace is not installed; scripts/setup-peers installs it"
        }
        return status == 0 ? nil : said
    }

    /// How often the program makes each call when nothing fails.
    static func count(in folder: String) throws -> [String: Int] {
        let log = folder + ".trace"
        defer { unlink(log) }
        let (status, _, said) = try run(
            "/usr/bin/strace",
            [
                "-f", "-o", log, "-e", "trace=" + calls.joined(separator: ","), try program(), "commit", folder,
                transactions,
            ])
        guard status == 0 else { throw Failure(description: "outbox-probe ended with \(status): \(said)") }
        let text = try String(contentsOfFile: log, encoding: .utf8)
        return Dictionary(uniqueKeysWithValues: calls.map { ($0, text.components(separatedBy: " \($0)(").count - 1) })
    }

    /// Runs the program with the `number`th `call` failing.
    static func inject(_ fault: Fault, into call: String, number: Int, folder: String) throws -> Outcome {
        let (status, output, said) = try run(
            "/usr/bin/strace",
            [
                "-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                "inject=\(call):\(fault.rawValue):when=\(number)", try program(), "commit", folder, transactions,
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
