import Outbox
import PlatformAPI

// What the answers of the platform, and of whatever stands in front of it, mean.

extension SyncEngine {
    mutating func read(
        _ response: HTTPResponse, _ batch: StoredBatch, at now: Duration, _ wallSeconds: Int64
    ) -> Verdict {
        let problem = response.problem
        let reason = reason(of: response)
        switch response.status {
        case 200:
            return settle(response, batch, at: now)
        case 409:
            return conflict(problem, batch, at: now, reason: reason)
        case 400, 413, 422:
            guard let problem, problem.kind != nil else { return stranger(response, batch, at: now) }
            if response.status == 413 {
                limits.stated(events: problem.maxEvents, bytes: problem.maxBytes)
                if problem.maxEvents == nil, problem.maxBytes == nil, batch.bodies.count > 1 {
                    limits.found(tooLarge: batch.bytes)
                }
            }
            return refuse(batch, problem, at: now)
        case 415:
            if codings.fallBack(after: response.headers) {
                again()
            } else {
                hold(at: now, reason: "\(reason); no form of a batch is taken, ask the platform team")
            }
            return .nothing
        case 408, 425, 429, 500...599, 100..<300:
            let delay = RetryAfter.delay(headers: response.headers, wallSeconds: wallSeconds)
            let isOverloaded = response.status == 503 && delay != nil
            backOff(at: now, retryAfter: delay, isOverloaded: isOverloaded, reason: reason)
            return .nothing
        default:
            hold(at: now, reason: "\(reason); \(Self.remedy(response))")
            return .nothing
        }
    }

    func reason(of response: HTTPResponse) -> String {
        if let problem = response.problem { return problem.description }
        return "the platform answers \(ForeignAnswer(response)?.description ?? "\(response.status)")"
    }

    static func remedy(_ response: HTTPResponse) -> String {
        switch response.status {
        case 300...399:
            "it sends this gateway elsewhere, which is not followed; set platform.url to the final address"
        case 401, 403: "check this gateway's registration and platform.certificate"
        case 410, 426: "this version is too old for the platform, upgrade footbridge"
        case 495, 496: "the server does not trust this gateway's certificate; check platform.certificate"
        default: "check platform.url and this gateway's registration"
        }
    }

    /// Not the platform's own voice: nothing is judged by it, and no event goes to quarantine. A proxy's limit of size can be kept,
    /// though.
    private mutating func stranger(_ response: HTTPResponse, _ batch: StoredBatch, at now: Duration) -> Verdict {
        guard let foreign = ForeignAnswer(response) else { return .nothing }
        if response.status == 413 {
            guard batch.bodies.count == 1 else {
                limits.found(tooLarge: batch.bytes)
                limits.halve(batch.bodies.count)
                again()
                return .nothing
            }
            limits.one()
            hold(
                at: now,
                reason: "a server in front of the platform refuses even one event of \(batch.bytes) bytes "
                    + "(\(foreign.description)); have its limit raised, such as nginx's client_max_body_size")
        } else if foreign.refusesCertificate {
            hold(
                at: now,
                reason: "the platform's server refuses this gateway's certificate (\(foreign.description)); "
                    + "check platform.certificate: is it the registered one, out of date or revoked?")
        } else {
            hold(
                at: now,
                reason: "a server in front of the platform answers \(foreign.description) without problem details; "
                    + "check for a proxy in between")
        }
        return .nothing
    }

    private mutating func settle(_ response: HTTPResponse, _ batch: StoredBatch, at now: Duration) -> Verdict {
        guard let answer = try? WireJSON.decode(BatchAnswer.self, from: response.body) else {
            let said = ForeignAnswer(response)?.description ?? "200"
            backOff(
                at: now, retryAfter: nil,
                reason: "the platform's answer cannot be read (\(said)); check for a proxy in between")
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
        draining = through < batch.last || batch.bodies.count >= limits.events || batch.bytes * 2 >= limits.bytes
        if rejected.count < batch.bodies.count, batch.last != refusedLast { refusals = 0 }
        failures = 0
        movedWithoutSuccess = false
        filledWithoutSuccess = false
        waitingSince = nil
        isConnected = true
        limits.settled()
        pace.settled(at: now, using: &random)
        codings.learn(from: response.headers)
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
            limits.halve(batch.bodies.count)
            again()
            return .nothing
        case .identityConflict where !movedWithoutSuccess:
            movedWithoutSuccess = true
            limits.all()
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
            limits.halve(batch.bodies.count)
            again()
            return .nothing
        }
        refusals += 1
        refusedLast = batch.last
        limits.one()
        if refusals >= policy.refusalStreak {
            hold(at: now, reason: "\(refusals) events refused one after the other (\(problem)); ask the platform team")
        } else {
            again()
        }
        return .quarantine(sequence: batch.last, problem: problem)
    }
}
