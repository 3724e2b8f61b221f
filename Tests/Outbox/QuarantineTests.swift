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
        #expect(
            outcome
                == QuarantineOutcome(done: [2], sequences: [7], missing: [99], handled: 2, last: 99, highest: 3))
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
        #expect(try inspector.events { bodies.append($0) } == 0)
        #expect(bodies == batch.bodies)
        bodies = []
        #expect(try inspector.events(from: 3, to: 3) { bodies.append($0) } == 0)
        #expect(try inspector.events(from: 7, to: 7) { bodies.append($0) } == 0)
        #expect(bodies == [batch.bodies[2]])
        #expect(try inspector.quarantined(number: 1, limit: 1).map(\.sequence) == [2])
        #expect(try inspector.statistics().isBalanced)
        let nowhere = queue.directory + "/none.sqlite"
        #expect(throws: OutboxError.noQueue(path: nowhere)) { try QueueInspector(path: nowhere) }
    }

    @Test("an order of any size goes portion by portion, each of them durable, and means what was refused before it")
    func portions() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        let count = 2 * QuarantineRun.portion + 300
        try outbox.commit(drafts: drafts(count + 5))
        func refuse(_ sequences: ClosedRange<UInt64>) throws {
            try outbox.settle(
                epoch: outbox.epoch, through: sequences.upperBound,
                rejected: sequences.map { .init(sequence: $0, id: "e:\($0)", problem: ProblemDetails(status: 422)) })
        }
        try refuse(1...UInt64(count))
        var run = QuarantineRun(QuarantineOrder(.retry, numbers: nil, who: "ada", reason: "mended"))
        var portions: [Int] = []
        while let order = run.next {
            let outcome = try outbox.carryOut(order)
            portions.append(outcome.done.count)
            #expect(try outbox.statistics().isBalanced)
            if portions.count == 1 { try refuse(UInt64(count + 1)...UInt64(count + 3)) }
            run.add(outcome)
        }
        #expect(portions == [1_000, 1_000, 300])
        #expect((run.done, run.firstSequence) == (count, UInt64(count + 6)))
        let rest = try outbox.quarantined()
        #expect(rest.map(\.sequence) == (1...3).map { UInt64(count + $0) })

        let number = try #require(rest.first).number
        run = QuarantineRun(
            QuarantineOrder(
                .drop, numbers: [number, number] + (100_000..<(101_500)).map { $0 }, who: "ada", reason: "b"))
        var asked = 0
        while let order = run.next {
            asked += 1
            run.add(try outbox.carryOut(order))
        }
        #expect((asked, run.done, run.missing.count) == (2, 1, 1_500))
        #expect(run.missing.first == Array(100_000..<100_020))
        #expect(QuarantineRun(QuarantineOrder(.drop, numbers: [], who: "ada", reason: "b")).next == nil)
    }

    @Test("a portion of large events is smaller, so that its log is")
    func largePortions() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        let text = String(repeating: "x", count: 400_000)
        try outbox.commit(drafts: (0..<8).map { _ in draft(text: text) })
        try outbox.settle(
            epoch: outbox.epoch, through: 8,
            rejected: (1...8).map { .init(sequence: $0, id: "e:\($0)", problem: ProblemDetails(status: 422)) })
        var run = QuarantineRun(
            QuarantineOrder(.retry, numbers: [8, 7, 6, 5, 4, 3, 2, 1], who: "ada", reason: "mended"))
        var portions: [Int] = []
        while let order = run.next {
            let outcome = try outbox.carryOut(order)
            portions.append(outcome.handled)
            run.add(outcome)
        }
        #expect(portions == [3, 3, 2])
        #expect(run.done == 8)
    }

    @Test("a command refuses a damaged queue and changes no byte of it; the gateway salvages it")
    func damagedByCommand() throws {
        let queue = try TemporaryQueue()
        try refused(queue).close()
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: queue.path))
        try file.write(contentsOf: Data(count: 100))
        try file.close()
        let before = FileManager.default.contents(atPath: queue.path)
        let names = try FileManager.default.contentsOfDirectory(atPath: queue.directory + "/state").sorted()
        var configuration = queue.configuration()
        configuration.salvages = false
        let error = #expect(throws: OutboxError.self) { try Outbox(configuration) }
        #expect(error?.forCommand.contains("nothing was changed") == true)
        #expect(FileManager.default.contents(atPath: queue.path) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: queue.directory + "/state").sorted() == names)
        // A salvage that a kill interrupted is the gateway's to end.
        #expect(FileManager.default.createFile(atPath: queue.path + ".salvage", contents: nil))
        #expect(throws: OutboxError.self) { try Outbox(configuration) }
        #expect(try queue.open().takeRescues().count == 1)
    }
}
