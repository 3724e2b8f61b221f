import Foundation
import Outbox
import PlatformAPI
import Subjects
import Testing

@testable import Gateway

@Suite("How exactly a visit is told")
struct VisitPrecisionTests {
    /// Somebody at the door from 10.4 s on, for 119.9 s.
    private func visit() throws -> (events: [GatewayEvent], data: [JSONValue]) {
        var engine = Engine(try EngineFixture.settings(), identityEpoch: UUID())
        engine.apply(EngineFixture.entry("s-1"), at: EngineFixture.at(0))
        for step in 0...70 {
            engine.observe(EngineFixture.sighting("s-1", "door", 10.4 + 119.9 * Double(step) / 70))
        }
        engine.advance(to: EngineFixture.at(2_000.7))
        let events = engine.takeOutputs().events
        let box = BoxIdentity(gateway: "box-1", bootID: BoxIdentity.noBoot)
        let data = try events.map { event in
            let bytes = try event.encoded(as: .init(epoch: UUID(), sequence: 1), by: box)
            return try WireJSON.decode(JSONValue.self, from: bytes)
        }
        return (events, data)
    }

    @Test("in whole seconds, cut, so that a dwell meets the thresholds as its classification does")
    func wholeSeconds() throws {
        let (events, told) = try visit()
        #expect(events.map(\.type) == [.visitOpened, .visitClosed])
        let closed = try #require(told.last?["data"])
        #expect(closed["entered_at"]?.string == EngineFixture.at(10).wall.rfc3339())
        #expect(closed["exited_at"]?.string == EngineFixture.at(130).wall.rfc3339())
        #expect(closed["dwell_s"] == .integer(119))
        #expect(closed["classification"]?.string == "bounce")
        #expect(closed["quality"]?["median_gap_s"] == .number(1.7))
        // At first nobody knows how often the phone speaks; then 1.7 s are told as 2.
        #expect(closed["exit_uncertainty_s"] == .integer(2))
        guard case .array(let zones)? = closed["zones"] else {
            Issue.record("no zones")
            return
        }
        #expect(zones.allSatisfy { $0["entered_at"]?.string?.hasSuffix(".000Z") == true })
    }

    @Test("the events' own times say no more than the visit's, and both clocks say the same moment")
    func eventTimes() throws {
        let (_, told) = try visit()
        let opened = try #require(told.first)
        #expect(opened["time"] == opened["data"]?["entered_at"])
        #expect(opened["monotonic"]?.string == "10000000000")
        #expect(told.allSatisfy { $0["time"]?.string?.hasSuffix(".000Z") == true })
    }
}
