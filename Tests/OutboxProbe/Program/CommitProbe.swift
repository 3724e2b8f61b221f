import Foundation
import Outbox
import PlatformAPI

/// A run of the queue that tells each thing it may promise, and goes on after an error as the daemon does: the group that
/// could not be committed is kept and tried again.
enum CommitProbe {
    private struct Note: Codable, Sendable {
        var text: String
    }

    private static let gateway = "probe-1"
    /// Above this many failures in a row the disk is broken for good.
    private static let attempts = 5

    /// - Returns: the exit code; 1 when it gave up.
    static func run(folder: String, count: Int) -> Int32 {
        guard let outbox = insisting({ () throws(OutboxError) in try Outbox(configuration(folder)) }) else { return 1 }
        outbox.observeCommits { commit in
            guard let sequences = commit.sequences else { return }
            OutboxProbe.say(
                "ACK \(commit.epoch.uuidString.lowercased()) \(sequences.lowerBound) \(sequences.upperBound)")
        }
        for number in 1...max(1, count) {
            outbox.enqueue(
                (0...number % 3).map { draft("\(number)-\($0)") }, state: ["number": Array(String(number).utf8)])
            let done = insisting { () throws(OutboxError) in
                while outbox.uncommitted > 0 { try outbox.commit() }
                return true
            }
            guard done == true else { return 1 }
            if number.isMultiple(of: 5) {
                let head = insisting { () throws(OutboxError) in
                    try outbox.settle(epoch: outbox.epoch, through: UInt64(number))
                    return true
                }
                guard head == true else { return 1 }
            }
            if number.isMultiple(of: 10) {
                guard insisting({ () throws(OutboxError) in try outbox.checkpoint() }) != nil else { return 1 }
            }
        }
        outbox.close()
        OutboxProbe.say("DONE")
        return 0
    }

    private static func insisting<Value>(_ body: () throws(OutboxError) -> Value) -> Value? {
        for _ in 0..<attempts {
            do throws(OutboxError) {
                return try body()
            } catch {
                OutboxProbe.say("ERR \(error)")
            }
        }
        return nil
    }

    private static func draft(_ text: String) -> EventDraft {
        EventDraft(type: .receiptCaptured) { identity in
            try CloudEvent(
                epoch: identity.epoch, sequence: identity.sequence, gateway: gateway, type: .receiptCaptured,
                time: "2026-11-21T09:30:00.000Z", bootID: "00000000-0000-0000-0000-000000000000",
                monotonicNanoseconds: 1, data: Note(text: text)
            ).encoded()
        }
    }

    static func configuration(_ folder: String) -> OutboxConfiguration {
        OutboxConfiguration(path: folder + "/queue.sqlite", gateway: gateway) {
            EventStamp(
                wallNanoseconds: 1_790_000_000_000_000_000, time: "2026-11-21T09:30:00.000Z",
                bootID: "00000000-0000-0000-0000-000000000000", monotonicNanoseconds: 1)
        }
    }
}
