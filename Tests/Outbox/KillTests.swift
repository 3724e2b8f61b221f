import Foundation
import GRDB
import Glibc
import Synchronization
import Testing

@testable import Outbox

@Suite("kill -9")
struct KillTests {
    /// Runs in the child: commits as fast as it can, notes each commit as the daemon's accepted log does, and is killed
    /// by its own other thread at a moment that depends on the round.
    private static func commitUntilKilled(round: Int) throws {
        let directory = NSTemporaryDirectory() + "footbridge-kill-\(getppid())-\(round)"
        let log = open(directory + "/accepted", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let outbox = try Outbox(
            OutboxConfiguration(path: directory + "/queue.sqlite", gateway: "shop-1") { TestStamps().stamp() })
        outbox.observeCommits { commit in
            guard let sequences = commit.sequences else { return }
            let line = "\(commit.epoch.uuidString) \(sequences.lowerBound) \(sequences.upperBound)\n"
            _ = line.withCString { Glibc.write(log, $0, strlen($0)) }
        }
        let commits = Atomic<Int>(0)
        outbox.observeCommits { _ in commits.add(1, ordering: .relaxed) }
        let killer = Thread {
            // Some way into the load, then at no moment in particular: this thread and the commits share nothing else.
            while commits.load(ordering: .relaxed) < 20 + 17 * round {}
            var spin = SplitMix(UInt64(getpid()))
            for _ in 0..<UInt64.random(in: 0...100_000, using: &spin) { spin.state &+= 1 }
            kill(getpid(), SIGKILL)
        }
        killer.start()
        var counter = 0
        while true {
            counter += 1
            try outbox.commit(drafts: drafts(1 + counter % 5), state: ["count": Array(String(counter).utf8)])
            if counter % 3 == 0 { try outbox.settle(epoch: outbox.epoch, through: UInt64(counter / 3)) }
        }
    }

    private func verify(round: Int) throws {
        let directory = NSTemporaryDirectory() + "footbridge-kill-\(getpid())-\(round)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let lines = try String(contentsOfFile: directory + "/accepted", encoding: .utf8).split(separator: "\n")
        let accepted = try #require(lines.last?.split(separator: " ").last.flatMap { UInt64($0) })
        let outbox = try Outbox(
            OutboxConfiguration(path: directory + "/queue.sqlite", gateway: "shop-1") { TestStamps().stamp() })
        defer { outbox.close() }
        #expect(try outbox.read("") { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
        let statistics = try outbox.statistics()
        #expect(statistics.lastSequence >= accepted)
        #expect(statistics.enqueued == statistics.delivered + Int64(statistics.pendingEvents))
        #expect(try outbox.commit(drafts: drafts(1))?.lowerBound == statistics.lastSequence + 1)
        #expect(lines.allSatisfy { $0.hasPrefix(outbox.epoch.uuidString) })
    }

    @Test("everything that a killed process had accepted is there, and its sequences go on")
    func accepted() async throws {
        for round in 0..<4 {
            let directory = NSTemporaryDirectory() + "footbridge-kill-\(getpid())-\(round)"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        // The exit test's body captures nothing, so each round is spelled out.
        await #expect(processExitsWith: .signal(SIGKILL)) { try Self.commitUntilKilled(round: 0) }
        await #expect(processExitsWith: .signal(SIGKILL)) { try Self.commitUntilKilled(round: 1) }
        await #expect(processExitsWith: .signal(SIGKILL)) { try Self.commitUntilKilled(round: 2) }
        await #expect(processExitsWith: .signal(SIGKILL)) { try Self.commitUntilKilled(round: 3) }
        for round in 0..<4 { try verify(round: round) }
    }
}
