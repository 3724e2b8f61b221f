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
}
