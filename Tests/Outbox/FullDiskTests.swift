import Foundation
import PlatformAPI
import Synchronization
import Testing

@testable import Outbox

@Suite("A disk that is full or cannot be written", .enabled(if: TightDisk.unavailable == nil, "no tmpfs: run as root"))
struct FullDiskTests {
    private func configuration(
        _ disk: TightDisk, clock: TestStamps, ballast: Int64 = 4 << 20, pendingLimit: Int = 20_000
    ) -> OutboxConfiguration {
        OutboxConfiguration(
            path: disk.path + "/queue.sqlite", gateway: "shop-1", maximumBytes: 1 << 30, pendingLimit: pendingLimit,
            ballastBytes: ballast, stamp: { clock.stamp() })
    }

    @Test("the ballast is reserved beside the queue and comes back when there is room")
    func ballast() throws {
        let disk = try TightDisk(bytes: 24 << 20)
        let outbox = try Outbox(configuration(disk, clock: TestStamps()))
        #expect(outbox.ballast.reserved == 4 << 20)
        #expect(outbox.ballast.release(for: .capturing))
        #expect(outbox.ballast.reserved == 2 << 20)
        #expect(!outbox.ballast.release(for: .capturing))
        #expect(outbox.ballast.release(for: .freeing))
        #expect(outbox.ballast.reserved == 0)
        disk.fill()
        _ = try outbox.enforceCaps()
        #expect(outbox.ballast.reserved == 0)
        disk.makeRoom()
        _ = try outbox.enforceCaps()
        #expect(outbox.ballast.reserved == 4 << 20)
    }

    @Test("with the disk full to its last block the queue still drains to the end, and takes events again")
    func drains() throws {
        let disk = try TightDisk(bytes: 16 << 20)
        let clock = TestStamps()
        let outbox = try Outbox(configuration(disk, clock: clock))
        let filler = String(repeating: "f", count: 2_000)
        while outbox.backlog.bytes < 5 << 20 {
            try outbox.commit(drafts: (0..<50).map { _ in draft(.receiptCaptured, text: filler) })
        }
        disk.fill()
        let waiting = outbox.backlog.rows
        var delivered = 0
        while let batch = try outbox.nextBatch(maximumEvents: 500, maximumBytes: 1 << 20) {
            try outbox.settle(epoch: batch.epoch, through: batch.last)
            delivered += batch.bodies.count
            disk.fill()
        }
        #expect(delivered == waiting)
        #expect(try outbox.statistics().isBalanced)
        #expect(try outbox.commit(drafts: drafts(10)) != nil)
        disk.makeRoom()
        _ = try outbox.enforceCaps()
        #expect(try outbox.statistics().fileBytes < 2 << 20)
    }

    @Test("filling a small disk evicts by priority, tells each hole, keeps every receipt, and never stops")
    func evicts() throws {
        let disk = try TightDisk(bytes: 16 << 20)
        let clock = TestStamps()
        let outbox = try Outbox(configuration(disk, clock: clock))
        let filler = String(repeating: "f", count: 2_000)
        for round in 0..<80 {
            outbox.enqueue(
                (0..<99).map { _ in draft(.gatewayHealth, text: filler) } + [draft(.receiptCaptured, text: "\(round)")])
            for _ in 0..<20 {
                do throws(OutboxError) {
                    try outbox.commit()
                    break
                } catch {
                    guard case .full = error else { throw error }
                    _ = try outbox.enforceCaps(force: true)
                }
            }
            #expect(outbox.uncommitted == 0, "round \(round)")
        }
        let statistics = try outbox.statistics()
        #expect(statistics.isBalanced)
        #expect(statistics.enqueued == 8_000)
        #expect((statistics.evicted["queue_full"] ?? 0) > 1_000)
        var receipts = 0
        var next: UInt64 = 1
        while let batch = try outbox.nextBatch(maximumEvents: 500, maximumBytes: 1 << 20) {
            #expect(batch.covers == next)
            receipts += try batch.events().count { $0.type == "receipt.captured" }
            try outbox.settle(epoch: batch.epoch, through: batch.last)
            next = batch.last + 1
        }
        #expect(receipts == 80)
        #expect(next == 8_001)
    }

    @Test("a disk that becomes read-only holds events in memory, bounded, and they move in when it can be written")
    func readOnlyAtRun() throws {
        let disk = try TightDisk(bytes: 16 << 20)
        let outbox = try Outbox(configuration(disk, clock: TestStamps(), pendingLimit: 20))
        try outbox.commit(drafts: drafts(3), state: ["k": [1]])
        outbox.close()
        try disk.makeReadOnly(true)
        let again = try Outbox(configuration(disk, clock: TestStamps(), pendingLimit: 20))
        guard case .readOnly = again.condition else {
            Issue.record("unexpected: \(String(describing: again.condition))")
            return
        }
        #expect(try again.state("k") == [1])
        #expect(again.backlog.rows == 0)
        #expect(try again.statistics().pendingEvents == 3)
        for _ in 0..<3 { again.enqueue(drafts(10, .receiptCaptured), state: ["k": [2]]) }
        #expect(throws: OutboxError.self) { try again.commit() }
        #expect(again.uncommitted == 20)
        try disk.makeReadOnly(false)
        #expect(try again.commit()?.sequences == 4...23)
        #expect(again.condition == nil)
        #expect(try again.state("k") == [2])
        #expect(try again.statistics().refusedDrafts["overflow"] == 10)
        #expect(again.epoch == outbox.epoch)
    }

