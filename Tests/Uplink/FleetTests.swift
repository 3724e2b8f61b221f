import Foundation
import Testing

@testable import Uplink

@Suite("A fleet of 10,000 gateways with 20 batches each, and a platform that takes 500 a second")
struct FleetTests {
    @Test(
        "however they were cut off, no second brings more than twice the capacity, and they drain nearly as fast as can be",
        arguments: FleetStorm.Beginning.allCases, [UInt64(1), 2])
    func storm(beginning: FleetStorm.Beginning, seed: UInt64) {
        var storm = FleetStorm(beginning, seed: seed)
        let result = storm.run()
        #expect(result.peak <= 2 * FleetStorm.capacity)
        // 400 s is what the platform needs at least.
        #expect(result.drained < 500)
        #expect(result.requests - result.refused == FleetStorm.gateways * FleetStorm.batches)
    }

    @Test(
        "without the spread of reconnects, and with a short answer to an overload, the same fleet is three times too much"
    )
    func control() {
        var policy = FleetStorm.Policy()
        policy.reconnectJitter = .zero
        policy.hearsOverload = false
        var storm = FleetStorm(.drop, policy: policy, seed: 1)
        #expect(storm.run().peak > 3 * FleetStorm.capacity)
    }

    private static let seeds = ProcessInfo.processInfo.environment["FOOTBRIDGE_FLEET_SEEDS"].flatMap { UInt64($0) }

    @Test("the table of decision 8 (FOOTBRIDGE_FLEET_SEEDS=n)", .enabled(if: seeds != nil))
    func table() throws {
        let rules: [(name: String, set: (inout FleetStorm.Policy) -> Void)] = [
            ("neither", { $0 = .init(reconnectJitter: .zero, hearsOverload: false) }),
            ("spread", { $0.hearsOverload = false }), ("all", { _ in }),
        ]
        for beginning in FleetStorm.Beginning.allCases {
            for rule in rules {
                var policy = FleetStorm.Policy()
                rule.set(&policy)
                let results = (1...max(1, try #require(Self.seeds))).map { seed in
                    var storm = FleetStorm(beginning, policy: policy, seed: seed)
                    return storm.run()
                }
                #expect(results.allSatisfy { $0.requests - $0.refused == FleetStorm.gateways * FleetStorm.batches })
                print("\(beginning), \(rule.name): \(Self.line(results))")
            }
        }
    }

    /// Least to most over the seeds.
    private static func line(_ results: [FleetStorm.Result]) -> String {
        func range(_ digits: Int, _ value: (FleetStorm.Result) -> Double) -> String {
            let values = results.map(value).sorted()
            return String(format: "%.\(digits)f to %.\(digits)f", values[0], values[values.count - 1])
        }
        return "peak \(range(2) { Double($0.peak) / Double(FleetStorm.capacity) }) x capacity, "
            + "refused \(range(0) { Double($0.refused) / Double($0.requests) * 100 }) %, "
            + "drained in \(range(0) { $0.drained }) s"
    }
}
