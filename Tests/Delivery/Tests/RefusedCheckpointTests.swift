import Outbox
import PlatformAPI
import Synchronization
import Testing

@Suite("A disk that no longer takes the queue's file, but its log")
struct RefusedCheckpointTests {
    private func outbox(on disk: FaultyDisk) throws -> Outbox {
        try Outbox(
            OutboxConfiguration(path: disk.path, gateway: "shop-1", maximumBytes: 4 << 20) {
                EventStamp(
                    wallNanoseconds: 1_790_000_000_000_000_000, time: "2026-11-21T09:30:00.000Z",
                    bootID: "00000000-0000-0000-0000-000000000000", monotonicNanoseconds: 1)
            })
    }

    private func fill(_ outbox: Outbox, commits: Int) throws {
        for _ in 0..<commits {
            try outbox.commit(
                drafts: (0..<20).map { number in
                    EventDraft(type: .receiptCaptured) { _ in [UInt8](repeating: UInt8(number), count: 1_500) }
                })
        }
    }

    @Test("is told at once, with the remedy; what is accepted meanwhile survives a power cut, and the log has a bound")
    func refused() throws {
        let disk = try FaultyDisk(seed: 1)
        var outbox = try outbox(on: disk)
        defer { outbox.close() }
        try fill(outbox, commits: 5)
        #expect(outbox.trouble == nil)
        disk.refuse("queue.sqlite")
        for _ in 0..<40 where outbox.logTrouble == nil { try fill(outbox, commits: 1) }
        let trouble = try #require(outbox.trouble)
        #expect(trouble.contains("writing the queue's file failed: disk I/O error; check the disk (dmesg)"))
        #expect(trouble.contains("events are accepted meanwhile"))
        #expect(outbox.writes.checkpointsRefused >= 1)
        #expect(outbox.commitFailure == nil)
        // Until the quota's rest is in the log.
        var failure: OutboxError?
        for _ in 0..<400 where failure == nil {
            do { try fill(outbox, commits: 1) } catch { failure = error as? OutboxError }
        }
        guard case .logHeld = failure else {
            Issue.record("unexpected: \(String(describing: failure))")
            return
        }
        let accepted = try outbox.statistics().enqueued
        #expect(disk.bytes < 6 << 20)
        disk.powerOff()
        outbox.close()
        disk.powerOn(.all)
        disk.refuse(nil)
        outbox = try self.outbox(on: disk)
        #expect(try outbox.statistics().enqueued == accepted)
        #expect(try outbox.statistics().pendingEvents == Int(accepted))
        #expect(outbox.trouble == nil)
    }

    @Test("a disk that is mended while the gateway runs ends it, also when nothing is committed")
    func mended() throws {
        let disk = try FaultyDisk(seed: 2)
        let outbox = try outbox(on: disk)
        defer { outbox.close() }
        disk.refuse("queue.sqlite")
        for _ in 0..<40 where outbox.logTrouble == nil { try fill(outbox, commits: 1) }
        outbox.retryCheckpoint()
        #expect(outbox.logTrouble != nil)
        disk.refuse(nil)
        outbox.retryCheckpoint()
        #expect(outbox.trouble == nil)
        try fill(outbox, commits: 2)
        #expect(try outbox.statistics().isBalanced)
    }
}
