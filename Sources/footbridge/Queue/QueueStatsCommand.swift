import ArgumentParser
import Foundation
import Outbox

struct QueueStatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Count what became of every event that was accepted.",
        discussion: "Exit code 1 when the counts do not add up: then tell the makers.")

    @OptionGroup var options: QueueOptions

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() throws {
        let inspector = try options.inspector()
        let statistics = try QueueOptions.reading { try inspector.statistics() }
        if json {
            var output = LineOutput()
            try output.write(json: Report(statistics))
        } else {
            print(Self.text(statistics))
        }
        if !statistics.isBalanced {
            complain("the counts of the queue do not add up; keep a copy of the file and tell the makers")
            throw ExitCode.failure
        }
    }

    private static func text(_ statistics: OutboxStatistics) -> String {
        var lines = [
            "epoch        \(statistics.epoch.uuidString.lowercased()), last sequence \(statistics.lastSequence)",
            "accepted     \(statistics.enqueued) events, of which",
            "delivered    \(statistics.delivered)",
            "waiting      \(statistics.pendingEvents) (\(statistics.bytes) bytes; \(statistics.depth) rows with gaps)",
            "quarantined  \(statistics.quarantined): \(statistics.quarantineDepth) now there, \(statistics.retried) sent "
                + "again, \(statistics.dropped) dropped, \(statistics.quarantineEvicted) gave way",
        ]
        for (reason, count) in statistics.evicted.sorted(by: { $0.key < $1.key }) {
            lines.append("evicted      \(count) (\(reason)), told to the platform by gaps")
        }
        if statistics.rescues > 0 {
            lines.append("damaged      \(statistics.rescues) times; \(statistics.salvaged) events were salvaged")
        }
        lines.append("file         \(statistics.fileBytes) bytes")
        lines.append(statistics.isBalanced ? "every event is accounted for" : "THE COUNTS DO NOT ADD UP")
        return lines.joined(separator: "\n")
    }

    private struct Report: Encodable {
        var epoch: String
        var lastSequence: UInt64
        var enqueued, delivered, pending, quarantined: Int64
        var quarantineNow, retried, dropped, quarantineEvicted: Int64
        var evicted: [String: Int64]
        var rescues, salvaged, fileBytes: Int64
        var balanced: Bool

        private enum CodingKeys: String, CodingKey {
            case epoch, enqueued, delivered, pending, quarantined, retried, dropped, evicted, rescues, salvaged,
                balanced
            case lastSequence = "last_sequence"
            case quarantineNow = "quarantine_now"
            case quarantineEvicted = "quarantine_evicted"
            case fileBytes = "file_bytes"
        }

        init(_ statistics: OutboxStatistics) {
            epoch = statistics.epoch.uuidString.lowercased()
            lastSequence = statistics.lastSequence
            enqueued = statistics.enqueued
            delivered = statistics.delivered
            pending = Int64(statistics.pendingEvents)
            quarantined = statistics.quarantined
            quarantineNow = Int64(statistics.quarantineDepth)
            retried = statistics.retried
            dropped = statistics.dropped
            quarantineEvicted = statistics.quarantineEvicted
            evicted = statistics.evicted
            rescues = statistics.rescues
            salvaged = statistics.salvaged
            fileBytes = statistics.fileBytes
            balanced = statistics.isBalanced
        }
    }
}
