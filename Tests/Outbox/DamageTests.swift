import Foundation
import GRDB
import Glibc
import PlatformAPI
import Testing

@testable import Outbox

@Suite("A damaged queue file")
struct DamageTests {
    private static let waitingEvents = Victim.accepted - 10 - 1

    @Test("an undamaged copy loses nothing and keeps its epoch: the checks themselves are right")
    func control() throws {
        for checkpointed in [false, true] {
            let victim = try Victim(checkpointed: checkpointed)
            let result = try victim.open("control") { _ in }
            #expect(result.salvaged == Self.waitingEvents)
            #expect(result.statistics.epoch == victim.epoch)
            #expect(result.statistics.rescues == 0)
        }
    }

    @Test("cut off at each page: what stands before the cut is salvaged, the rest is told", arguments: [false, true])
    func truncated(checkpointed: Bool) throws {
        let victim = try Victim(checkpointed: checkpointed)
        let file = try #require(victim.files[""])
        for page in 0..<(file.count / 4096) {
            let result = try victim.open("cut at page \(page)") { $0[""] = file.prefix(page * 4096) }
            #expect(result.salvaged + Int(result.lost) >= Self.waitingEvents)
            #expect(result.statistics.enqueued == Int64(Victim.accepted))
        }
    }

    @Test("noise in each page costs at most what stood in it, and no event arrives changed", arguments: [false, true])
    func noise(checkpointed: Bool) throws {
        let victim = try Victim(checkpointed: checkpointed)
        let file = try #require(victim.files[""])
        var random = SplitMix(5)
        for page in 0..<(file.count / 4096) {
            var damaged = file
            for _ in 0..<400 {
                damaged[page * 4096 + Int.random(in: 0..<4096, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            let result = try victim.open("noise in page \(page)") { $0[""] = damaged }
            #expect(result.salvaged >= Self.waitingEvents - 8, "page \(page): \(result.salvaged)")
        }
    }

    @Test(
        "one flipped bit anywhere: never a crash, never a changed event, never a hole that is not told",
        arguments: 0..<6)
    func flips(seed: UInt64) throws {
        let victim = try Victim(checkpointed: seed % 2 == 0)
        var random = SplitMix(seed)
        for round in 0..<8 {
            let suffix = Bool.random(using: &random) ? "" : "-wal"
            guard var damaged = victim.files[suffix], !damaged.isEmpty else { continue }
            let at = Int.random(in: 0..<damaged.count, using: &random)
            damaged[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
            try victim.open("seed \(seed) round \(round): bit in \(at) of \(suffix)") { $0[suffix] = damaged }
        }
    }

    @Test("a header of zeros hides nothing: all events are salvaged, and the file is kept for somebody to look at")
    func header() throws {
        let victim = try Victim(checkpointed: true)
        var damaged = try #require(victim.files[""])
        damaged.replaceSubrange(0..<100, with: Data(count: 100))
        let result = try victim.open("header") { $0[""] = damaged }
        #expect(result.salvaged == Self.waitingEvents)
        #expect(result.statistics.epoch != victim.epoch)
        #expect(result.statistics.rescues == 1)
        #expect(result.statistics.quarantineDepth == 2)
        let names = try FileManager.default.contentsOfDirectory(atPath: result.queue.directory + "/state")
        let aside = try #require(
            names.first { $0.contains(".damaged-") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") })
        let path = result.queue.directory + "/state/" + aside
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == damaged)
        #expect(
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    @Test("a log that was deleted takes accepted events with it: noticed by the mark beside the queue, and told")
    func deletedLog() throws {
        let victim = try Victim(checkpointed: true)
        let result = try victim.open("no log") { $0["-wal"] = nil }
        #expect(result.salvaged == Self.waitingEvents)
        let busy = try Victim()
        let lost = try busy.open("no log") {
            $0["-wal"] = nil
            $0["-shm"] = nil
        }
        #expect(lost.statistics.enqueued == Int64(Victim.accepted))
        #expect(lost.salvaged + Int(lost.lost) == Victim.accepted - 10)
        #expect(lost.statistics.evicted["damaged"] ?? 0 > 0)
    }

    @Test("a flipped bit early in the log costs only its own page, though SQLite would forget all that follows")
    func brokenLog() throws {
        let victim = try Victim()
        var log = try #require(victim.files["-wal"])
        log[32 + 4120 * 12 + 2000] ^= 4
        let result = try victim.open("log") { $0["-wal"] = log }
        #expect(result.salvaged >= Self.waitingEvents - 4)
        #expect(result.statistics.enqueued == Int64(Victim.accepted))
    }

    @Test("shared memory of another time does no harm")
    func staleSharedMemory() throws {
        let victim = try Victim()
        var random = SplitMix(9)
        let noise = Data((0..<32_768).map { _ in UInt8.random(in: 0...255, using: &random) })
        #expect(try victim.open("noise in -shm") { $0["-shm"] = noise }.salvaged == Self.waitingEvents)
    }

    @Test("a file of noise, and one of another program, are set aside; every waiting event is told as lost")
    func foreign() throws {
        let victim = try Victim(checkpointed: true)
        var random = SplitMix(3)
        let noise = Data((0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) })
        let result = try victim.open("noise") {
            $0[""] = noise
            $0["-wal"] = nil
        }
        #expect((result.salvaged, result.lost) == (0, Int64(Victim.accepted - 10)))
        #expect(result.statistics.enqueued == Int64(Victim.accepted))
    }

    @Test(
        "damage that shows while the queue is in use is mended by the next commit, and nothing that was committed goes")
    func atRun() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        let old = outbox.epoch
        for _ in 0..<30 { try outbox.commit(drafts: drafts(10)) }
        try outbox.checkpoint()
        let descriptor = Glibc.open(queue.path, O_RDWR)
        var zeros = [UInt8](repeating: 0, count: 4096)
        // An inner page or the first leaf: the next look at the table stumbles over it.
        for page in 3..<12 { pwrite(descriptor, &zeros, 4096, off_t(page * 4096)) }
        Glibc.close(descriptor)
        try outbox.queue.inDatabase { $0.releaseMemory() }
        for _ in 0..<5 {
            outbox.enqueue(drafts(1))
            _ = try? outbox.nextBatch(maximumEvents: 400, maximumBytes: 1 << 20)
            try outbox.commit()
        }
        #expect(outbox.epoch != old)
        #expect(outbox.condition == nil)
        let rescue = try #require(outbox.takeRescues().first)
        #expect(rescue.oldEpoch == old)
        #expect(rescue.salvaged > 100)
        let statistics = try outbox.statistics()
        #expect(statistics.isBalanced)
        #expect(statistics.enqueued == 305)
    }

    @Test("a rescue that is killed half way is started over, and one that is killed at its end is ended")
    func interrupted() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(5))
        outbox.close()
        let whole = try Data(contentsOf: URL(fileURLWithPath: queue.path))
        try Data("half".utf8).write(to: URL(fileURLWithPath: queue.path + ".salvage"))
        var again = try queue.open()
        #expect(again.backlog.rows == 5)
        again.close()
        #expect(!FileManager.default.fileExists(atPath: queue.path + ".salvage"))
        try FileManager.default.moveItem(atPath: queue.path, toPath: queue.path + ".damaged-x")
        try whole.write(to: URL(fileURLWithPath: queue.path + ".salvage"))
        again = try queue.open()
        #expect(again.backlog.rows == 5)
    }

    @Test("a bounded number of damaged files is kept")
    func bounded() throws {
        let queue = try TemporaryQueue()
        for round in 0..<6 {
            try queue.open().close()
            try Data(repeating: UInt8(round + 1), count: 9000).write(to: URL(fileURLWithPath: queue.path))
        }
        try queue.open().close()
        let names = try FileManager.default.contentsOfDirectory(atPath: queue.directory + "/state")
        #expect(names.filter { $0.contains(".damaged-") }.count == 3)
    }
}
