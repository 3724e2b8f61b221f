/// Who is taken now and who is asked to come back, and when: so that ten thousand gateways that were cut off together do not come back
/// together. A value: the time is an argument, chance comes from a generator.
///
/// Batches above ``capacity`` are told `Retry-After: rand(0.9, 1) * backlog / capacity`, backlog being the gateways that were told to wait
/// and have not been taken since: each gets about its turn in the queue, so that their returns fill what the platform can take, whatever
/// their number. (With `rand(0, 1)`, the first to be refused, while the backlog still grows, come back with the next ones: 2,000 gateways at
/// once then come back at more than three times the capacity.) A gateway above its own rate is told when its next turn is.
struct AdmissionPolicy: Hashable, Sendable {
    enum Decision: Hashable, Sendable {
        case take
        /// The platform as a whole has enough: 503. Seconds from 1 on.
        case laterAll(seconds: Int)
        /// This gateway has had its share: 429. Seconds from 1 on.
        case laterGateway(seconds: Int)
    }

    /// Tokens come in at a rate and gather up to a burst; each batch takes one.
    private struct Bucket: Hashable, Sendable {
        var tokens: Double
        /// Seconds, of the last look.
        var time: Double

        mutating func fill(_ now: Double, rate: Double, burst: Double) {
            tokens = min(burst, tokens + max(0, now - time) * rate)
            time = max(time, now)
        }
    }

    /// Batches a second that this instance takes; nil for no limit.
    let capacity: Double?
    /// Batches a second of one gateway; nil for no limit.
    let gatewayRate: Double?

    /// A gateway that has not come back so long after it was told to is not waited for. Seconds.
    static let patience = 120.0
    /// Seconds between two looks for buckets that are full again and waiting gateways that are gone: the maps hold as many gateways
    /// as came in such a time.
    static let sweepInterval = 60.0

    private var all: Bucket?
    private var buckets: [String: Bucket] = [:]
    /// Until when each gateway that was told to wait is counted.
    private var waiting: [String: Double] = [:]
    private var swept = 0.0

    /// Gateways that were told to wait for the platform's capacity and have not been taken since.
    var backlog: Int { waiting.count }

    init(capacity: Double? = nil, gatewayRate: Double? = nil) {
        self.capacity = capacity
        self.gatewayRate = gatewayRate
    }

    /// - Parameter now: seconds of a clock that does not step.
    mutating func admit(
        _ gateway: String, now: Double, using generator: inout some RandomNumberGenerator
    ) -> Decision {
        sweep(now)
        var own: Bucket?
        if let gatewayRate {
            var bucket = buckets[gateway] ?? Bucket(tokens: Self.burst(gatewayRate), time: now)
            bucket.fill(now, rate: gatewayRate, burst: Self.burst(gatewayRate))
            guard bucket.tokens >= 1 else {
                buckets[gateway] = bucket
                return .laterGateway(seconds: Self.seconds((1 - bucket.tokens) / gatewayRate))
            }
            bucket.tokens -= 1
            own = bucket
        }
        if let capacity {
            var bucket = all ?? Bucket(tokens: Self.burst(capacity), time: now)
            bucket.fill(now, rate: capacity, burst: Self.burst(capacity))
            // Whose turn it is goes first: while somebody waits, newcomers get only what is left over.
            let isNext = waiting.isEmpty || waiting[gateway] != nil
            guard bucket.tokens >= (isNext ? 1 : max(1, Self.burst(capacity) / 2)) else {
                all = bucket
                waiting[gateway] = now
                let turn = Double(waiting.count) / capacity
                let seconds = Self.seconds(turn * Double.random(in: 0.9...1, using: &generator))
                waiting[gateway] = now + Double(seconds) + Self.patience
                return .laterAll(seconds: seconds)
            }
            bucket.tokens -= 1
            all = bucket
        }
        // Only now: a gateway that the whole platform sent away has not used its own share.
        if let own { buckets[gateway] = own }
        waiting[gateway] = nil
        return .take
    }

    /// What may be taken at once after a pause: a second's worth, at least one batch.
    private static func burst(_ rate: Double) -> Double { max(1, rate) }

    /// Whole seconds, rounded up; what is asked for at once would come too early, so at least 1. A day at most.
    private static func seconds(_ seconds: Double) -> Int { Int(min(86_400, max(1, seconds.rounded(.up)))) }

    private mutating func sweep(_ now: Double) {
        guard now - swept >= Self.sweepInterval else { return }
        swept = now
        waiting = waiting.filter { $0.value > now }
        if let gatewayRate {
            let burst = Self.burst(gatewayRate)
            buckets = buckets.filter { $0.value.tokens + (now - $0.value.time) * gatewayRate < burst }
        }
    }
}
