import Foundation
import GRDB
import PlatformAPI
import Synchronization
import Testing

@testable import Outbox

@Suite("Settling with the platform")
struct SettlingTests {
    private let problem = ProblemDetails(
        type: ProblemDetails.Kind.invalidEvent.rawValue, title: "invalid event", status: 422,
        detail: "dwell_s is negative")

    @Test("a batch is the head of the queue, bounded in events and bytes, and reading it removes nothing")
    func batches() throws {
        let outbox = try TemporaryQueue().open()
        #expect(try outbox.nextBatch(maximumEvents: 5, maximumBytes: 1 << 20) == nil)
        try outbox.commit(drafts: drafts(20))
        let batch = try #require(try outbox.nextBatch(maximumEvents: 5, maximumBytes: 1 << 20))
        #expect((batch.first, batch.covers, batch.last) == (1, 1, 5))
        #expect(try outbox.nextBatch(maximumEvents: 5, maximumBytes: 1 << 20) == batch)
        let size = batch.bodies[0].count
        #expect(try outbox.nextBatch(maximumEvents: 5, maximumBytes: 2 * size + 10)?.bodies.count == 2)
        #expect(try outbox.nextBatch(maximumEvents: 5, maximumBytes: 1)?.bodies.count == 1)
    }

    @Test("everything up to accepted_through is gone, the refused ones are in quarantine with the reason")
    func settle() throws {
        let outbox = try TemporaryQueue().open()
        try outbox.commit(drafts: drafts(10))
        let rejected = [BatchAnswer.Rejection(sequence: 3, id: "e:3", problem: problem)]
        try outbox.settle(epoch: outbox.epoch, through: 6, rejected: rejected)
        try outbox.settle(epoch: outbox.epoch, through: 6, rejected: rejected)
        let batch = try #require(try outbox.nextBatch(maximumEvents: 50, maximumBytes: 1 << 20))
        #expect((batch.first, batch.last) == (7, 10))
        let quarantined = try outbox.quarantined()
        #expect(quarantined.map(\.sequence) == [3])
        #expect(quarantined.first?.problem == problem)
        let statistics = try outbox.statistics()
        #expect((statistics.enqueued, statistics.delivered, statistics.quarantined) == (10, 5, 1))
        #expect((statistics.pendingEvents, statistics.depth, statistics.quarantineDepth) == (4, 4, 1))
    }

    @Test("a refusal beyond accepted_through is not believed")
    func rejectionBeyond() throws {
        let outbox = try TemporaryQueue().open()
        try outbox.commit(drafts: drafts(4))
        try outbox.settle(
            epoch: outbox.epoch, through: 2, rejected: [.init(sequence: 4, id: "e:4", problem: problem)])
        #expect(try outbox.quarantined().isEmpty)
        #expect(outbox.backlog.rows == 2)
    }

    @Test("an answer for another epoch changes nothing")
    func otherEpoch() throws {
        let outbox = try TemporaryQueue().open()
        try outbox.commit(drafts: drafts(4))
        try outbox.settle(epoch: UUID(), through: 4)
        try outbox.quarantine(epoch: UUID(), sequence: 1, problem: problem)
        #expect(outbox.backlog.rows == 4)
    }

