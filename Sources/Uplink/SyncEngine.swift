package import Outbox
package import PlatformAPI

/// Decides when to send, how much, and what an answer means. It does no I/O and reads no clock: the same inputs and the
/// same seed give the same run.
///
/// One batch is in flight: after ``Step/send`` comes exactly one ``answered(_:to:at:wallSeconds:)``. Whatever is between
/// the two may crash; the same events are then sent again, and the platform knows them by their identity.
package struct SyncEngine: Sendable {
    package enum State: Hashable, Sendable {
        case idle
        case sending
        /// Backing off after a failure that passes by itself.
        case waiting(until: Duration, reason: String)
        /// A person has to act; probing slowly, dropping nothing.
        case holding(until: Duration, reason: String)
    }

    package enum Step: Hashable, Sendable {
        /// Nothing to do before this moment (monotonic), or before something is enqueued when nil.
        case wait(until: Duration?)
        case send(maximumEvents: Int, maximumBytes: Int)
    }

    /// What the queue is to do with an answer, in one transaction.
    package enum Verdict: Hashable, Sendable {
        case nothing
        case settle(through: UInt64, rejected: [BatchAnswer.Rejection])
        /// The only event of the batch is refused.
        case quarantine(sequence: UInt64, problem: ProblemDetails)
        /// The platform holds other events under these sequences.
        case moveToNewEpoch
        /// The platform lacks sequences from here on that it had confirmed before.
        case fill(from: UInt64)
    }

    package enum Outcome: Sendable {
        case response(HTTPResponse)
        case failure(UplinkError)
    }

    package private(set) var state = State.idle
    /// Failures in a row.
    package private(set) var failures = 0

    private let policy: SyncPolicy
    private var random: SplitMix64
    /// Smaller than the ceiling while looking for the event that the platform refuses; doubles with each success.
    private var events: Int
    /// What the platform said it takes (413).
    private var eventsCeiling: Int
    private var bytesCeiling: Int
    private var waitingSince: Duration?
    private var draining = false
    private var refusals = 0
    /// The event that was refused last, where a gap stands now: that the platform takes the gap says nothing of its events.
    private var refusedLast: UInt64?
    private var movedWithoutSuccess = false
    private var filledWithoutSuccess = false

    package init(policy: SyncPolicy = .standard, seed: UInt64) {
        self.policy = policy
        random = SplitMix64(seed: seed)
        events = policy.maximumEvents
        eventsCeiling = policy.maximumEvents
        bytesCeiling = policy.maximumBytes
    }

    /// - Parameters:
    ///   - now: monotonic.
    ///   - rows: events that wait.
    ///   - bytes: of their bodies.
    package mutating func step(at now: Duration, rows: Int, bytes: Int64) -> Step {
        switch state {
        case .waiting(let until, _) where until > now, .holding(let until, _) where until > now:
            return .wait(until: until)
        case .waiting, .holding:
            draining = true
        case .idle, .sending: break
        }
        guard rows > 0 else {
            waitingSince = nil
            draining = false
            state = .idle
            return .wait(until: nil)
        }
        let since = waitingSince ?? now
        waitingSince = since
        let due = since + policy.maximumAge
        guard draining || rows >= events || bytes >= Int64(bytesCeiling) || due <= now else {
            state = .idle
            return .wait(until: due)
        }
        state = .sending
        return .send(maximumEvents: events, maximumBytes: bytesCeiling)
    }

    /// Ends a hold or a wait: the operator has changed something.
    package mutating func poke() {
        switch state {
        case .waiting(_, let reason): state = .waiting(until: .zero, reason: reason)
        case .holding(_, let reason): state = .holding(until: .zero, reason: reason)
        case .idle, .sending: break
        }
    }

    /// - Parameters:
    ///   - now: monotonic, when the answer was there.
    ///   - wallSeconds: since 1970, for a `Retry-After` date in an answer without `Date`.
    package mutating func answered(
        _ outcome: Outcome, to batch: StoredBatch, at now: Duration, wallSeconds: Int64
    ) -> Verdict {
        switch outcome {
        case .failure(let error):
            if error.needsOperator {
                hold(at: now, reason: error.description)
            } else {
                backOff(at: now, retryAfter: nil, reason: error.description)
            }
            return .nothing
        case .response(let response):
            return read(response, batch, at: now, wallSeconds)
        }
    }

    /// The queue could not carry out the verdict (the disk refuses): the same events will be sent again.
    package mutating func verdictFailed(_ error: OutboxError, at now: Duration) {
        if case .gapRefused = error {
            hold(at: now, reason: error.description)
        } else {
            backOff(at: now, retryAfter: nil, reason: error.description)
        }
    }

    private mutating func read(
        _ response: HTTPResponse, _ batch: StoredBatch, at now: Duration, _ wallSeconds: Int64
    ) -> Verdict {
        let problem = response.problem
        let reason = problem?.description ?? "the platform answers \(response.status)"
        switch response.status {
        case 200:
            return settle(response, batch, at: now)
        case 409:
            return conflict(problem, batch, at: now, reason: reason)
        case 413:
            eventsCeiling = max(1, min(eventsCeiling, problem?.maxEvents ?? .max))
            // A limit that nobody states (a proxy's own) is looked for by halving, and kept.
            bytesCeiling = max(1, min(bytesCeiling, problem?.maxBytes ?? max(4096, batch.bytes / 2)))
            return refuse(batch, problem ?? ProblemDetails(status: 413, detail: reason), at: now)
        case 400, 422:
            guard let problem else {
                // Not the platform's own voice: nothing is judged by it.
                hold(at: now, reason: "\(reason) without problem details; check for a proxy in between")
                return .nothing
            }
            return refuse(batch, problem, at: now)
        case 408, 425, 429, 500...599, 100..<300:
            let delay = RetryAfter.delay(headers: response.headers, wallSeconds: wallSeconds)
            backOff(at: now, retryAfter: delay, reason: reason)
            return .nothing
        case 410, 426:
            hold(at: now, reason: "\(reason); this version is too old for the platform, upgrade footbridge")
            return .nothing
        default:
            hold(at: now, reason: "\(reason); check platform.url and this gateway's registration")
            return .nothing
        }
    }

    private mutating func settle(_ response: HTTPResponse, _ batch: StoredBatch, at now: Duration) -> Verdict {
        guard let answer = try? WireJSON.decode(BatchAnswer.self, from: response.body) else {
            backOff(at: now, retryAfter: nil, reason: "the platform's answer cannot be read")
            return .nothing
        }
        // Never beyond what was sent: what came since, the platform cannot have seen.
        let through = min(answer.acceptedThrough, batch.last)
        guard through >= batch.first else {
            backOff(at: now, retryAfter: nil, reason: "the platform settled nothing of the batch")
            return .nothing
        }
        let rejected = answer.rejected.filter { (batch.first...through).contains($0.sequence) }.map {
            BatchAnswer.Rejection(sequence: $0.sequence, id: $0.id, problem: $0.problem.bounded)
        }
        draining = through < batch.last || batch.bodies.count >= events || batch.bytes * 2 >= bytesCeiling
        if rejected.count < batch.bodies.count, batch.last != refusedLast { refusals = 0 }
        failures = 0
        movedWithoutSuccess = false
        filledWithoutSuccess = false
        waitingSince = nil
        events = min(eventsCeiling, events * 2)
        state = .idle
        return .settle(through: through, rejected: rejected)
    }

    private mutating func conflict(
        _ problem: ProblemDetails?, _ batch: StoredBatch, at now: Duration, reason: String
    ) -> Verdict {
        switch problem?.kind {
        case .expectedSequence:
            guard let expected = problem?.expectedSequence, expected >= 1, expected < batch.covers,
                !filledWithoutSuccess
            else { break }
            filledWithoutSuccess = true
            again()
            return .fill(from: expected)
        case .identityConflict where batch.bodies.count > 1:
            // Events before the conflict may be held already, under the same identity: settle them first, or a new epoch
            // would deliver them twice.
            events = max(1, batch.bodies.count / 2)
            again()
            return .nothing
        case .identityConflict where !movedWithoutSuccess:
            movedWithoutSuccess = true
            events = eventsCeiling
            again()
            return .moveToNewEpoch
        case .identityConflict:
            hold(at: now, reason: "\(reason); a new epoch did not help, ask the platform team")
            return .nothing
        default: break
        }
        backOff(at: now, retryAfter: nil, reason: reason)
        return .nothing
    }

    /// The batch as a whole is refused: look for the event by halving; alone, it is the one.
    private mutating func refuse(_ batch: StoredBatch, _ problem: ProblemDetails, at now: Duration) -> Verdict {
        guard batch.bodies.count == 1 else {
            events = max(1, min(eventsCeiling, batch.bodies.count / 2))
            again()
            return .nothing
        }
        refusals += 1
        refusedLast = batch.last
        events = 1
        if refusals >= policy.refusalStreak {
            hold(at: now, reason: "\(refusals) events refused one after the other (\(problem)); ask the platform team")
        } else {
            again()
        }
        return .quarantine(sequence: batch.last, problem: problem)
    }

    /// Goes on at once.
    private mutating func again() {
        draining = true
        state = .idle
    }

    private mutating func backOff(at now: Duration, retryAfter: Duration?, reason: String) {
        failures += 1
        let delay = policy.backOff.delay(failures: failures, retryAfter: retryAfter, using: &random)
        state = .waiting(until: now + delay, reason: reason)
    }

    private mutating func hold(at now: Duration, reason: String) {
        failures += 1
        var delay = policy.holdBase
        for _ in 1..<min(failures, 64) where delay < policy.holdCap { delay = delay * 2 }
        delay = min(delay, policy.holdCap)
        state = .holding(until: now + delay / 2 + BackOff.uniform(upTo: delay / 2, using: &random), reason: reason)
    }
}
