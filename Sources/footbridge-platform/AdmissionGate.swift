import PlatformAPI
import Synchronization

/// An ``AdmissionPolicy`` at the door of an instance, with its clock and its chance.
final class AdmissionGate: Sendable {
    private struct State {
        var policy: AdmissionPolicy
        var generator: SplitMix64
    }

    private let state: Mutex<State>
    private let start = ContinuousClock.now

    init(_ policy: AdmissionPolicy = AdmissionPolicy(), seed: UInt64 = .random(in: .min ... .max)) {
        state = Mutex(State(policy: policy, generator: SplitMix64(seed: seed)))
    }

    /// - Throws: ``PlatformProblem`` 429 or 503 with `Retry-After`.
    func admit(_ gateway: String) throws {
        let now = (ContinuousClock.now - start) / .seconds(1)
        let decision = state.withLock { state in
            state.policy.admit(gateway, now: now, using: &state.generator)
        }
        switch decision {
        case .take: return
        case .laterAll(let seconds):
            throw PlatformProblem(
                .unavailable, 503, "The platform has as much as it can take", detail: "gateways take turns",
                retryAfter: seconds)
        case .laterGateway(let seconds):
            throw PlatformProblem(
                .rateLimited, 429, "The gateway sends faster than it may", detail: "its next turn is in \(seconds) s",
                retryAfter: seconds)
        }
    }
}
