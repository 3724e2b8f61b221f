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
        /// Nothing is wrong but this box's clock, which does not know the time yet.
        case waitingForTime(until: Duration, reason: String)
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

    package internal(set) var state = State.idle
    /// Failures in a row.
    package internal(set) var failures = 0

    /// How the next batch is packed.
    package var coding: ContentCoding { codings.coding }

    let policy: SyncPolicy
    var random: SplitMix64
    var limits: BatchLimits
    var codings: CodingChoice
    var pace: SendPace
    var waitingSince: Duration?
    var draining = false
    var refusals = 0
    /// The event that was refused last, where a gap stands now: that the platform takes the gap says nothing of its events.
    var refusedLast: UInt64?
    var movedWithoutSuccess = false
    var filledWithoutSuccess = false
    /// Whether something got through since the last failure, so that a failure now is the loss of a line that worked.
    var isConnected = false

    package init(policy: SyncPolicy = .standard, seed: UInt64) {
        self.policy = policy
        random = SplitMix64(seed: seed)
        limits = BatchLimits(events: policy.maximumEvents, bytes: policy.maximumBytes)
        codings = CodingChoice(policy.compression)
        pace = SendPace(
            startJitter: policy.startJitter, reconnectJitter: policy.reconnectJitter,
            maximumPerMinute: policy.maximumPerMinute)
    }

    /// Before this moment nothing at all goes over the line: the fleet's starts are spread.
    package mutating func quietUntil(from now: Duration) -> Duration { pace.start(at: now, using: &random) }

    /// - Parameters:
    ///   - now: monotonic.
    ///   - rows: events that wait.
    ///   - bytes: of their bodies.
    package mutating func step(at now: Duration, rows: Int, bytes: Int64) -> Step {
        let start = quietUntil(from: now)
        if start > now { return .wait(until: start) }
        switch state {
        case .waiting(let until, _), .holding(let until, _), .waitingForTime(let until, _):
            if until > now { return .wait(until: until) }
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
        guard draining || rows >= limits.events || bytes >= Int64(limits.bytes) || due <= now else {
            state = .idle
            return .wait(until: due)
        }
        if let paced = pace.due(at: now) {
            state = .idle
            return .wait(until: paced)
        }
        pace.sent(at: now)
        state = .sending
        return .send(maximumEvents: limits.events, maximumBytes: limits.bytes)
    }

    /// Ends a hold or a wait: the operator has changed something.
    package mutating func poke() {
        pace.skipStart()
        switch state {
        case .waiting(_, let reason): state = .waiting(until: .zero, reason: reason)
        case .holding(_, let reason): state = .holding(until: .zero, reason: reason)
        case .waitingForTime(_, let reason): state = .waitingForTime(until: .zero, reason: reason)
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
            switch error.remedy {
            case .person: hold(at: now, reason: error.description)
            case .time: waitForTime(at: now, reason: error.description)
            case .patience: backOff(at: now, retryAfter: nil, reason: error.description)
            }
            return .nothing
        case .response(let response):
            return read(response, batch, at: now, wallSeconds)
        }
    }

    /// The queue could not carry out the verdict (the disk refuses): the same events will be sent again.
    package mutating func verdictFailed(_ error: OutboxError, at now: Duration) {
        // What was not carried out has not been in vain: the same answer must lead to it again.
        filledWithoutSuccess = false
        movedWithoutSuccess = false
        if case .gapRefused = error {
            hold(at: now, reason: error.description)
        } else {
            backOff(at: now, retryAfter: nil, reason: error.description)
        }
    }

    /// Goes on at once.
    mutating func again() {
        draining = true
        state = .idle
    }

    mutating func backOff(
        at now: Duration, retryAfter: Duration?, isOverloaded: Bool = false, reason: String
    ) {
        failures += 1
        pace.lost()
        var delay = policy.backOff.delay(
            failures: failures, retryAfter: retryAfter, isOverloaded: isOverloaded, using: &random)
        if isConnected, retryAfter == nil {
            delay = max(delay, BackOff.uniform(upTo: policy.reconnectJitter, using: &random))
        }
        isConnected = false
        state = .waiting(until: now + delay, reason: reason)
    }

    /// The next attempt comes soon: it is the uplink that sees when the clock is set.
    private mutating func waitForTime(at now: Duration, reason: String) {
        failures += 1
        isConnected = false
        let delay = Duration.seconds(15) + BackOff.uniform(upTo: .seconds(15), using: &random)
        state = .waitingForTime(until: now + delay, reason: reason)
    }

    mutating func hold(at now: Duration, reason: String) {
        failures += 1
        isConnected = false
        var delay = policy.holdBase
        for _ in 1..<min(failures, 64) where delay < policy.holdCap { delay = delay * 2 }
        delay = min(delay, policy.holdCap)
        state = .holding(until: now + delay / 2 + BackOff.uniform(upTo: delay / 2, using: &random), reason: reason)
    }
}
