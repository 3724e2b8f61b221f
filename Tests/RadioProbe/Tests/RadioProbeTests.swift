import Foundation
import Testing

/// The program beside the tests counts every allocation that it makes; these are its verdicts on strangers.
@Suite struct RadioProbeTests {
    @Test("a stranger's frame costs no heap allocation from bytes to counter, in whatever form it comes")
    func allocations() throws {
        let lines = try Probe.run(["allocations"])
        let counts = try lines.map { line in
            let fields = line.split(separator: " ").map(String.init)
            return (fields[0], try #require(Int(fields[1])), try #require(Int(fields[2])))
        }
        for kind in [
            "legacy", "extended", "directed", "fragments", "malformed", "cut", "known-addresses", "new-addresses",
        ] {
            let found = try #require(counts.first { $0.0 == kind })
            #expect(found.1 >= 1_000)
            #expect(found.2 == 0, "\(kind): \(found.2) allocations for \(found.1) frames")
        }
        let control = try #require(counts.first { $0.0 == "control" })
        #expect(control.2 >= control.1, "the counter does not see a copy of each frame")
    }

    @Test("a million distinct random addresses leave memory flat within one mebibyte")
    func memory() throws {
        let lines = try Probe.run(["memory", "1000000"])
        let before = try Probe.numbers(lines, "before")
        let after = try Probe.numbers(lines, "after")
        #expect(after[0] - before[0] < 1 << 20, "in use: \(before[0]) bytes before, \(after[0]) after")
        #expect(after[1] - before[1] < 1 << 20, "resident: \(before[1]) bytes before, \(after[1]) after")
        let reports = try #require(lines.first { $0.hasPrefix("reports ") }).split(separator: " ")
        #expect(Int(reports[1]).map { $0 > 1_000_000 } == true)
    }
}

private enum Probe {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Runs the program that stands beside the tests' own.
    static func run(_ arguments: [String]) throws -> [String] {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(fileURLWithPath: own).deletingLastPathComponent().appending(path: "radio-probe")
        let process = Process()
        let output = Pipe()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "radio-probe \(arguments) ended with \(process.terminationStatus)")
        }
        return String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    static func numbers(_ lines: [String], _ name: String) throws -> [Int] {
        let line = try #require(lines.first { $0.hasPrefix("\(name) ") })
        return line.split(separator: " ").dropFirst().compactMap { Int($0) }
    }
}
