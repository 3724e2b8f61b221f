import Foundation
import Testing

/// The queue and the line under every fault that we know of, by the thousand (reference: edge.md B, invariants I1 to I7).
///
/// `FOOTBRIDGE_SEED=n` runs that seed alone (or a list, with commas) and prints its steps; `FOOTBRIDGE_SEEDS=n` (`make soak SEEDS=n`) runs the first n.
@Suite("Delivery, simulated")
struct DeliverySimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let chosen = environment["FOOTBRIDGE_SEED"]?.split(separator: ",").compactMap { UInt64($0) }
    private static let count = environment["FOOTBRIDGE_SEEDS"].flatMap { UInt64($0) } ?? 2000
    /// Seeds one after the other in one case: small enough to spread over the cores.
    private static let chunk: UInt64 = 50

    private static var cases: [Range<UInt64>] {
        if let chosen { return chosen.map { $0..<$0 + 1 } }
        return stride(from: 0, to: count, by: Int(chunk)).map { $0..<min($0 + chunk, count) }
    }

    @Test(
        "nothing accepted is lost, nothing stands twice, whatever breaks, in whatever order", arguments: cases)
    func invariants(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let report = try DeliverySimulation(seed: seed).run()
            if Self.chosen != nil {
                print((["seed \(seed)"] + report.trace + report.violations).joined(separator: "\n"))
            }
            #expect(
                report.violations.isEmpty,
                """
                \(report.violations.joined(separator: "\n"))
                Again, step by step: FOOTBRIDGE_SEED=\(seed) swift test --disable-xctest --filter DeliverySimulationTests
                """)
        }
    }

    @Test("a seed is the same run each time")
    func repeatable() throws {
        for seed: UInt64 in 0..<6 {
            let first = try DeliverySimulation(seed: seed).run()
            let second = try DeliverySimulation(seed: seed).run()
            #expect(first.trace == second.trace)
            #expect(first.operations == second.operations)
        }
    }

    @Test("the faults do happen, every one of them")
    func faultsHappen() throws {
        let reports = try (0..<120).map { try DeliverySimulation(seed: UInt64($0)).run() }
        #expect(reports.map(\.accepted).reduce(0, +) > 4000)
        #expect(reports.contains { $0.evicted > 0 })
        #expect(reports.map(\.powerCuts).reduce(0, +) > 400)
        let steps = reports.flatMap(\.trace)
        for word in [
            "power cut, losing all", "power cut, losing some", "power cut, losing last", "no room", "read-only",
            "answer lost", "killed before the answer", "sent twice", "an older answer again", "settled in part",
            "late request: true", "certificate refused", "clock 5", "filled from", "to quarantine", "a new epoch",
            "disk replaced by its copy", "platform replaced by its copy", "no start",
            "damage: bits", "damage: page", "damage: tail", "check: damaged", "rescued",
        ] {
            #expect(steps.contains { $0.contains(word) }, "\(word) happens in no run")
        }
        let journeys = reports.compactMap(\.journeys)
        #expect(journeys.map(\.visits).reduce(0, +) > 20)
        #expect(journeys.contains { $0.retracted > 0 })
        #expect(journeys.contains { $0.links > 0 })
    }
}
