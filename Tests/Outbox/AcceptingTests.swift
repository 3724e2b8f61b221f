import Foundation
import GRDB
import PlatformAPI
import Synchronization
import Testing

@testable import Outbox

@Suite("Accepting events")
struct AcceptingTests {
    @Test("sequences start at 1, rise by 1, and the event carries its own")
    func sequences() throws {
        let outbox = try TemporaryQueue().open()
        #expect(try outbox.commit(drafts: drafts(3)) == 1...3)
        #expect(try outbox.commit(drafts: drafts(2)) == 4...5)
        let batch = try #require(try outbox.nextBatch(maximumEvents: 10, maximumBytes: 1 << 20))
        let events = try batch.events()
        #expect(events.map(\.number) == [1, 2, 3, 4, 5])
        #expect(events.map(\.epoch) == Array(repeating: outbox.epoch.uuidString.lowercased(), count: 5))
        #expect(events[4].id == "\(outbox.epoch.uuidString.lowercased()):00000000000000000005")
    }

    @Test("a sequence is never given out again, also when the queue was emptied and opened anew")
    func neverReused() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(7))
        try outbox.settle(epoch: outbox.epoch, through: 7)
        #expect(outbox.backlog.rows == 0)
        let epoch = outbox.epoch
        outbox.close()
        let again = try queue.open()
        #expect(again.epoch == epoch)
        #expect(try again.commit(drafts: drafts(1)) == 8...8)
    }

    @Test("another queue file has another epoch")
    func epochs() throws {
        #expect(try TemporaryQueue().open().epoch != TemporaryQueue().open().epoch)
    }

    @Test("a checkpoint is stored in the transaction of the events that it belongs to")
    func stateWithEvents() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        outbox.enqueue(drafts(2), state: ["visit/1": [1, 2], "visit/2": [3], "clock": [9]])
        outbox.enqueue([], state: ["visit/1": [4], "visit/2": nil])
        #expect(try outbox.state("visit/1") == nil)
        try outbox.commit()
        outbox.close()
        let again = try queue.open()
        #expect(try again.states(prefix: "visit/") == ["visit/1": [4]])
        #expect(try again.state("clock") == [9])
        try again.commit(drafts: [], state: ["clock": nil])
        #expect(try again.state("clock") == nil)
    }

    @Test("a commit that fails keeps its events in order, and neither they nor the checkpoint are half stored")
    func failedCommit() throws {
        let outbox = try TemporaryQueue().open()
        try outbox.commit(drafts: drafts(1), state: ["position": [1]])
        try outbox.write("") { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.sequence = 3
                    BEGIN SELECT RAISE(ABORT, 'the disk says no'); END
                    """)
        }
        outbox.enqueue([draft(text: "second"), draft(text: "third")], state: ["position": [2]])
        #expect(throws: OutboxError.self) { try outbox.commit() }
        #expect(try outbox.state("position") == [1])
        #expect(try outbox.statistics().lastSequence == 1)
        outbox.enqueue([draft(text: "fourth")], state: ["position": [3]])
        try outbox.write("") { db in try db.execute(sql: "DROP TRIGGER refuse") }
        let commit = try outbox.commit()
        #expect(commit?.sequences == 2...4)
        #expect(try outbox.state("position") == [3])
        let bodies = try #require(try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20)).bodies
        for (body, text) in zip(bodies.dropFirst(), ["second", "third", "fourth"]) {
            #expect(String(decoding: body, as: UTF8.self).contains(text))
        }
    }

    @Test("an event that cannot be encoded takes no sequence and holds nobody up")
    func unencodable() throws {
        struct Failure: Error {}
        let outbox = try TemporaryQueue().open()
        outbox.enqueue([draft(), EventDraft(type: .gatewayHealth) { _ in throw Failure() }, draft()])
        let commit = try outbox.commit()
        #expect(commit?.sequences == 1...2)
        #expect(commit?.unencodable == ["gateway.health"])
        #expect(try outbox.statistics().refusedDrafts["unencodable"] == 1)
    }

    @Test("while the disk refuses, memory is bounded: the least important drafts go first and are counted")
    func overflow() throws {
        let queue = try TemporaryQueue()
        let outbox = try Outbox(queue.configuration(pendingLimit: 3))
        outbox.enqueue([
            draft(.receiptCaptured), draft(.gatewayHealth), draft(.visitClosed), draft(.footfallHour),
            draft(.receiptLinked),
        ])
        try outbox.commit()
        let batch = try #require(try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20))
        #expect(try batch.events().map(\.type) == ["receipt.captured", "visit.closed", "receipt.linked"])
        #expect(try outbox.statistics().refusedDrafts["overflow"] == 2)
    }

    @Test("receipts and openings are urgent; receipts outlast visits, visits footfall, footfall health")
    func defaults() {
        let plain: @Sendable (EventIdentity) throws -> [UInt8] = { _ in [] }
        #expect(EventDraft(type: .visitOpened, encode: plain).urgent)
        #expect(EventDraft(type: .receiptCaptured, encode: plain).urgent)
        #expect(!EventDraft(type: .gatewayHealth, encode: plain).urgent)
        #expect(EventPriority(.gatewayHealth) < EventPriority(.footfallHour))
        #expect(EventPriority(.footfallHour) < EventPriority(.visitClosed))
        #expect(EventPriority(.visitClosed) < EventPriority(.receiptLinked))
    }
}

@Suite("Group commit")
struct GroupCommitterTests {
    private final class Log: Sendable {
        let commits = Mutex<[Commit]>([])
        var ranges: [ClosedRange<UInt64>] { commits.withLock { $0.compactMap(\.sequences) } }
    }

    private func started(
        _ queue: TemporaryQueue, count: Int, interval: Duration
    ) throws -> (outbox: Outbox, committer: GroupCommitter, log: Log) {
        let outbox = try queue.open()
        let log = Log()
        outbox.observeCommits { commit in log.commits.withLock { $0.append(commit) } }
        let committer = GroupCommitter(outbox: outbox, policy: .init(count: count, interval: interval))
        committer.start()
        return (outbox, committer, log)
    }

    private func waitUntil(_ condition: () throws -> Bool) async throws {
        let limit = ContinuousClock.now + .seconds(20)
        while try !condition(), .now < limit { await Task.yield() }
    }

    @Test("the group is committed when it is large enough, long before its time")
    func byCount() async throws {
        let queue = try TemporaryQueue()
        let (outbox, committer, log) = try started(queue, count: 10, interval: .seconds(3600))
        outbox.enqueue(drafts(10))
        try await waitUntil { !log.ranges.isEmpty }
        #expect(log.ranges == [1...10])
        #expect(committer.stop(deadline: .seconds(5)))
    }

    @Test("a small group is committed when its time has come")
    func byTime() async throws {
        let queue = try TemporaryQueue()
        let (outbox, committer, log) = try started(queue, count: 1000, interval: .milliseconds(20))
        for text in ["a", "b", "c"] { outbox.enqueue([draft(text: text)]) }
        try await waitUntil { log.ranges.last?.upperBound == 3 }
        #expect(log.ranges.last?.upperBound == 3)
        #expect(committer.stop(deadline: .seconds(5)))
    }

    @Test("an urgent event is committed at once, and takes what waits along")
    func urgent() async throws {
        let queue = try TemporaryQueue()
        let (outbox, committer, log) = try started(queue, count: 1000, interval: .seconds(3600))
        outbox.enqueue(drafts(3))
        outbox.enqueue([draft(.receiptCaptured, urgent: true)])
        try await waitUntil { !log.ranges.isEmpty }
        #expect(log.ranges.first?.lowerBound == 1)
        #expect(committer.stop(deadline: .seconds(5)))
        #expect(log.ranges.last?.upperBound == 4)
    }

    @Test("by default nothing waits longer than 250 ms, and openings of visits and receipts do not wait at all")
    func defaults() async throws {
        #expect(GroupCommitter.Policy.standard.interval == .milliseconds(250))
        #expect(GroupCommitter.Policy.standard.count == 100)
        let queue = try TemporaryQueue()
        let (outbox, committer, log) = try started(queue, count: 1000, interval: .seconds(3600))
        for (index, type) in [EventType.visitOpened, .receiptCaptured, .receiptLinked].enumerated() {
            outbox.enqueue([draft(type, urgent: nil)])
            try await waitUntil { log.ranges.count == index + 1 }
            #expect(log.ranges.count == index + 1)
        }
        #expect(committer.stop(deadline: .seconds(5)))
    }

    @Test("stopping commits what waits")
    func stopping() throws {
        let queue = try TemporaryQueue()
        let (outbox, committer, log) = try started(queue, count: 1000, interval: .seconds(3600))
        outbox.enqueue(drafts(5), state: ["k": [1]])
        #expect(committer.stop(deadline: .seconds(5)))
        #expect(log.ranges == [1...5])
        #expect(try outbox.state("k") == [1])
    }

    @Test("eight threads enqueue: every event is in exactly one commit, and the commits follow each other")
    func threads() async throws {
        let queue = try TemporaryQueue()
        let (outbox, committer, log) = try started(queue, count: 50, interval: .milliseconds(5))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<100 { outbox.enqueue([draft()]) } }
            }
        }
        #expect(committer.stop(deadline: .seconds(30)))
        let ranges = log.ranges
        #expect(ranges.first?.lowerBound == 1)
        #expect(ranges.last?.upperBound == 800)
        for (left, right) in zip(ranges, ranges.dropFirst()) { #expect(left.upperBound + 1 == right.lowerBound) }
        #expect(try outbox.statistics().pendingEvents == 800)
    }

    @Test("a full disk is told once, evicts by priority, and the group gets in afterwards")
    func full() async throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open(maximumBytes: 1 << 20)
        let notices = Mutex<[GroupCommitter.Notice]>([])
        let committer = GroupCommitter(outbox: outbox, policy: .init(count: 100, interval: .milliseconds(5))) {
            notice in
            notices.withLock { $0.append(notice) }
        }
        let filler = String(repeating: "f", count: 2000)
        committer.start()
        for _ in 0..<60 {
            outbox.enqueue((0..<9).map { _ in draft(.gatewayHealth, text: filler) } + [draft(.receiptCaptured)])
            try await waitUntil { outbox.uncommitted == 0 }
        }
        #expect(committer.stop(deadline: .seconds(10)))
        #expect(notices.withLock { $0.contains { if case .evicted = $0 { true } else { false } } })
        let statistics = try outbox.statistics()
        #expect(statistics.fileBytes <= 1 << 20)
        #expect((statistics.evicted["queue_full"] ?? 0) > 0)
        #expect(statistics.enqueued == 600)
        let total = statistics.evicted.values.reduce(0, +) + Int64(statistics.pendingEvents)
        #expect(statistics.enqueued == total)
    }
}
