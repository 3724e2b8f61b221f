import Foundation
import Outbox
import PlatformAPI

@testable import footbridge

extension StoreBox {
    /// Six receipts wait or are refused: of 1 to 6, 2, 4 and 5 are in quarantine; the others wait.
    func fillQueue() throws {
        let queue = try openQueue()
        defer { queue.close() }
        try queue.commit(
            drafts: (1...6).map { number in
                EventDraft(type: .receiptCaptured) { identity in
                    try CloudEvent(
                        epoch: identity.epoch, sequence: identity.sequence, gateway: Self.gateway,
                        type: .receiptCaptured, time: "2026-11-21T09:30:00.000Z",
                        bootID: "00000000-0000-0000-0000-000000000000", monotonicNanoseconds: 1,
                        data: JSONValue.object([
                            "number": .string("\(number)"), "loyalty": .array([.string("0123456789abcdef")]),
                            "subject_id": .string("s-secret"),
                        ])
                    ).encoded()
                }
            })
        for sequence in [2, 4, 5] as [UInt64] {
            try queue.quarantine(
                epoch: queue.epoch, sequence: sequence,
                problem: ProblemDetails(title: "invalid event", status: 422, detail: "a total\nis missing"))
        }
    }

    func openQueue() throws -> Outbox {
        try FileManager.default.createDirectory(atPath: folder.state, withIntermediateDirectories: true)
        return try Outbox(
            OutboxConfiguration(path: folder.queue, gateway: Self.gateway) {
                EventStamp(
                    wallNanoseconds: 1_790_000_000_000_000_000, time: "2026-11-21T09:30:00.000Z", bootID: "b",
                    monotonicNanoseconds: 1, wallIsTrusted: false)
            })
    }
}
