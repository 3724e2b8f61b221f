import Foundation
import GRDB
import PlatformAPI
import Synchronization
import Testing

@testable import Outbox

/// Another connection in the middle of reading, as a program that hangs or a technician's forgotten `sqlite3`.
private final class LongReader {
    private let queue: DatabaseQueue

    init(_ path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.allowsUnsafeTransactions = true
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.inDatabase { db in
            try db.execute(sql: "BEGIN")
            _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM event")
        }
    }

    func end() throws {
        try queue.inDatabase { try $0.execute(sql: "COMMIT") }
        try queue.close()
    }
}

@Suite("A write-ahead log that cannot be emptied")
struct HeldLogTests {
    private static let filler = String(repeating: "f", count: 2_000)

    private func some(_ count: Int = 20) -> [EventDraft] {
        (0..<count).map { _ in draft(.receiptCaptured, text: Self.filler) }
    }

    /// A queue whose log may take 420 KB and is a trouble from twice of that on.
    private func small(_ queue: TemporaryQueue) throws -> Outbox { try queue.open(maximumBytes: 4 << 20) }

    @Test("a reader that never ends raises an alarm when the log has grown, and events are accepted all the same")
    func alarm() throws {
        let queue = try TemporaryQueue()
        let outbox = try small(queue)
        try outbox.commit(drafts: some())
        let reader = try LongReader(queue.path)
        try outbox.commit(drafts: some())
        try outbox.checkpoint()
        #expect(outbox.trouble == nil, "a reader alone is no trouble")
        var accepted = 40
        while outbox.logTrouble == nil, accepted < 2_000 {
            try outbox.commit(drafts: some())
            accepted += 20
        }
        let trouble = try #require(outbox.trouble)
        #expect(trouble.contains("the queue's log cannot be emptied since 2026-11-21T09:30:00.000Z"))
        #expect(trouble.contains("end it (sudo fuser -v \(queue.path))"))
        #expect(trouble.hasSuffix("events are accepted meanwhile"))
        #expect(!trouble.contains("\n"))
        #expect(outbox.commitFailure == nil)
        #expect(outbox.logBytes > 2 * outbox.configuration.maximumLogBytes)
        #expect(try outbox.statistics().enqueued == Int64(accepted))
        try reader.end()
        // In a quiet night nothing is committed.
        outbox.retryCheckpoint()
        #expect(outbox.trouble == nil)
        try outbox.commit(drafts: some(1))
        #expect(outbox.logBytes <= outbox.configuration.maximumLogBytes)
    }

    @Test("the log takes what the file leaves of the quota: then events wait in memory, and the queue still drains")
    func bound() throws {
        let queue = try TemporaryQueue()
        let outbox = try small(queue)
        try outbox.commit(drafts: some())
        let reader = try LongReader(queue.path)
        var failure: OutboxError?
        for _ in 0..<400 where failure == nil {
            do throws(OutboxError) { try outbox.commit(drafts: some()) } catch { failure = error }
        }
        guard case .logHeld = failure else {
            Issue.record("unexpected: \(String(describing: failure))")
            return
        }
        let full = outbox.logBytes
        // What the last checkpoint that was tried had not seen yet: a quarter of the pages between two.
        #expect(full < (4 << 20) + 64 * 4120 + 40 * 4120)
        let accepted = try outbox.statistics().enqueued
        #expect(outbox.uncommitted == 20)
        let trouble = try #require(outbox.trouble)
        #expect(trouble.contains("may not grow beyond queue.max_bytes; nothing is accepted since"))
        #expect(trouble.contains("20 events wait in memory"))
        #expect(throws: OutboxError.self) { try outbox.commit() }
        #expect(outbox.logBytes == full)
        var next: UInt64 = 1
        while let batch = try outbox.nextBatch(maximumEvents: 50, maximumBytes: 1 << 20) {
            #expect(batch.covers == next)
            next = batch.last + 1
            try outbox.settle(epoch: batch.epoch, through: batch.last)
        }
        #expect(next == UInt64(accepted) + 1)
        try reader.end()
        #expect(try outbox.commit()?.sequences == UInt64(accepted + 1)...UInt64(accepted + 20))
        #expect(outbox.trouble == nil)
        try outbox.commit(drafts: some(1))
        #expect(outbox.logBytes <= outbox.configuration.maximumLogBytes)
        #expect(try outbox.statistics().isBalanced)
    }

