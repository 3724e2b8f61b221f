@testable import Uplink

/// Ten thousand gateways with backlogs that come back to a platform together, second by second. The gateways' waiting is the uplink's
/// own (``BackOff``, ``RetryAfter``, ``SendPace``); the platform is what docs/api asks of one: a rate that it can take, and for the
/// others a `Retry-After` spread over the time that the waiting ones need.
struct FleetStorm {
    enum Beginning: String, CaseIterable, CustomStringConvertible {
        /// The platform was away for long: everybody is at the cap of the back-off.
        case outage
        /// Everybody loses the connection in the same second; the platform is back at once.
        case drop
        /// Power is back: everybody starts in the same second.
        case start

        var description: String { rawValue }
    }

    struct Policy {
        var backOff = BackOff.standard
        var startJitter = Duration.seconds(60)
        var reconnectJitter = Duration.seconds(60)
        /// Whether a 503 with `Retry-After` counts as the platform's overload.
        var hearsOverload = true
    }

    struct Result {
        /// Requests in the busiest second.
        var peak = 0
        var refused = 0
        var requests = 0
        /// Seconds until the last backlog was taken.
        var drained = 0.0
    }

    private struct Member {
        var failures: Int
        var left: Int
        var pace: SendPace
        var isWaiting = false
    }

    static let capacity = 500
    static let gateways = 10_000
    static let batches = 20
    private static let tick = 20
    private static let roundTrip = 2

    let beginning: Beginning
    var policy = Policy()
    var random: SplitMix64

    init(_ beginning: Beginning, policy: Policy = Policy(), seed: UInt64) {
        self.beginning = beginning
        self.policy = policy
        random = SplitMix64(seed: seed)
    }

    /// Ticks are 50 ms; within one, gateways come in the order in which they were put there.
    mutating func run() -> Result {
        var calendar: [[Int32]] = Array(repeating: [], count: 60 * Self.tick)
        var members = (0..<Self.gateways).map { _ in
            Member(
                failures: beginning == .outage ? 10 : beginning == .drop ? 1 : 0, left: Self.batches,
                pace: SendPace(
                    startJitter: policy.startJitter, reconnectJitter: policy.reconnectJitter, maximumPerMinute: nil))
        }
        for index in members.indices { put(Int32(index), at: first(&members[index]), in: &calendar) }
        var result = Result()
        var tokens = Double(Self.capacity)
        var waiting = 0
        var second = 0
        var now = 0
        while now < calendar.count {
            tokens = min(Double(Self.capacity), tokens + Double(Self.capacity) / Double(Self.tick))
            if now.isMultiple(of: Self.tick) { second = 0 }
            let due = calendar[now]
            calendar[now] = []
            for index in due {
                second += 1
                result.requests += 1
                if tokens >= 1 {
                    tokens -= 1
                    if members[Int(index)].isWaiting { waiting -= 1 }
                    let next = taken(&members[Int(index)], at: now)
                    if let next { put(index, at: next, in: &calendar) }
                    result.drained = Double(now) / Double(Self.tick)
                } else {
                    result.refused += 1
                    if !members[Int(index)].isWaiting { waiting += 1 }
                    put(index, at: refused(&members[Int(index)], at: now, waiting: waiting), in: &calendar)
                }
            }
            result.peak = max(result.peak, second)
            now += 1
        }
        return result
    }

    private func put(_ index: Int32, at tick: Int, in calendar: inout [[Int32]]) {
        if tick >= calendar.count { calendar += Array(repeating: [], count: tick - calendar.count + 60) }
        calendar[tick].append(index)
    }

    private mutating func first(_ member: inout Member) -> Int {
        let delay: Duration
        switch beginning {
        case .outage:
            member.pace.lost()
            delay = policy.backOff.delay(failures: 10, retryAfter: nil, using: &random)
        case .drop:
            member.pace.lost()
            let own = policy.backOff.delay(failures: 1, retryAfter: nil, using: &random)
            delay = max(own, BackOff.uniform(upTo: policy.reconnectJitter, using: &random))
        case .start: delay = member.pace.start(at: .zero, using: &random)
        }
        return Self.ticks(delay)
    }

    private mutating func taken(_ member: inout Member, at now: Int) -> Int? {
        member.isWaiting = false
        member.failures = 0
        member.left -= 1
        guard member.left > 0 else { return nil }
        let moment = Duration.seconds(Double(now + Self.roundTrip) / Double(Self.tick))
        member.pace.settled(at: moment, using: &random)
        return max(now + Self.roundTrip, member.pace.due(at: moment).map(Self.ticks) ?? 0)
    }

    private mutating func refused(_ member: inout Member, at now: Int, waiting: Int) -> Int {
        member.isWaiting = true
        member.failures += 1
        member.pace.lost()
        let spread = Double.random(in: 0...Double(waiting) / Double(Self.capacity), using: &random)
        let header = ["retry-after": "\(Int(max(1, spread.rounded(.up))))"]
        let delay = policy.backOff.delay(
            failures: member.failures, retryAfter: RetryAfter.delay(headers: header, wallSeconds: 0),
            isOverloaded: policy.hearsOverload, using: &random)
        return now + max(1, Self.ticks(delay))
    }

    private static func ticks(_ duration: Duration) -> Int { Int((duration / .seconds(1) * Double(tick)).rounded()) }
}
