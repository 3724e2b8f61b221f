import Subjects

@testable import Simulation

/// Small stores for tests, and the events of one as text.
enum SimulationFixture {
    static func small(seed: UInt64 = 7) -> StoreSimulation {
        var options = SimulationOptions(seed: seed, hours: 0.6)
        options.subjects = 60
        options.passersPerHour = 60
        return StoreSimulation(options)
    }

    static func trace(_ simulation: StoreSimulation) -> [UInt8] {
        let encoder = TraceEncoder(simulation)
        var bytes: [UInt8] = []
        for event in simulation.events() { encoder.append(event, to: &bytes) }
        return bytes
    }

    /// Everything that one till printed.
    static func paper(_ simulation: StoreSimulation, till: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for event in simulation.events() {
            if case .printed(till, let piece) = event.content { bytes += piece }
        }
        return bytes
    }
}
