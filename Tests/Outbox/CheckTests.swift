import Foundation
import GRDB
import Glibc
import PlatformAPI
import Synchronization
import Testing

@testable import Outbox

/// Damage that opening does not meet, because nothing reads those pages then.
@Suite("Looking through the whole queue file")
struct CheckTests {
    enum Hidden: CaseIterable, Sendable {
        /// A leaf of the quarantine is zeros.
        case quarantineLeaf
        /// Two leaves of the events stand in each other's place: each row reads well.
        case eventsOutOfOrder
        /// The map that says which page belongs to which (auto_vacuum) is noise.
        case pointerMap
    }

    private static let waiting = 4_000
    private static let refused = 40

    /// A queue of some 8 MB, closed, whose file is damaged where nobody looks.
    private func damaged(_ hidden: Hidden) throws -> (queue: TemporaryQueue, epoch: UUID) {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        let filler = String(repeating: "f", count: 1_500)
        for _ in 0..<(Self.waiting / 200) {
            try outbox.commit(drafts: (0..<200).map { draft(.receiptCaptured, text: "\(filler) \($0)") })
        }
        try outbox.settle(
            epoch: outbox.epoch, through: UInt64(Self.refused),
            rejected: (1...UInt64(Self.refused)).map {
                .init(sequence: $0, id: "x", problem: ProblemDetails(status: 422))
            })
        let roots = try outbox.read("") { db in
            (
                event: try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'event'") ?? 0,
                quarantine: try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'quarantine'")
                    ?? 0
            )
        }
        try outbox.checkpoint()
        let epoch = outbox.epoch
        outbox.close()
        var file = try Data(contentsOf: URL(fileURLWithPath: queue.path))
        switch hidden {
        case .quarantineLeaf:
            let leaves = Self.leaves(of: roots.quarantine, in: file)
            Self.put(Data(count: 4096), at: leaves[leaves.count / 2], in: &file)
        case .eventsOutOfOrder:
            let leaves = Self.leaves(of: roots.event, in: file)
            let (one, other) = (leaves[leaves.count / 3], leaves[leaves.count / 2])
            let kept = Self.page(one, in: file)
            Self.put(Self.page(other, in: file), at: one, in: &file)
            Self.put(kept, at: other, in: &file)
        case .pointerMap: Self.put(Data(repeating: 0x5A, count: 4096), at: 2, in: &file)
        }
        try file.write(to: URL(fileURLWithPath: queue.path))
        return (queue, epoch)
    }

    private static func page(_ number: Int, in file: Data) -> Data {
        Data(file[((number - 1) * 4096)..<(number * 4096)])
    }

    private static func put(_ page: Data, at number: Int, in file: inout Data) {
        file.replaceSubrange(((number - 1) * 4096)..<(number * 4096), with: page)
    }

