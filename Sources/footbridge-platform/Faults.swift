import Hummingbird
import PlatformAPI
import Synchronization

/// How the platform misbehaves on purpose.
struct FaultPlan: Hashable, Sendable {
    /// Share of requests that are answered 503 with `Retry-After`, 0 to 1.
    var unavailable = 0.0
    /// Share of requests that are carried out and then left without an answer, 0 to 1.
    var dropAnswer = 0.0
    /// Before each request is looked at.
    var latency: Duration = .zero
    /// Seconds in `Retry-After`.
    var retryAfter = 1
    var seed: UInt64 = 1
}

/// The connection was closed on purpose after the request had been carried out.
struct DroppedAnswer: Error {}

/// Carries out a ``FaultPlan``. The sequence of decisions follows from the seed.
final class FaultMiddleware: RouterMiddleware {
    private let plan: FaultPlan
    private let generator: Mutex<SplitMix64>

    init(_ plan: FaultPlan) {
        self.plan = plan
        generator = Mutex(SplitMix64(seed: plan.seed))
    }

    func handle(
        _ request: Request, context: PlatformContext,
        next: @concurrent (Request, PlatformContext) async throws -> Response
    ) async throws -> Response {
        if plan.latency > .zero { try await Task.sleep(for: plan.latency) }
        let (refuse, drop) = generator.withLock { generator in
            (Self.happens(plan.unavailable, &generator), Self.happens(plan.dropAnswer, &generator))
        }
        if refuse {
            throw PlatformProblem(
                .unavailable, 503, "The platform is away", detail: "on purpose (--fault-503)",
                retryAfter: plan.retryAfter)
        }
        let response = try await next(request, context)
        guard drop, request.method != .get else { return response }
        try? await context.channel.close()
        throw DroppedAnswer()
    }

    private static func happens(_ share: Double, _ generator: inout SplitMix64) -> Bool {
        Double.random(in: 0..<1, using: &generator) < share
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
