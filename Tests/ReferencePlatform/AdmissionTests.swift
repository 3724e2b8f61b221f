import Foundation
import HTTPTypes
import PlatformAPI
import Testing

@testable import footbridge_platform

@Suite("Admission")
struct AdmissionTests {
    @Test("without limits every batch is taken")
    func noLimits() {
        var policy = AdmissionPolicy()
        var generator = SplitMix64(seed: 1)
        for _ in 0..<1000 { #expect(policy.admit("a", now: 0, using: &generator) == .take) }
    }

    @Test("above its own rate a gateway is told when its next turn is, and others are not held up by it")
    func gatewayRate() {
        var policy = AdmissionPolicy(gatewayRate: 0.1)
        var generator = SplitMix64(seed: 1)
        #expect(policy.admit("a", now: 0, using: &generator) == .take)
        #expect(policy.admit("a", now: 4, using: &generator) == .laterGateway(seconds: 6))
        #expect(policy.admit("b", now: 4, using: &generator) == .take)
        #expect(policy.admit("a", now: 10, using: &generator) == .take)
    }

    @Test("what is above the capacity is spread over the time that the backlog takes")
    func spread() {
        var policy = AdmissionPolicy(capacity: 10)
        var generator = SplitMix64(seed: 7)
        var delays: [Int] = []
        for gateway in 0..<1000 {
            switch policy.admit("g\(gateway)", now: 0, using: &generator) {
            case .take: break
            case .laterAll(let seconds): delays.append(seconds)
            case .laterGateway: Issue.record("no rate was set")
            }
        }
        #expect(delays.count == 990)
        #expect(policy.backlog == 990)
        // 990 gateways, 10 a second: each is told about its turn, so that ten come back in each second, and the last within 99 s.
        for (index, seconds) in delays.enumerated() {
            let turn = Double(index + 1) / 10
            #expect((0.9 * turn...turn + 1).contains(Double(seconds)) || seconds == 1)
        }
        let perSecond = Dictionary(grouping: delays) { $0 }.mapValues(\.count)
        #expect(perSecond.values.allSatisfy { $0 <= 20 })
    }

    @Test("the same seed tells the same delays, another seed others")
    func seeded() {
        func delays(_ seed: UInt64) -> [AdmissionPolicy.Decision] {
            var policy = AdmissionPolicy(capacity: 1)
            var generator = SplitMix64(seed: seed)
            return (0..<200).map { policy.admit("g\($0)", now: 0, using: &generator) }
        }
        #expect(delays(1) == delays(1))
        #expect(delays(1) != delays(2))
    }

    @Test("a gateway that comes back is no longer part of the backlog, nor is one that never does")
    func backlog() {
        var policy = AdmissionPolicy(capacity: 1)
        var generator = SplitMix64(seed: 1)
        for gateway in ["a", "b", "c"] { _ = policy.admit(gateway, now: 0, using: &generator) }
        #expect(policy.backlog == 2)
        #expect(policy.admit("b", now: 5, using: &generator) == .take)
        #expect(policy.backlog == 1)
        #expect(policy.admit("a", now: 10_000, using: &generator) == .take)
        #expect(policy.backlog == 0)
    }

    @Test("a fleet that obeys is taken whole in about the time that its number needs, never far above the capacity")
    func fleet() {
        let capacity = 50.0
        var policy = AdmissionPolicy(capacity: capacity)
        var generator = SplitMix64(seed: 3)
        // All 2,000 come in the same second, as after an outage without any spreading of their own.
        var due = [0: Array(0..<2000)]
        var perSecond: [Int] = []
        var taken = 0
        var second = 0
        while taken < 2000, second < 1000 {
            let arrivals = due.removeValue(forKey: second) ?? []
            perSecond.append(arrivals.count)
            for (index, gateway) in arrivals.enumerated() {
                let now = Double(second) + Double(index) / Double(arrivals.count + 1)
                switch policy.admit("g\(gateway)", now: now, using: &generator) {
                case .take: taken += 1
                case .laterAll(let seconds), .laterGateway(let seconds):
                    due[second + seconds, default: []].append(gateway)
                }
            }
            second += 1
        }
        #expect(taken == 2000)
        // 40 s at full capacity.
        #expect(second < 100)
        let peak = perSecond.dropFirst().max() ?? 0
        #expect(Double(peak) <= 2 * capacity)
    }

    @Test("over HTTP: 429 for a gateway above its rate, 503 above the capacity, both with Retry-After")
    func answers() async throws {
        let epoch = UUID()
        let events = try SampleEvents.plain(epoch, 1...1)
        for (policy, status) in [
            (AdmissionPolicy(gatewayRate: 0.001), 429), (AdmissionPolicy(capacity: 0.001), 503),
        ] {
            let bench = try await PlatformBench { $0.admission = AdmissionGate(policy, seed: 1) }
            try await bench.run { client in
                #expect(try await client.post(events, epoch: epoch, first: 1, last: 1).status == 200)
                let later = try await client.post(events, epoch: epoch, first: 1, last: 1)
                #expect(later.status == status)
                #expect(try later.problem().kind == (status == 429 ? .rateLimited : .unavailable))
                let seconds = try #require(later.headers[.retryAfter].flatMap { Int($0) })
                #expect(seconds >= 1)
                // The rest of the contract is not held up.
                #expect(try await client.send(.get, Wire.subjectsPath).status == 204)
            }
        }
    }
}
