import Foundation
import GRDB
import PlatformAPI
import Synchronization
import Testing

@testable import Outbox

@Suite("Eviction")
struct EvictionTests {
    private let large = String(repeating: "l", count: 1500)

    @Test("a full queue gives up health, then footfall, then visits, and receipts last; every hole is told")
    func byPriority() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open(maximumBytes: 1 << 20)
        let kinds: [EventType] = [.gatewayHealth, .footfallHour, .visitClosed, .receiptCaptured]
        for index in 0..<400 { try outbox.commit(drafts: [draft(kinds[index % 4], text: large)]) }
        let eviction = try outbox.enforceCaps(force: true)
        #expect((eviction.events["queue_full"] ?? 0) > 0)
        let statistics = try outbox.statistics()
        #expect(statistics.enqueued == Int64(statistics.pendingEvents) + (statistics.evicted["queue_full"] ?? 0))
        var next: UInt64 = 1
        var gone: [String: Int] = [:]
        var kept: [String: Int] = [:]
        while let batch = try outbox.nextBatch(maximumEvents: 50, maximumBytes: 1 << 20) {
            for (index, event) in try batch.events().enumerated() {
                if let gap = try batch.gap(at: index) {
                    #expect(gap.first == next)
                    #expect(gap.last == event.number)
                    #expect(gap.counts.values.reduce(0, +) == Int(gap.last - gap.first + 1))
                    gone.merge(gap.counts, uniquingKeysWith: +)
                } else {
                    #expect(event.number == next)
                    kept[event.type, default: 0] += 1
                }
                next = event.number + 1
            }
            try outbox.settle(epoch: batch.epoch, through: batch.last)
        }
        #expect(next == 401)
        #expect(gone["receipt.captured"] == nil)
        #expect(kept["receipt.captured"] == 100)
        #expect((gone["gateway.health"] ?? 0) >= (gone["footfall.hour"] ?? 0))
        #expect((gone["footfall.hour"] ?? 0) >= (gone["visit.closed"] ?? 0))
    }

    @Test("neighbours that are evicted one after the other become one gap")
    func merging() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(3))
        queue.clock.advance(seconds: 86_400)
        try outbox.commit(drafts: drafts(2))
        queue.clock.advance(seconds: 61 * 86_400 + 10)
        #expect(try outbox.enforceCaps().events == ["too_old": 3])
        queue.clock.advance(seconds: 86_400)
        #expect(try outbox.enforceCaps().events == ["too_old": 2])
        try outbox.commit(drafts: drafts(1))
        let batch = try #require(try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20))
        #expect(batch.bodies.count == 2)
        #expect(
            try batch.gap(at: 0) == GatewayGap(first: 1, last: 5, reason: "too_old", counts: ["visit.closed": 5]))
        #expect((batch.covers, batch.first, batch.last) == (1, 5, 6))
    }

    @Test("an untrusted clock evicts nothing for its age")
    func untrustedClock() throws {
        let queue = try TemporaryQueue()
        queue.clock.set(seconds: 30, trusted: false)
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(3))
        queue.clock.set(seconds: 1_790_000_000, trusted: false)
        #expect(try outbox.enforceCaps().isEmpty)
    }

    @Test("the gap is sent with the same bytes each time")
    func stableGap() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(3))
        queue.clock.advance(seconds: 70 * 86_400)
        _ = try outbox.enforceCaps()
        let first = try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20)
        queue.clock.advance(seconds: 5)
        outbox.close()
        #expect(try queue.open().nextBatch(maximumEvents: 9, maximumBytes: 1 << 20) == first)
    }

    @Test("an eviction that fails half way leaves neither a hole without a gap nor a gap over events")
    func atomic() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(5))
        queue.clock.advance(seconds: 70 * 86_400)
        try outbox.write("") { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.gap_first IS NOT NULL
                    BEGIN SELECT RAISE(ABORT, 'the disk says no'); END
                    """)
        }
        #expect(throws: OutboxError.self) { try outbox.enforceCaps() }
        let batch = try #require(try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20))
        #expect(try batch.events().map(\.number) == [1, 2, 3, 4, 5])
        #expect(try outbox.statistics().evicted.isEmpty)
        #expect(outbox.backlog.rows == 5)
    }

    @Test("the totals that are kept beside the rows agree with the rows after any mix of doings", arguments: 0..<12)
    func totals(seed: UInt64) throws {
        let queue = try TemporaryQueue()
        var outbox = try queue.open()
        var random = SplitMix(seed)
        let problem = ProblemDetails(status: 422)
        for _ in 0..<60 {
            let batch = try outbox.nextBatch(maximumEvents: 7, maximumBytes: 1 << 20)
            switch Int.random(in: 0...9, using: &random) {
            case 0...2: try outbox.commit(drafts: drafts(Int.random(in: 1...9, using: &random)))
            case 3:
                if let batch { try outbox.settle(epoch: batch.epoch, through: batch.last) }
            case 4:
                if let batch { try? outbox.quarantine(epoch: batch.epoch, sequence: batch.last, problem: problem) }
            case 5 where seed % 3 > 0:
                queue.clock.advance(seconds: Int64.random(in: 0...40, using: &random) * 86_400)
                _ = try outbox.enforceCaps()
            case 7:
                let action: QuarantineOrder.Action = Bool.random(using: &random) ? .retry : .drop
                let number = try outbox.quarantined(limit: 1).first?.number ?? 1
                let all = Bool.random(using: &random)
                let order = QuarantineOrder(action, numbers: all ? nil : [number], who: "ada", reason: "because")
                _ = try outbox.carryOut(order)
            case 8: _ = try outbox.enforceCaps(force: true)
            case 6: if Bool.random(using: &random) { try outbox.moveToNewEpoch(from: outbox.epoch) }
            default:
                outbox.close()
                outbox = try queue.open()
            }
            let kept = outbox.totals.withLock(\.self)
            let counted = try outbox.read("") { try QueueTotals($0) }
            #expect(kept.pendingEvents == counted.pendingEvents)
            #expect(kept.gaps == counted.gaps)
            #expect(kept.bytes == counted.bytes)
            let statistics = try outbox.statistics()
            let accounted =
                statistics.delivered + Int64(statistics.pendingEvents) + statistics.quarantined
                + statistics.evicted.values.reduce(0, +)
            #expect(statistics.enqueued == accounted)
            #expect(statistics.isBalanced)
            #expect(kept.last == counted.last)
        }
    }
}
