import Foundation
import GRDB
import PlatformAPI
import Testing

@testable import Outbox

/// What a rescue makes of rows and of a mark that do not agree.
@Suite("A rescued queue")
struct RescueTests {
    private struct Rescued {
        let outbox: Outbox
        let queue: TemporaryQueue
        /// First and last sequence that each row covers.
        let spans: [(first: UInt64, last: UInt64)]
        let salvaged: Int
        let lost: Int64
    }

    /// Twenty events, of which none has left; `change` is made to the closed file, whose header is then destroyed.
    private func rescue(
        mark: (UUID) -> HighWaterMark, change: (Database) throws -> Void = { _ in }
    ) throws -> Rescued {
        let queue = try TemporaryQueue()
        let before = try queue.open()
        let epoch = before.epoch
        try before.commit(drafts: drafts(20))
        before.close()
        let raw = try DatabaseQueue(path: queue.path)
        try raw.write(change)
        try raw.close()
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: queue.path))
        try file.write(contentsOf: Data(count: 100))
        try file.close()
        try Data(mark(epoch).text.utf8).write(to: URL(fileURLWithPath: queue.path + ".lock"))
        let outbox = try queue.open()
        #expect(outbox.epoch != epoch)
        let rescue = try #require(outbox.takeRescues().first)
        let spans = try outbox.read("listing") { db in
            try Row.fetchAll(db, sql: "SELECT coalesce(gap_first, sequence), sequence FROM event ORDER BY sequence")
                .map { (first: try $0.sequence(0), last: try $0.sequence(1)) }
        }
        #expect(try outbox.statistics().isBalanced)
        return Rescued(outbox: outbox, queue: queue, spans: spans, salvaged: rescue.salvaged, lost: rescue.lost)
    }

    /// From 1, without hole and overlap.
    private func expectChain(_ rescued: Rescued, through last: UInt64) {
        var next: UInt64 = 1
        for span in rescued.spans {
            #expect(span.first == next)
            next = span.last + 1
        }
        #expect(next == last + 1)
    }

    @Test("rows that the mark says had left the queue do not come back")
    func settledRows() throws {
        let rescued = try rescue { HighWaterMark(epoch: $0, last: 20, settled: 15) }
        #expect((rescued.salvaged, rescued.lost) == (5, 0))
        expectChain(rescued, through: 5)
    }

    @Test("a mark that says everything had left leaves an empty queue that goes on")
    func allSettled() throws {
        let rescued = try rescue { HighWaterMark(epoch: $0, last: 20, settled: 20) }
        #expect((rescued.salvaged, rescued.lost) == (0, 0))
        #expect(try rescued.outbox.commit(drafts: drafts(1)) == 1...1)
    }

    @Test("a mark of another epoch says nothing about these rows")
    func otherEpoch() throws {
        let rescued = try rescue { _ in HighWaterMark(epoch: UUID(), last: 400, settled: 300) }
        #expect((rescued.salvaged, rescued.lost) == (20, 0))
        expectChain(rescued, through: 20)
    }

    @Test("a mark ahead of all rows tells how many are lost")
    func markAhead() throws {
        let rescued = try rescue { HighWaterMark(epoch: $0, last: 31, settled: 25) }
        #expect((rescued.salvaged, rescued.lost) == (0, 6))
        expectChain(rescued, through: 6)
    }

    @Test("a gap that reaches back over events or over what had left is cut to what is behind them", arguments: [0, 4])
    func gapOverRows(settled: UInt64) throws {
        let stamp = EventStamp(
            wallNanoseconds: 1_790_000_000_000_000_000, time: "2026-11-21T09:30:00.000Z",
            bootID: "00000000-0000-0000-0000-000000000000", monotonicNanoseconds: 1)
        let text = try GapRecord(reason: GapReason.damaged.rawValue, counts: ["unknown": 3], stamp: stamp).text()
        let rescued = try rescue {
            HighWaterMark(epoch: $0, last: 20, settled: settled)
        } change: { db in
            try db.execute(
                sql: """
                    UPDATE event SET type = 'gateway.gap', gap_first = 2, gap = ?, body = x'', crc = NULL
                    WHERE sequence IN (6, 12)
                    """, arguments: [text])
        }
        #expect(rescued.salvaged == 18 - Int(settled))
        #expect(rescued.lost == 0)
        expectChain(rescued, through: 20 - settled)
    }

    @Test("counters that no queue can have reached are not believed")
    func absurdCounters() throws {
        let rescued = try rescue {
            HighWaterMark(epoch: $0, last: 20, settled: 0)
        } change: { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO counter (name, value) VALUES (?, ?), (?, ?)",
                arguments: [
                    Counter.evictedPrefix + GapReason.damaged.rawValue, Int64.max, Counter.enqueuedBefore,
                    Int64.max - 1,
                ])
        }
        #expect(rescued.salvaged == 20)
    }
}
