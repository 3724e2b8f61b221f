import Foundation
import PlatformAPI
import Testing

@testable import Outbox

@Suite("What a person does with refused events")
struct QuarantineTests {
    private func refused(_ queue: TemporaryQueue) throws -> Outbox {
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(6))
        for sequence in [2, 4, 5] as [UInt64] {
            try outbox.quarantine(epoch: outbox.epoch, sequence: sequence, problem: ProblemDetails(status: 422))
        }
        return outbox
    }

    private struct Repeated: Decodable {
        var retryof: String?
        var data: Note
    }

    @Test("a retried event waits again under a new sequence, says which it repeats, and is accounted for")
    func retry() throws {
        let queue = try TemporaryQueue()
        let outbox = try refused(queue)
        let outcome = try outbox.carryOut(
            QuarantineOrder(.retry, numbers: [2, 99], who: "ada (uid 1000)", reason: "mended"))
        #expect(outcome == QuarantineOutcome(done: [2], sequences: [7], missing: [99]))
        let batch = try #require(try outbox.nextBatch(maximumEvents: 99, maximumBytes: 1 << 20))
        let last = try WireJSON.decode(Repeated.self, from: try #require(batch.bodies.last))
        #expect(last.retryof == "\(outbox.epoch.uuidString.lowercased()):00000000000000000004")
        #expect(last.data.text == "number 3")
        #expect(try batch.events().map(\.number) == [1, 2, 3, 5, 6, 7])
        let statistics = try outbox.statistics()
        #expect((statistics.enqueued, statistics.quarantined, statistics.retried) == (7, 3, 1))
        #expect(statistics.quarantineDepth == 2)
        #expect(statistics.isBalanced)
        #expect(try outbox.commit(drafts: drafts(1)) == 8...8)
    }

    @Test("dropping needs no more than the order, and who, why and what stays in the audit")
    func drop() throws {
        let queue = try TemporaryQueue()
        let outbox = try refused(queue)
        let outcome = try outbox.carryOut(QuarantineOrder(.drop, numbers: nil, who: "ada", reason: "as agreed"))
        #expect(outcome.done.count == 3)
        #expect(try outbox.quarantined().isEmpty)
        #expect(try outbox.statistics().dropped == 3)
        #expect(try outbox.statistics().isBalanced)
        outbox.close()
        #expect(
            try queue.sql("SELECT action || ' ' || who || ' ' || reason || ' ' || sequence FROM audit", as: String.self)
                == ["drop ada as agreed 2", "drop ada as agreed 4", "drop ada as agreed 5"])
    }

    @Test("an inspector sees what waits while the queue is open, in the bytes that will be sent, and changes nothing")
    func inspector() throws {
        let queue = try TemporaryQueue()
        let outbox = try refused(queue)
        let inspector = try QueueInspector(path: queue.path)
        let entries = try inspector.entries(from: 1, type: nil, limit: 10)
        #expect(entries.map(\.sequence) == [1, 2, 3, 5, 6])
        #expect(entries.map(\.gapFirst) == [nil, 2, nil, 4, nil])
        #expect(try inspector.entries(from: 3, type: "visit.closed", limit: 1).map(\.sequence) == [3])
        let batch = try #require(try outbox.nextBatch(maximumEvents: 99, maximumBytes: 1 << 20))
        var bodies: [[UInt8]] = []
        try inspector.events { bodies.append($0) }
        #expect(bodies == batch.bodies)
        #expect(try inspector.event(3) == batch.bodies[2])
        #expect(try inspector.event(7) == nil)
        #expect(try inspector.quarantined(number: 1, limit: 1).map(\.sequence) == [2])
        #expect(try inspector.statistics().isBalanced)
        #expect(throws: OutboxError.self) { try QueueInspector(path: queue.directory + "/none.sqlite") }
    }
}
