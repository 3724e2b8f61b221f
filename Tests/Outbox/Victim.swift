import Foundation
import PlatformAPI
import Testing

@testable import Outbox

/// A queue with some history: delivered, quarantined and waiting events, a gap, a checkpoint; copied as a crash leaves it.
struct Victim {
    static let accepted = 60
    let source: TemporaryQueue
    /// How each event waited, by its number in the old epoch.
    let waiting: [UInt64: [UInt8]]
    let epoch: UUID
    let files: [String: Data]

    init(checkpointed: Bool = false) throws {
        source = try TemporaryQueue()
        let outbox = try source.open()
        epoch = outbox.epoch
        let filler = String(repeating: "f", count: 900)
        for index in 0..<(Self.accepted / 5) {
            try outbox.commit(
                drafts: (0..<5).map { draft(.receiptCaptured, text: "\(filler) \(index * 5 + $0 + 1)") },
                state: ["visit/\(index)": [UInt8](repeating: UInt8(index), count: 40)])
        }
        try outbox.settle(
            epoch: epoch, through: 10, rejected: [.init(sequence: 4, id: "x", problem: ProblemDetails(status: 422))])
        let batch = try #require(try outbox.nextBatch(maximumEvents: 100, maximumBytes: 1 << 22))
        waiting = Dictionary(uniqueKeysWithValues: zip(try batch.events().map(\.number), batch.bodies))
        try outbox.quarantine(epoch: epoch, sequence: 30, problem: ProblemDetails(status: 422))
        if checkpointed { try outbox.checkpoint() }
        // As a kill leaves them: the log is not checkpointed, the shared memory is there.
        var files: [String: Data] = [:]
        for suffix in ["", "-wal", "-shm", ".lock"] {
            files[suffix] = try? Data(contentsOf: URL(fileURLWithPath: source.path + suffix))
        }
        self.files = files
    }

    /// Opens a copy that `damage` has changed, and checks everything that must hold whatever was done to it.
    @discardableResult
    func open(
        _ what: String, damage: (inout [String: Data]) -> Void
    ) throws -> (salvaged: Int, lost: Int64, statistics: OutboxStatistics, queue: TemporaryQueue) {
        let queue = try TemporaryQueue()
        try FileManager.default.createDirectory(
            atPath: queue.directory + "/state", withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        var files = files
        damage(&files)
        for (suffix, data) in files { try data.write(to: URL(fileURLWithPath: queue.path + suffix)) }
        let outbox = try queue.open()
        defer { outbox.close() }
        var known: [UInt64: UInt64] = [:]
        var gone: UInt64 = 0
        var last: UInt64 = outbox.epoch == epoch ? 10 : 0
        var rescues = 0
        while true {
            do {
                if try !drain(outbox, &known, &gone, &last, what) { break }
            } catch let error as OutboxError {
                // Damage that only shows now: whoever meets it is told, and the next commit mends it.
                guard case .damaged = error, rescues < 2 else { throw error }
                rescues += 1
                try outbox.commit()
                last = 0
            }
        }
        let statistics = try outbox.statistics()
        #expect(statistics.isBalanced, "\(what): \(statistics)")
        #expect(try outbox.commit(drafts: drafts(1)) == (last + 1)...(last + 1), "\(what)")
        return (known.count, Int64(gone), statistics, queue)
    }

    /// Takes one batch as the platform would; false when nothing waits.
    private func drain(
        _ outbox: Outbox, _ known: inout [UInt64: UInt64], _ gone: inout UInt64, _ last: inout UInt64, _ what: String
    ) throws -> Bool {
        guard let batch = try outbox.nextBatch(maximumEvents: 7, maximumBytes: 1 << 20) else { return false }
        var (seen, lost) = (known, gone)
        var end = last
        for (index, event) in try batch.events().enumerated() {
            if let gap = try batch.gap(at: index) {
                #expect(gap.first == end + 1, "\(what): a hole before \(gap.first)")
                lost += gap.last - gap.first + 1
            } else {
                #expect(event.number == end + 1, "\(what): a hole before \(event.number)")
                try check(batch.bodies[index], event, in: outbox.epoch, &seen, what)
            }
            end = event.number
        }
        #expect(try outbox.statistics().isBalanced, "\(what)")
        try outbox.settle(epoch: batch.epoch, through: batch.last)
        // Only now the queue has let go of them: what is salvaged before may come again, under another identity.
        (known, gone, last) = (seen, lost, end)
        return true
    }

    /// An event is one that waited, byte for byte but for its identity; none comes twice.
    private func check(
        _ body: [UInt8], _ event: ReceivedEvent, in epoch: UUID, _ known: inout [UInt64: UInt64], _ what: String
    ) throws {
        let sent = try WireJSON.decode(Repeated.self, from: body)
        let old: UInt64
        if epoch == self.epoch {
            old = event.number
        } else {
            let parts = try #require(sent.retryof).split(separator: ":")
            #expect(parts.first.map(String.init) == self.epoch.uuidString.lowercased(), "\(what)")
            old = try #require(parts.last.flatMap { SequenceText.number(String($0)) })
        }
        let original = try WireJSON.decode(Repeated.self, from: try #require(waiting[old], "\(what): \(old)"))
        #expect(sent.data == original.data, "\(what): event \(old) was changed")
        #expect(known.updateValue(event.number, forKey: old) == nil, "\(what): event \(old) comes twice")
    }

    private struct Repeated: Decodable {
        var data: Note
        var retryof: String?
    }
}