    @Test("the committer says once that the log is held and once that it is not any more")
    func notices() async throws {
        let queue = try TemporaryQueue()
        let outbox = try small(queue)
        let notices = Mutex<[GroupCommitter.Notice]>([])
        let committer = GroupCommitter(outbox: outbox, policy: .init(count: 20, interval: .milliseconds(2))) { notice in
            notices.withLock { $0.append(notice) }
        }
        committer.start()
        func wait(_ condition: () -> Bool) async throws {
            let limit = ContinuousClock.now + .seconds(120)
            while !condition(), .now < limit { try await Task.sleep(for: .milliseconds(2)) }
        }
        outbox.enqueue(some())
        try await wait { outbox.uncommitted == 0 }
        let reader = try LongReader(queue.path)
        for _ in 0..<100 where outbox.logTrouble == nil {
            outbox.enqueue(some())
            try await wait { outbox.uncommitted == 0 }
        }
        for _ in 0..<5 {
            outbox.enqueue(some())
            try await wait { outbox.uncommitted == 0 }
        }
        try reader.end()
        for _ in 0..<20 where outbox.logTrouble != nil {
            outbox.enqueue(some())
            try await wait { outbox.uncommitted == 0 }
        }
        #expect(committer.stop(deadline: .seconds(60)))
        let said = notices.withLock(\.self)
        #expect(said.count == 2)
        guard case .logHeld(let trouble) = said.first else {
            Issue.record("unexpected: \(said)")
            return
        }
        #expect(trouble.cause == .reader)
        #expect(said.last == .logEmptied)
    }

    @Test("our own look through the file, which reads, too, is asked to give way before anybody is alarmed")
    func check() throws {
        let queue = try TemporaryQueue()
        let outbox = try small(queue)
        try outbox.commit(drafts: some())
        let reader = try LongReader(queue.path)
        outbox.checking.withLock {
            $0 = outbox.access.withLock { if case .open(let queue) = $0 { queue } else { nil } }
        }
        // Beyond what is borne there are several attempts.
        let many = 2 * outbox.configuration.maximumLogBytes + 5 * outbox.configuration.checkpointPages * 1_030
        for _ in 0..<30 where outbox.logBytes < many { try outbox.commit(drafts: some()) }
        #expect(outbox.logBytes >= many)
        #expect(outbox.logTrouble == nil)
        outbox.checking.withLock { $0 = nil }
        for _ in 0..<10 where outbox.logTrouble == nil { try outbox.commit(drafts: some()) }
        #expect(outbox.logTrouble?.cause == .reader)
        try reader.end()
    }

    @Test("a refusal of the disk counts at once, a reader only when the log has grown, and the first moment is kept")
    func watch() {
        var watch = LogWatch(path: "/q", bearableBytes: 100)
        watch.noted(CheckpointResult(outcome: .held, bytes: 100), at: "1")
        watch.noted(CheckpointResult(outcome: .full, bytes: 100), at: "2")
        #expect(watch.trouble == nil)
        watch.noted(CheckpointResult(outcome: .refused("disk I/O error"), bytes: 20), at: "3")
        #expect(watch.trouble == LogTrouble(path: "/q", cause: .disk("disk I/O error"), since: "3", bytes: 20))
        watch.noted(CheckpointResult(outcome: .held, bytes: 101), at: "4")
        #expect(watch.trouble == LogTrouble(path: "/q", cause: .reader, since: "3", bytes: 101))
        watch.noted(CheckpointResult(outcome: .whole, bytes: 300), at: "5")
        #expect(watch.trouble == nil, "it begins anew with the next transaction")
        watch.noted(CheckpointResult(outcome: .whole, bytes: 320), at: "6")
        #expect(watch.trouble?.cause == .reader, "it did not begin anew")
        watch.noted(CheckpointResult(outcome: .whole, bytes: 50), at: "7")
        #expect(watch.trouble == nil)
    }
}
