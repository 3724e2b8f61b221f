import Foundation
import Outbox
import PlatformAPI
import PlatformModel
import Synchronization

@testable import Uplink

/// A gateway reduced to its queue and the engine, on virtual time; it can crash between any two steps.
final class Box {
    let directory: String
    private let wall = Mutex<Int64>(1_790_000_000)
    private(set) var outbox: Outbox
    var engine: SyncEngine
    var now = Duration.zero
    private let policy: SyncPolicy
    private let seed: UInt64

    init(policy: SyncPolicy = SyncPolicy(maximumEvents: 8, refusalStreak: 1000), seed: UInt64) throws {
        let root = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
        directory = root + "footbridge-uplink-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        self.policy = policy
        self.seed = seed
        engine = SyncEngine(policy: policy, seed: seed)
        outbox = try Outbox(Self.configuration(directory, 1_790_000_000))
    }

    deinit {
        outbox.close()
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static func configuration(_ directory: String, _ seconds: Int64) -> OutboxConfiguration {
        OutboxConfiguration(path: directory + "/queue.sqlite", gateway: "shop-1") {
            EventStamp(
                wallNanoseconds: seconds * 1_000_000_000, time: "2026-11-21T09:30:00.000Z",
                bootID: "00000000-0000-0000-0000-000000000000", monotonicNanoseconds: 1)
        }
    }

    /// The process is gone; a new one opens the file.
    func crash() throws {
        outbox.close()
        outbox = try Outbox(Self.configuration(directory, wall.withLock(\.self)))
        engine = SyncEngine(policy: policy, seed: seed)
    }

    /// The same after a long time off: everything that waits is too old.
    func sleepPastMaximumAge() throws {
        wall.withLock { $0 += 63 * 86_400 }
        try crash()
    }

    func accept(_ texts: [String]) throws {
        try outbox.commit(
            drafts: texts.map { text in
                EventDraft(type: .receiptCaptured) { identity in
                    try CloudEvent(
                        epoch: identity.epoch, sequence: identity.sequence, gateway: "shop-1", type: .receiptCaptured,
                        time: "2026-11-21T09:30:00.000Z", bootID: "0", monotonicNanoseconds: 1,
                        data: PlatformModel.Payload(text: text)
                    ).encoded()
                }
            })
    }

    /// One turn of the uplink's loop.
    /// - Returns: false when nothing waits.
    func turn(crashAfterAnswer: Bool = false, _ send: (StoredBatch) throws -> SyncEngine.Outcome) throws -> Bool {
        let backlog = outbox.backlog
        switch engine.step(at: now, rows: backlog.rows, bytes: backlog.bytes) {
        case .wait(let until):
            guard let until else { return false }
            now = max(now, until)
        case .send(let events, let bytes):
            guard let batch = try outbox.nextBatch(maximumEvents: events, maximumBytes: bytes) else { return false }
            let outcome = try send(batch)
            if crashAfterAnswer {
                try crash()
                return true
            }
            let verdict = engine.answered(outcome, to: batch, at: now, wallSeconds: 1_790_000_000)
            do throws(OutboxError) {
                try VerdictApplier(outbox: outbox).apply(verdict, to: batch)
            } catch {
                engine.verdictFailed(error, at: now)
            }
        }
        return true
    }

    /// Turns until nothing waits, with a platform that behaves.
    func drain(_ platform: inout PlatformModel, limit: Int = 3000) throws -> Bool {
        for _ in 0..<limit {
            if try !turn({ .response(platform.receive($0)) }) { return true }
        }
        return false
    }
}