    /// The leaves of a table, left to right (sqlite.org/fileformat2.html, 1.6).
    private static func leaves(of root: Int, in file: Data) -> [Int] {
        let page = [UInt8](page(root, in: file))
        guard page[0] == 0x05 else { return [root] }
        func word(_ at: Int) -> Int { page[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) } }
        let cells = Int(page[3]) << 8 | Int(page[4])
        let children = (0..<cells).map { word(Int(page[12 + 2 * $0]) << 8 | Int(page[13 + 2 * $0])) } + [word(8)]
        return children.flatMap { leaves(of: $0, in: file) }
    }

    private func waitUntil(_ condition: () throws -> Bool) async throws {
        let limit = ContinuousClock.now + .seconds(120)
        while try !condition(), .now < limit { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test(
        "the queue opens and accepts at once; the damage is found beside it, and everything goes on in a new epoch, with what was accepted meanwhile",
        arguments: Hidden.allCases)
    func found(hidden: Hidden) async throws {
        let (queue, old) = try damaged(hidden)
        let outbox = try queue.open()
        #expect(outbox.condition == nil)
        #expect(outbox.takeRescues().isEmpty)
        #expect(outbox.epoch == old)
        #expect(try outbox.commit(drafts: drafts(5)) == 4_001...4_005)
        let told = Mutex<[String]>([])
        let committer = GroupCommitter(outbox: outbox, policy: .init(count: 10, interval: .milliseconds(5))) { notice in
            if case .rescued = notice { told.withLock { $0.append("rescued") } }
        }
        committer.start()
        let check = QueueCheck(outbox: outbox) { notice in
            if case .damaged = notice { told.withLock { $0.append("damaged") } }
        }
        check.start()
        for _ in 0..<5 { outbox.enqueue(drafts(4)) }
        try await waitUntil { told.withLock { Set($0) } == ["damaged", "rescued"] }
        for _ in 0..<5 { outbox.enqueue(drafts(4)) }
        #expect(check.stop(deadline: .seconds(60)))
        #expect(committer.stop(deadline: .seconds(60)))
        #expect(Set(told.withLock(\.self)) == ["damaged", "rescued"])
        #expect(outbox.epoch != old)
        #expect(outbox.trouble == nil)
        let statistics = try outbox.statistics()
        #expect(statistics.isBalanced)
        #expect(statistics.enqueued == Int64(Self.waiting + 45))
        // Not one event that waited is lost: what was damaged was no event's only place.
        #expect(statistics.pendingEvents == Self.waiting - Self.refused + 45)
        #expect(statistics.evicted.isEmpty)
        #expect(statistics.rescues == 1)
        #expect(statistics.quarantined == Int64(Self.refused))
        let again = QueueCheck(outbox: outbox)
        again.start()
        #expect(outbox.check() != .unavailable)
        #expect(again.stop(deadline: .seconds(60)))
    }

    @Test("a sound queue is found sound while events are accepted, sent and evicted beside the check")
    func sound() async throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(2_000))
        let isDone = Atomic<Bool>(false)
        let outcomes = Mutex<[CheckOutcome]>([])
        let checker = Thread {
            repeat {
                let outcome = outbox.check()
                outcomes.withLock { $0.append(outcome) }
            } while !isDone.load(ordering: .acquiring)
            let last = outbox.check()
            outcomes.withLock { $0.append(last) }
        }
        checker.start()
        for round in 0..<40 {
            try outbox.commit(drafts: drafts(20))
            if round % 4 == 0 { try outbox.settle(epoch: outbox.epoch, through: UInt64(round * 30)) }
            if round % 10 == 0 { try outbox.checkpoint() }
        }
        isDone.store(true, ordering: .releasing)
        try await waitUntil { checker.isFinished }
        let seen = outcomes.withLock(\.self)
        #expect(
            seen.allSatisfy { outcome in
                if case .sound = outcome { return true }
                return outcome == .interrupted
            })
        guard case .sound(let pages) = seen.last else {
            Issue.record("\(String(describing: seen.last))")
            return
        }
        #expect(pages > 100)
        #expect(try outbox.statistics().pendingEvents == 2_800 - 36 * 30)
    }

    @Test("who cannot wait ends the check, and it holds nothing afterwards")
    func interrupted() async throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(3_000))
        let checker = Thread { _ = outbox.check() }
        checker.start()
        outbox.endCheck()
        outbox.close()
        #expect(outbox.check() == .unavailable)
        try await waitUntil { checker.isFinished }
        #expect(outbox.checking.withLock { $0 == nil })
    }

    @Test("a page that the disk refuses is tried again before it counts as lost; wrong contents count at once")
    func words() {
        let refused = "*** in database main *** Tree 3 page 17: unable to get the page. error code=266"
        let wrong = "*** in database main *** Tree 3 page 17: btreeInitPage() returns error code 11"
        func outcome(_ said: String, _ believing: Bool) -> CheckOutcome {
            CheckOutcome(said: said, pages: 20, path: "/q", believing)
        }
        #expect(outcome("ok", false) == .sound(pages: 20))
        #expect(
            outcome(refused, false)
                == .unreadable(.failed(operation: "checking the queue", path: "/q", reason: refused)))
        #expect(outcome(refused, true) == .damaged(.damaged(path: "/q", reason: refused)))
        #expect(outcome(wrong, false) == .damaged(.damaged(path: "/q", reason: wrong)))
    }

    @Test("a counter that changed on the disk is seen at the start, before anything is sent, and costs no event")
    func counter() throws {
        let queue = try TemporaryQueue()
        var outbox = try queue.open()
        let old = outbox.epoch
        try outbox.commit(drafts: drafts(10))
        try outbox.settle(epoch: old, through: 4)
        outbox.close()
        _ = try queue.sql("UPDATE counter SET value = value + 32 WHERE name = 'delivered'", as: Int.self)
        outbox = try queue.open()
        let statistics = try outbox.statistics()
        #expect(statistics.isBalanced)
        #expect((statistics.enqueued, statistics.delivered, statistics.pendingEvents) == (10, 4, 6))
        #expect(outbox.takeRescues().map(\.lost) == [0])
        #expect(outbox.epoch != old)
    }

    @Test("an event that vanishes from the middle of the queue stops the batch, and a gap takes its place")
    func vanished() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(10))
        _ = try queue.sql("DELETE FROM event WHERE sequence = 5", as: Int.self)
        #expect(throws: OutboxError.self) { try outbox.nextBatch(maximumEvents: 100, maximumBytes: 1 << 20) }
        try outbox.commit(drafts: drafts(1))
        let batch = try #require(try outbox.nextBatch(maximumEvents: 100, maximumBytes: 1 << 20))
        #expect(batch.bodies.count == 11)
        let gap = try #require(try batch.gap(at: 4))
        #expect((gap.first, gap.last, gap.reason) == (5, 5, GapReason.damaged.rawValue))
        #expect(try outbox.statistics().isBalanced)
        #expect(outbox.takeRescues().map(\.settled) == [0])
    }

    @Test("an epoch that changed on the disk is put right by the events that wait")
    func epoch() throws {
        let queue = try TemporaryQueue()
        var outbox = try queue.open()
        let epoch = outbox.epoch
        try outbox.commit(drafts: drafts(10))
        outbox.close()
        _ = try queue.sql("UPDATE meta SET value = '\(UUID().uuidString)' WHERE key = 'epoch'", as: Int.self)
        outbox = try queue.open()
        #expect(outbox.epoch == epoch)
        #expect(outbox.backlog.rows == 10)
    }

    @Test("a checkpoint on a damaged page does not end every start: what the file still holds is salvaged at once")
    func checkpointPage() throws {
        let queue = try TemporaryQueue()
        var outbox = try queue.open()
        try outbox.commit(drafts: drafts(10), state: ["k": [1]])
        let root = try outbox.read("") {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'state'") ?? 0
        }
        outbox.close()
        var file = try Data(contentsOf: URL(fileURLWithPath: queue.path))
        Self.put(Data(count: 4096), at: root, in: &file)
        try file.write(to: URL(fileURLWithPath: queue.path))
        outbox = try queue.open()
        #expect(try outbox.state("k") == nil)
        #expect(outbox.takeRescues().map(\.salvaged) == [10])
    }
}
