package import Outbox
import PlatformAPI

/// Carries out a verdict of the engine on the queue.
package struct VerdictApplier: Sendable {
    private let outbox: Outbox

    package init(outbox: Outbox) { self.outbox = outbox }

    package func apply(_ verdict: SyncEngine.Verdict, to batch: StoredBatch) throws(OutboxError) {
        switch verdict {
        case .nothing: break
        case .settle(let through, let rejected):
            try outbox.settle(epoch: batch.epoch, through: through, rejected: rejected)
        case .quarantine(let sequence, let problem):
            try outbox.quarantine(epoch: batch.epoch, sequence: sequence, problem: problem)
        case .moveToNewEpoch:
            try outbox.moveToNewEpoch(from: batch.epoch)
        case .fill(let expected):
            _ = try outbox.fill(epoch: batch.epoch, from: expected, reason: GapReason.deliveredBefore.rawValue)
        }
    }
}
