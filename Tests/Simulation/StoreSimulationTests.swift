import Advertising
import Foundation
import Subjects
import Testing

@testable import Simulation

struct StoreSimulationTests {
    private let simulation = SimulationFixture.small()

    @Test("one seed gives the same trace, truth and feed, byte for byte; another seed gives others")
    func deterministic() throws {
        let again = SimulationFixture.small()
        #expect(SimulationFixture.trace(simulation) == SimulationFixture.trace(again))
        #expect(try SubjectLines.encode(simulation.entries) == SubjectLines.encode(again.entries))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(simulation.truth) == encoder.encode(again.truth))
        #expect(SimulationFixture.trace(SimulationFixture.small(seed: 8)) != SimulationFixture.trace(simulation))
    }

    @Test("the events come in the order of time and all end within the simulated span")
    func ordered() {
        var last: Int64 = 0
        var packets = 0
        for event in simulation.events() {
            #expect(event.microseconds >= last)
            last = event.microseconds
            if case .packet(_, let bytes) = event.content {
                packets += 1
                #expect(bytes.count <= 258 && bytes[0] == 0x04 && bytes[1] == 0x3E && Int(bytes[2]) == bytes.count - 3)
            }
        }
        #expect(packets > 5_000)
        #expect(Double(last) / 1e6 <= simulation.options.duration + 1)
    }

    @Test("visits begin at the door, last, and end before the store's hour does")
    func visits() {
        let truth = simulation.truth
        #expect(truth.visits.count > 3)
        for visit in truth.visits {
            #expect(visit.entered > truth.start && visit.exited < truth.end && visit.dwell > 20)
        }
        #expect(truth.visits.contains { !$0.permitted } || simulation.unseeable.isEmpty == false)
        #expect(Set(truth.visits.map(\.subject)).count == truth.visits.count)
    }

    @Test("no till prints in the quiet minutes, and none prints two documents at once")
    func quiet() {
        var options = SimulationOptions(seed: 3, hours: 1)
        options.quiet = 1500...1700
        let simulation = StoreSimulation(options)
        var lastEnd: [Int: Double] = [:]
        var printer = ReceiptPrinter(clock: simulation.clock)
        for document in simulation.documents {
            #expect(!(1500...1700).contains(document.time))
            #expect(document.time >= lastEnd[document.till, default: 0])
            lastEnd[document.till] = document.time + Double(printer.print(document).count) / 960
        }
        #expect(lastEnd.values.allSatisfy { $0 < options.duration })
    }

    @Test("a phone at the till is heard loudest by that till's receiver")
    func channel() {
        var generator = SeededGenerator(seed: 11)
        let plan = StorePlan(tills: 3)
        var loudest = 0
        for round in 0..<200 {
            var channel = RadioChannel(receivers: plan.receivers.count, generator: &generator)
            var levels: [Int: Int8] = [:]
            channel.send(
                from: StorePlan.queue(1, position: 0), at: Double(round), plan: plan, generator: &generator
            ) { receiver, level, _ in levels[receiver] = level }
            if levels.max(by: { $0.value < $1.value })?.key == 5 { loudest += 1 }
        }
        #expect(loudest > 150)
    }

    @Test("a busy day of twelve hours has 2,000 subjects and is read without being held in memory")
    func busyDay() {
        let simulation = StoreSimulation(SimulationOptions(seed: 1, hours: 12))
        #expect(simulation.options.subjects >= 2000)
        #expect(simulation.entries.count == simulation.options.subjects + 3)
        #expect(simulation.truth.receipts.count > 400)
        var events = simulation.events()
        for _ in 0..<5_000 { #expect(events.next() != nil) }
    }

    @Test("each generator stream is its own and stays the same")
    func generator() {
        var first = SeededGenerator(seed: 1, stream: 2)
        var second = SeededGenerator(seed: 1, stream: 3)
        #expect(first.next() != second.next())
        var sum = 0.0
        var squares = 0.0
        for _ in 0..<20_000 {
            let value = first.quickNormal()
            sum += value
            squares += value * value
        }
        #expect(abs(sum / 20_000) < 0.03 && abs(squares / 20_000 - 1) < 0.05)
        #expect((0..<1000).allSatisfy { _ in (0..<7).contains(first.below(7)) })
        #expect(first.below(0) == 0 && first.bytes(5).count == 5)
    }
}
