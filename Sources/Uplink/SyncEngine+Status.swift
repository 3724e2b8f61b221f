import Outbox
import Subjects

extension SyncEngine {
    /// `idle`, `sending`, `waiting`, `holding` or `waiting for time`.
    package var stateName: String {
        switch state {
        case .idle: "idle"
        case .sending: "sending"
        case .waiting: "waiting"
        case .holding: "holding"
        case .waitingForTime: "waiting for time"
        }
    }

    /// Why it waits or holds, one line.
    package var reason: String? {
        switch state {
        case .waiting(_, let reason), .holding(_, let reason), .waitingForTime(_, let reason): reason
        case .idle, .sending: nil
        }
    }
}

extension UplinkStatus {
    mutating func record(_ verdict: SyncEngine.Verdict, _ batch: StoredBatch, at time: UnixTime) {
        switch verdict {
        case .settle(let through, let rejected):
            batchesSent += 1
            lastSuccess = time
            let settled = Int64(through - batch.first + 1)
            eventsSettled += min(settled, Int64(batch.bodies.count))
            eventsRefused += Int64(rejected.count)
        case .quarantine: eventsRefused += 1
        case .moveToNewEpoch: epochsMoved += 1
        case .nothing, .fill: break
        }
    }
}
