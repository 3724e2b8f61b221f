import Foundation
import GRDB
import PlatformAPI
import Testing

@testable import Outbox

/// Every sync and truncation of a run of 30 transactions, and the writes of some of them, fail once, with EIO, with ENOSPC, and
/// are where the program is killed: the real program, the real SQLite, the real kernel. `strace` does it
/// (`scripts/setup-peers` installs it). `FOOTBRIDGE_EVERY_CALL=1` takes every write.
@Suite("Fault injection by strace", .enabled(if: Trace.refusal == nil, "\(Trace.refusal ?? "")"))
struct FaultInjectionTests {
    /// All faults at every `share`th call of a kind, so that the cases spread over the cores.
    struct Share: CustomTestStringConvertible, Sendable {
        static let count = 8
        let fault: Trace.Fault
        let number: Int

        var testDescription: String { "\(fault.rawValue), share \(number + 1) of \(Self.count)" }
    }

    private static let everyWrite = ProcessInfo.processInfo.environment["FOOTBRIDGE_EVERY_CALL"] == "1"
    /// The transactions whose writes are taken, by what was acknowledged before them: opening and the first ones, the
    /// checkpoint after the tenth, one in the middle, the last and the end.
    private static let sampled: Set<Int> = [0, 1, 10, 15, 29]
    /// In memory where there is such a place: what is tested is the answer to a call, not the speed of a disk.
    private static let folder =
        FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
    private static let calls = Result {
        let root = folder + "footbridge-trace-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        return try Trace.list(in: root + "/plain")
    }

    static let shares = Trace.Fault.allCases.flatMap { fault in
        (0..<Share.count).map { Share(fault: fault, number: $0) }
    }

    @Test(
        "what was acknowledged is there, whole and once, whichever write or sync of the run fails or is the last",
        arguments: shares)
    func everyCall(share: Share) throws {
        let root = Self.folder + "footbridge-trace-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        let calls = try Self.calls.get()
        #expect(calls.count { $0.name == "pwrite64" } > 100)
        #expect(calls.count { $0.name == "fdatasync" || $0.name == "fsync" } > 30)
        let sample = calls.filter {
            $0.name != "pwrite64" || Self.everyWrite || Self.sampled.contains($0.acknowledged)
        }
        for (index, call) in sample.enumerated() where index % Share.count == share.number {
            let folder = "\(root)/\(call.name)-\(call.number)"
            let outcome = try Trace.inject(share.fault, into: call, folder: folder)
            try verify(outcome, share.fault, folder, "\(share.fault.rawValue) at \(call.name) \(call.number)")
            try FileManager.default.removeItem(atPath: folder)
        }
    }

    private func verify(_ outcome: Trace.Outcome, _ fault: Trace.Fault, _ folder: String, _ place: String) throws {
        // One error that passes is no reason to end; a kill is.
        #expect(outcome.isDone == (fault != .kill), "\(place): \(outcome.lines.suffix(3))")
        let accepted = outcome.accepted
        for (one, next) in zip(accepted, accepted.dropFirst()) {
            #expect(next.first > one.last, "\(place): a sequence was used twice")
            #expect(next.epoch == one.epoch, "\(place): the epoch changed")
        }
        if fault == .kill, accepted.isEmpty, !FileManager.default.fileExists(atPath: folder + "/queue.sqlite") {
            return
        }
        let outbox = try Outbox(
            OutboxConfiguration(path: folder + "/queue.sqlite", gateway: "probe-1") {
                EventStamp(
                    wallNanoseconds: 1_790_000_000_000_000_000, time: "2026-11-21T09:30:00.000Z",
                    bootID: "00000000-0000-0000-0000-000000000000", monotonicNanoseconds: 1)
            })
        defer { outbox.close() }
        let (check, rows) = try outbox.read("checking") { db in
            (
                try String.fetchOne(db, sql: "PRAGMA quick_check"),
                try Set(Int64.fetchAll(db, sql: "SELECT sequence FROM event"))
            )
        }
        #expect(check == "ok", "\(place)")
        let statistics = try outbox.statistics()
        // The probe settles from the front: everything from the first row that waits to the last acknowledged one is there.
        let head = UInt64(rows.min() ?? Int64(statistics.lastSequence) + 1)
        #expect(statistics.delivered == Int64(head) - 1, "\(place)")
        for (epoch, first, last) in accepted {
            #expect(epoch == outbox.epoch.uuidString.lowercased(), "\(place)")
            #expect((first...last).allSatisfy { $0 < head || rows.contains(Int64($0)) }, "\(place): \(first)...\(last)")
        }
        #expect(statistics.lastSequence >= accepted.last?.last ?? 0, "\(place)")
        #expect(
            statistics.enqueued == statistics.delivered + Int64(statistics.pendingEvents) + statistics.quarantined
                + statistics.evicted.values.reduce(0, +), "\(place)")
        let next = try outbox.commit(drafts: [EventDraft(type: .visitClosed) { _ in Array("{}".utf8) }])
        #expect(next?.lowerBound == statistics.lastSequence + 1, "\(place)")
    }
}
