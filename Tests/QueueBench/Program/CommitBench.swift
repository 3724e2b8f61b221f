import CBareQueue
import Foundation
import Outbox
import PlatformAPI

/// The same rows by the queue's own way (accounting, checksums, counters) and by bare SQLite, in turn, by group size.
struct CommitBench {
    private static let rounds = 3
    /// Rows a round: enough of them to see a checkpoint, few enough for a slow disk.
    private static let sizes: [(group: Int, rows: Int)] = [(1, 1000), (10, 8000), (100, 30_000), (1000, 60_000)]
    private static let probes = 100

    private struct Round {
        var probe: Double
        var bare: Cost
        var own: Cost
        var metered: Int64
    }

    let day: DayEvents
    let folder: String

    func run() throws {
        print(
            "  events of a store day, \(Int(day.meanBytes)) bytes on average; medians of \(Self.rounds) rounds in turn;"
        )
        print("  bytes an event: by the queue's own meter, by the kernel's write_bytes, and the same of bare C")
        print("   group  fsync ms   events/s  bare C/s  ratio  CPU us  bare C   meter  kernel  bare C  x size")
        for size in Self.sizes {
            let rounds = try (0..<Self.rounds).map { _ in try round(size.group, size.rows) }
            print(line(size.group, size.rows, rounds))
        }
    }

    private func round(_ group: Int, _ rows: Int) throws -> Round {
        let probe = try Cost.of {
            let code = bare_fsync(folder + "/probe", Self.probes)
            guard code == 0 else { throw QueueBench.Failure(description: "the fsync probe failed (\(code))") }
        }
        let bare = try bare(group, rows)
        let (own, metered) = try own(group, rows)
        return Round(probe: probe.wall / Double(Self.probes) * 1000, bare: bare, own: own, metered: metered)
    }

    private func line(_ group: Int, _ rows: Int, _ rounds: [Round]) -> String {
        let count = Double(rows)
        let columns: [(String, Int)] = [
            ("\(group)", 8), (Self.text(rounds) { $0.probe }, 10), (Self.text(rounds, 0) { count / $0.own.wall }, 11),
            (Self.text(rounds, 0) { count / $0.bare.wall }, 10), (Self.text(rounds) { $0.bare.wall / $0.own.wall }, 7),
            (Self.text(rounds, 1) { $0.own.processor / count * 1e6 }, 8),
            (Self.text(rounds, 1) { $0.bare.processor / count * 1e6 }, 8),
            (Self.text(rounds, 0) { Double($0.metered) / count }, 8),
            (Self.text(rounds, 0) { Double($0.own.written) / count }, 8),
            (Self.text(rounds, 0) { Double($0.bare.written) / count }, 8),
            (Self.text(rounds, 2) { Double($0.own.written) / count / day.meanBytes }, 8),
        ]
        return columns.map { QueueBench.column($0.0, $0.1) }.joined()
    }

    private static func text(_ rounds: [Round], _ digits: Int = 2, _ value: (Round) -> Double) -> String {
        let sorted = rounds.map(value).sorted()
        return String(format: "%.\(digits)f", sorted[sorted.count / 2])
    }

    private func bare(_ group: Int, _ rows: Int) throws -> Cost {
        let path = folder + "/bare.sqlite"
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
        let starts = day.forms.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.body.count) }
        let lengths = day.forms.map { Int32($0.body.count) }
        let bytes = day.forms.flatMap(\.body)
        return try bytes.withUnsafeBufferPointer { bytes in
            try starts.withUnsafeBufferPointer { starts in
                try lengths.withUnsafeBufferPointer { lengths in
                    var run = bare_run(
                        bytes: bytes.baseAddress, starts: starts.baseAddress, lengths: lengths.baseAddress,
                        bodies: lengths.count, rows: rows, group: group)
                    return try Cost.of {
                        let code = bare_insert(path, &run)
                        guard code == 0 else { throw QueueBench.Failure(description: "SQLite failed (\(code))") }
                    }
                }
            }
        }
    }

    private func own(_ group: Int, _ rows: Int) throws -> (Cost, metered: Int64) {
        let path = folder + "/own"
        try? FileManager.default.removeItem(atPath: path)
        var metered: Int64 = 0
        let groups = stride(from: 0, to: rows, by: group).map { start in
            (start..<min(start + group, rows)).map { day.draft($0, isStamped: false) }
        }
        let cost = try Cost.of {
            let outbox = try Outbox(FillBench.configuration(path + "/queue.sqlite"))
            for drafts in groups { _ = try outbox.commit(drafts: drafts) }
            metered = outbox.writes.bytes
            outbox.close()
        }
        return (cost, metered)
    }
}