    @Test(
        "a gap whose text the disk changed is told as damaged, and nothing is added to its counts",
        arguments: [true, false])
    func damagedGap(withChecksum: Bool) throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(4))
        try outbox.quarantine(epoch: outbox.epoch, sequence: 2, problem: problem)
        // A count near the highest integer would overflow; a small one is only found by the checksum.
        try outbox.write("changing a gap") { db in
            try db.execute(
                sql: "UPDATE event SET gap = replace(gap, ':1}', ?), crc = CASE WHEN ? THEN crc END WHERE sequence = 2",
                arguments: [withChecksum ? ":3}" : ":9223372036854775807}", withChecksum])
            #expect(db.changesCount == 1)
        }
        try outbox.quarantine(epoch: outbox.epoch, sequence: 3, problem: problem)
        let batch = try #require(try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20))
        #expect(try batch.events().map(\.number) == [1])
        try outbox.settle(epoch: outbox.epoch, through: 1)
        let rest = try #require(try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20))
        #expect(try rest.events().map(\.number) == [2, 3, 4])
        #expect(try rest.gap(at: 0) == GatewayGap(first: 2, last: 2, reason: "damaged", counts: [:]))
        #expect(try rest.gap(at: 1)?.counts == ["visit.closed": 1])
    }

    @Test("a new epoch that begins while an answer is taken in is not settled, refused or filled by it")
    func epochBetween() throws {
        let queue = try TemporaryQueue()
        let meanwhile = Mutex<(@Sendable () -> Void)?>(nil)
        var configuration = queue.configuration()
        configuration.stamp = {
            meanwhile.withLock { hook in
                defer { hook = nil }
                return hook
            }?()
            return queue.clock.stamp()
        }
        let outbox = try Outbox(configuration)
        try outbox.commit(drafts: drafts(10))
        try outbox.settle(epoch: outbox.epoch, through: 4)
        func across(_ act: (_ epoch: UUID) throws -> Void) throws {
            let epoch = outbox.epoch
            meanwhile.withLock { $0 = { try? outbox.moveToNewEpoch(from: epoch) } }
            try act(epoch)
            #expect(outbox.epoch != epoch)
            #expect(outbox.backlog.rows == 6)
            let batch = try #require(try outbox.nextBatch(maximumEvents: 50, maximumBytes: 1 << 20))
            #expect((batch.first, batch.last) == (1, 6))
        }
        try across { try outbox.settle(epoch: $0, through: 8) }
        try across { try outbox.quarantine(epoch: $0, sequence: 5, problem: problem) }
        try outbox.settle(epoch: outbox.epoch, through: 3)
        try outbox.commit(drafts: drafts(3))
        try across { epoch in
            let isFilled = try outbox.fill(epoch: epoch, from: 2, reason: "lost")
            #expect(!isFilled)
        }
        // What the disk changed is given up under the number that it has now.
        try outbox.write("changing a row") { try $0.execute(sql: "UPDATE event SET crc = 0 WHERE sequence = 1") }
        let epoch = outbox.epoch
        meanwhile.withLock { $0 = { try? outbox.moveToNewEpoch(from: epoch) } }
        _ = try outbox.nextBatch(maximumEvents: 50, maximumBytes: 1 << 20)
        #expect(outbox.epoch != epoch)
        #expect(try outbox.quarantined().isEmpty)
        #expect(try outbox.statistics().isBalanced)
    }

    @Test("an event that is refused alone leaves a gap with its own sequence")
    func refusedAlone() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(3))
        try outbox.quarantine(epoch: outbox.epoch, sequence: 1, problem: problem)
        let batch = try #require(try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20))
        #expect(try batch.events().map(\.number) == [1, 2, 3])
        #expect(
            try batch.gap(at: 0) == GatewayGap(first: 1, last: 1, reason: "refused", counts: ["visit.closed": 1]))
        #expect(try outbox.quarantined().map(\.sequence) == [1])
        #expect(throws: OutboxError.gapRefused(sequence: 1)) {
            try outbox.quarantine(epoch: outbox.epoch, sequence: 1, problem: problem)
        }
        let statistics = try outbox.statistics()
        #expect(
            (statistics.enqueued, statistics.quarantined, statistics.pendingEvents, statistics.depth) == (3, 1, 2, 3))
        try outbox.settle(epoch: outbox.epoch, through: 3)
        #expect(try outbox.statistics().delivered == 2)
    }

    @Test("a platform that was restored from an older copy gets one gap over what it had confirmed")
    func fill() throws {
        let outbox = try TemporaryQueue().open()
        try outbox.commit(drafts: drafts(10))
        try outbox.settle(epoch: outbox.epoch, through: 8)
        #expect(try outbox.fill(epoch: outbox.epoch, from: 5, reason: "delivered"))
        let batch = try #require(try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20))
        #expect((batch.covers, batch.first, batch.last) == (5, 8, 10))
        #expect(try batch.gap(at: 0) == GatewayGap(first: 5, last: 8, reason: "delivered", counts: [:]))
        #expect(try !outbox.fill(epoch: outbox.epoch, from: 5, reason: "delivered"))
        #expect(try !outbox.fill(epoch: outbox.epoch, from: 9, reason: "delivered"))
    }

    @Test("moving to a new epoch renumbers from 1, keeps order, holes and bodies, and loses no count")
    func newEpoch() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        let old = outbox.epoch
        try outbox.commit(drafts: drafts(6) + [draft(text: #"a "quoted" {brace} \ "id":"x""#)])
        try outbox.settle(epoch: old, through: 3)
        try outbox.quarantine(epoch: old, sequence: 5, problem: problem)
        let before = try #require(try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20))
        try outbox.moveToNewEpoch(from: old)
        try outbox.moveToNewEpoch(from: old)
        #expect(outbox.epoch != old)
        let batch = try #require(try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20))
        let events = try batch.events()
        #expect(events.map(\.number) == [1, 2, 3, 4])
        #expect(events.allSatisfy { $0.epoch == outbox.epoch.uuidString.lowercased() })
        #expect(events.allSatisfy { $0.id == "\($0.epoch):\($0.sequence)" })
        #expect(try batch.gap(at: 1)?.first == 2)
        for index in [0, 2, 3] {
            let was = try WireJSON.decode(CloudEvent<Note>.self, from: before.bodies[index]).data
            #expect(try WireJSON.decode(CloudEvent<Note>.self, from: batch.bodies[index]).data == was)
        }
        #expect(try outbox.commit(drafts: drafts(1)) == 5...5)
        let statistics = try outbox.statistics()
        #expect(statistics.enqueued == 8)
        #expect(statistics.delivered + Int64(statistics.pendingEvents) + statistics.quarantined == 8)
        let epoch = outbox.epoch
        outbox.close()
        #expect(try queue.open().epoch == epoch)
    }

    @Test("a row that is no event any more becomes a gap of reason damaged when it has to be renamed")
    func unreadable() throws {
        let outbox = try TemporaryQueue().open()
        try outbox.commit(drafts: [draft(), EventDraft(type: .tillGap) { _ in Array("not json".utf8) }, draft()])
        try outbox.moveToNewEpoch(from: outbox.epoch)
        let batch = try #require(try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20))
        #expect(try batch.gap(at: 1) == GatewayGap(first: 2, last: 2, reason: "damaged", counts: ["till.gap": 1]))
        #expect(try outbox.statistics().evicted == ["damaged": 1])
    }

    @Test("any bytes: renaming an event never crashes, and what it gives back is still one object")
    func envelopeFuzz() throws {
        let identity = EventIdentity(epoch: UUID(), sequence: 77)
        let original = try draft(text: #"tricky \" ] } , "sequence" : "9""#).encode(
            EventIdentity(epoch: UUID(), sequence: 5))
        var random = SplitMix(42)
        for _ in 0..<3000 {
            var bytes = original
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: Int.random(in: bytes.indices, using: &random))
                default: bytes.removeLast(Int.random(in: 0...min(40, bytes.count - 1), using: &random))
                }
            }
            guard let renamed = EventEnvelope.renamed(Data(bytes), to: identity) else { continue }
            if (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil {
                let event = try WireJSON.decode([String: JSONValue].self, from: renamed)
                #expect(event["sequence"]?.string == "00000000000000000077")
            }
        }
        let clean = try #require(EventEnvelope.renamed(Data(original), to: identity))
        let back = try WireJSON.decode(CloudEvent<Note>.self, from: clean)
        #expect(back.data.text == #"tricky \" ] } , "sequence" : "9""#)
    }
}
