import Foundation
import Outbox
import PlatformAPI
import PlatformModel
import Testing

@testable import Uplink

@Suite("The queue, the engine and a platform under faults")
struct SyncPropertyTests {
    /// One fault, or none, on the way of one batch.
    private static func send(
        _ batch: StoredBatch, to platform: inout PlatformModel, using random: inout SplitMix64
    ) throws -> SyncEngine.Outcome {
        switch Int.random(in: 0...13, using: &random) {
        case 0:
            _ = platform.receive(batch)
            return .failure(.reset(host: "h"))
        case 1: return .failure(.refused(host: "h"))
        case 2: return .response(PlatformModel.problem(503, .unavailable, headers: ["retry-after": "3"]))
        case 3: return .response(HTTPResponse(status: 401))
        case 4:
            _ = platform.receive(batch)
            return .response(platform.receive(batch))
        case 5: return .response(platform.receive(batch, prefix: Int.random(in: 1...4, using: &random)))
        case 6: return .response(HTTPResponse(status: 400, body: Array("<html>".utf8)))
        case 7: return .response(HTTPResponse(status: 200, body: Array("{".utf8)))
        case 8: return .failure(.unknownAuthority(host: "h"))
        default: return .response(platform.receive(batch))
        }
    }

    @Test("each accepted event is at the platform exactly once, in quarantine, or told by a gap", arguments: 0..<60)
    func conservation(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let box = try Box(seed: seed)
        var platform = PlatformModel()
        platform.maximumEvents = seed.isMultiple(of: 3) ? 5 : .max
        var accepted: [String] = []
        var evictions: Set<String> = []
        for step in 0..<150 {
            switch Int.random(in: 0...19, using: &random) {
            case 0...4:
                let texts = (0..<Int.random(in: 1...6, using: &random)).map { index in
                    let kind = ["event", "event", "event", "event", "event", "reject", "poison"]
                        .randomElement(using: &random)
                    return "\(kind ?? "event")-\(step)-\(index)"
                }
                try box.accept(texts)
                accepted += texts
            case 5: try box.crash()
            case 6 where step.isMultiple(of: 7):
                try box.sleepPastMaximumAge()
                // What a lost answer hides may be at the platform already; either way it is not lost silently.
                if try box.outbox.enforceCaps().events["too_old"] != nil { evictions.formUnion(accepted) }
            default:
                _ = try box.turn(crashAfterAnswer: Int.random(in: 0...9, using: &random) == 0) { batch in
                    try Self.send(batch, to: &platform, using: &random)
                }
            }
        }
        #expect(try box.drain(&platform))
        let texts = platform.texts
        #expect(texts.values.allSatisfy { $0 == 1 })
        for text in accepted where !evictions.contains(text) {
            #expect((texts[text] ?? 0) == (text.hasPrefix("event") ? 1 : 0))
        }
        #expect(platform.epochs.count <= 1)
        let epoch = try #require(platform.epochs.values.first)
        for sequence in 1..<epoch.next where epoch.rows[sequence] == nil && epoch.refused[sequence] == nil {
            #expect(epoch.gaps.contains { ($0.first...$0.last).contains(sequence) })
        }
        let statistics = try box.outbox.statistics()
        #expect(statistics.enqueued == Int64(accepted.count))
        #expect(epoch.next == statistics.lastSequence + 1)
        let gone = statistics.delivered + statistics.quarantined + statistics.evicted.values.reduce(0, +)
        #expect(statistics.enqueued == gone)
        if evictions.isEmpty {
            #expect(Int(statistics.quarantined) == accepted.filter { !$0.hasPrefix("event") }.count)
        }
    }

    @Test("a box whose disk was restored moves to a new epoch, and still each event is there once", arguments: 0..<10)
    func restoredDisk(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let box = try Box(seed: seed)
        var platform = PlatformModel()
        try box.accept((0..<20).map { "event-old-\($0)" })
        for _ in 0..<Int.random(in: 0...3, using: &random) { _ = try box.turn { .response(platform.receive($0)) } }
        let path = box.directory + "/queue.sqlite"
        try box.outbox.checkpoint()
        let copy = try Data(contentsOf: URL(fileURLWithPath: path))
        let lost = (0..<Int.random(in: 1...9, using: &random)).map { "event-lost-\($0)" }
        try box.accept(lost)
        #expect(try box.drain(&platform))
        box.outbox.close()
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try copy.write(to: URL(fileURLWithPath: path))
        try box.crash()
        let new = (0..<Int.random(in: 1...30, using: &random)).map { "event-new-\($0)" }
        try box.accept(new)
        #expect(try box.drain(&platform))
        let texts = platform.texts
        #expect(texts.values.allSatisfy { $0 == 1 })
        #expect(texts.count == 20 + lost.count + new.count)
        #expect(platform.epochs.count == 2)
    }

    @Test("a platform that lost its end gets a gap over what it had confirmed, and goes on")
    func restoredPlatform() throws {
        let box = try Box(seed: 1)
        var platform = PlatformModel()
        try box.accept((0..<10).map { "event-a-\($0)" })
        #expect(try box.drain(&platform))
        let backup = platform
        try box.accept((0..<10).map { "event-b-\($0)" })
        #expect(try box.drain(&platform))
        platform = backup
        try box.accept((0..<10).map { "event-c-\($0)" })
        #expect(try box.drain(&platform))
        let epoch = try #require(platform.epochs.values.first)
        #expect(epoch.gaps == [GatewayGap(first: 11, last: 20, reason: "delivered_before", counts: [:])])
        #expect(platform.texts.count == 20)
    }

    @Test("two poison events among 500 cost few requests, and only they go to quarantine")
    func bisect() throws {
        let box = try Box(policy: SyncPolicy(), seed: 3)
        var platform = PlatformModel()
        try box.accept((0..<500).map { $0 == 123 || $0 == 400 ? "poison-\($0)" : "event-\($0)" })
        var requests = 0
        while try box.turn({
            requests += 1
            return .response(platform.receive($0))
        }) {}
        #expect(platform.texts.count == 498)
        #expect(try box.outbox.quarantined().map(\.sequence) == [124, 401])
        #expect(requests < 50)
    }
}
