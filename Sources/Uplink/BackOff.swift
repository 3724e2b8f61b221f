/// How long to wait after failures in a row: exponential, capped, then full jitter *after* the cap. Jitter before the cap
/// would bring all gateways back in the same second once they have reached it (measured: 11 times the capacity against 4).
package struct BackOff: Hashable, Sendable {
    package var base: Duration
    package var cap: Duration
    /// The longest `Retry-After` that is believed.
    package var retryAfterCap: Duration

    /// 1 s doubling to 60 s; an hour of `Retry-After`.
    package static let standard = BackOff(base: .seconds(1), cap: .seconds(60), retryAfterCap: .seconds(3600))

    package init(base: Duration, cap: Duration, retryAfterCap: Duration) {
        self.base = base
        self.cap = cap
        self.retryAfterCap = retryAfterCap
    }

    /// - Parameters:
    ///   - failures: in a row, at least 1.
    ///   - retryAfter: what the platform asked for; the longer of both counts, plus up to `base` so that gateways that
    ///     were told the same do not come back together.
    ///   - isOverloaded: the platform as a whole has too much (503 with `Retry-After`): the wait is drawn from the whole cap at
    ///     once, and the time that was asked for is spread over as much again. Measured with 10,000 gateways: 1.9 times the
    ///     capacity at the peak against 3.3 (docs/decisions/0008-reconnecting.md).
    package func delay(
        failures: Int, retryAfter: Duration?, isOverloaded: Bool = false, using random: inout some RandomNumberGenerator
    ) -> Duration {
        var ceiling = isOverloaded ? cap : base
        for _ in 1..<max(1, min(failures, 64)) where ceiling < cap { ceiling = ceiling * 2 }
        let jittered = Self.uniform(upTo: min(ceiling, cap), using: &random)
        guard let retryAfter else { return jittered }
        let asked = min(retryAfter, retryAfterCap)
        let spread = isOverloaded ? max(base, min(asked, cap)) : base
        return max(jittered, asked) + Self.uniform(upTo: spread, using: &random)
    }

    static func uniform(upTo limit: Duration, using random: inout some RandomNumberGenerator) -> Duration {
        limit * Double.random(in: 0...1, using: &random)
    }
}