    @Test("beyond the ballast commits fail: an alarm with its remedy, since when and what waits, until one works again")
    func alarm() throws {
        let disk = try TightDisk(bytes: 12 << 20)
        let outbox = try Outbox(configuration(disk, clock: TestStamps(), pendingLimit: 50))
        try outbox.commit(drafts: drafts(5))
        #expect(outbox.trouble == nil)
        var failure: OutboxError?
        let filler = String(repeating: "f", count: 2_000)
        for _ in 0..<4_000 where failure == nil {
            disk.fill()
            do throws(OutboxError) {
                try outbox.commit(drafts: (0..<20).map { _ in draft(.receiptCaptured, text: filler) })
            } catch {
                failure = error
            }
        }
        #expect(failure == .full(path: outbox.path))
        let accepted = try outbox.statistics().enqueued
        #expect(
            outbox.commitFailure == CommitFailure(reason: .full(path: outbox.path), since: "2026-11-21T09:30:00.000Z"))
        outbox.enqueue(drafts(100, .gatewayHealth) + drafts(20, .receiptCaptured))
        #expect(throws: OutboxError.self) { try outbox.commit() }
        let trouble = try #require(outbox.trouble)
        #expect(trouble.contains("free disk space or raise queue.max_bytes"))
        #expect(trouble.contains("since 2026-11-21T09:30:00.000Z"))
        #expect(trouble.contains("50 events wait in memory, which holds 50; 90 were lost there"))
        #expect(!trouble.contains("\n"))
        #expect(outbox.refusedDrafts["overflow"] == 90)
        // What was accepted before is there and can be sent.
        let batch = try #require(try outbox.nextBatch(maximumEvents: 5, maximumBytes: 1 << 20))
        try outbox.settle(epoch: batch.epoch, through: batch.last)
        disk.makeRoom()
        let commit = try #require(try outbox.commit())
        #expect(commit.sequences?.count == 50)
        #expect(outbox.trouble == nil)
        #expect(outbox.commitFailure == nil)
        #expect(try outbox.statistics().enqueued == accepted + 50)
        #expect(try outbox.statistics().isBalanced)
    }

    @Test("the committer says once that commits fail and once that they work again, with what to do")
    func notices() async throws {
        let disk = try TightDisk(bytes: 12 << 20)
        let outbox = try Outbox(configuration(disk, clock: TestStamps(), ballast: 0))
        let notices = Mutex<[String]>([])
        let committer = GroupCommitter(outbox: outbox, policy: .init(count: 50, interval: .milliseconds(2))) { notice in
            notices.withLock { $0.append("\(notice)") }
        }
        committer.start()
        func wait(_ condition: () -> Bool) async throws {
            let limit = ContinuousClock.now + .seconds(120)
            while !condition(), .now < limit { try await Task.sleep(for: .milliseconds(2)) }
        }
        disk.fill()
        let filler = String(repeating: "f", count: 4_000)
        for _ in 0..<400 where outbox.commitFailure == nil {
            outbox.enqueue((0..<50).map { _ in draft(.receiptCaptured, text: filler) })
            try await wait { outbox.uncommitted < 50 || outbox.commitFailure != nil }
        }
        #expect(outbox.commitFailure != nil)
        outbox.enqueue(drafts(10, .receiptCaptured))
        try await wait { notices.withLock { $0.contains { $0.contains("no room for more events") } } }
        disk.makeRoom()
        try await wait { outbox.uncommitted == 0 && outbox.commitFailure == nil }
        #expect(committer.stop(deadline: .seconds(60)))
        let said = notices.withLock(\.self).filter { !$0.hasPrefix("evicted") }
        #expect(said.count == 2)
        #expect(said.first?.contains("free disk space or raise queue.max_bytes") == true)
        #expect(said.last == "events are accepted again, and what waited in memory is on disk")
        #expect(try outbox.statistics().isBalanced)
    }

    @Test("the gateway starts on a disk that is full to its last block, and on an empty one that is read-only")
    func starts() throws {
        let disk = try TightDisk(bytes: 8 << 20)
        disk.fill()
        let outbox = try Outbox(configuration(disk, clock: TestStamps()))
        outbox.enqueue(drafts(5))
        #expect(throws: OutboxError.self) { try outbox.commit() }
        #expect(outbox.condition != nil)
        disk.makeRoom()
        #expect(try outbox.commit()?.sequences == 1...5)
        #expect(outbox.condition == nil)
        let other = try TightDisk(bytes: 8 << 20)
        try other.makeReadOnly(true)
        let held = try Outbox(configuration(other, clock: TestStamps()))
        held.enqueue(drafts(2))
        try other.makeReadOnly(false)
        #expect(try held.commit()?.sequences == 1...2)
    }
}
