import Subjects
import Testing

@testable import Gateway

@Suite struct GatewayClockTests {
    @Test("the scaled clock says SIM + (wall - REAL) x N")
    func scaled() {
        let system = GatewayClock().reading().moment.wall
        let origin = UnixTime(seconds: Int64(1_900_000_000))
        let clock = GatewayClock(scale: .init(origin: origin, real: system - .seconds(100), rate: 60))
        let elapsed = clock.reading().moment.wall - origin
        // Between the two readings a little real time passes, sixty times as much simulated.
        #expect(elapsed >= .seconds(6_000) && elapsed < .seconds(6_000) + .seconds(60 * 30))
        #expect(clock.reading().state == .synchronised)
        #expect(clock.realDelay(.seconds(60)) == .seconds(1))
    }

    @Test("a second process on the same scale continues the monotonic time of the first")
    func continues() {
        let real = GatewayClock().reading().moment.wall
        let scale = GatewayClock.Scale(origin: UnixTime(seconds: Int64(1_900_000_000)), real: real, rate: 1000)
        let first = GatewayClock(scale: scale).reading().moment
        let second = GatewayClock(scale: scale).reading().moment
        #expect(second.monotonic >= first.monotonic)
        #expect(second.monotonic - first.monotonic < .seconds(30_000))
    }

    @Test("a clock that reads less than what was last stored is unset, unless the kernel says that it is synchronised")
    func unset() {
        let now = GatewayClock.earliestPlausible + .seconds(86_400)
        let later = now + .seconds(3_600)
        #expect(GatewayClock.state(of: now, isSynchronised: false, lastStored: later) == .unset)
        #expect(GatewayClock.state(of: now, isSynchronised: false, lastStored: now - .seconds(3_600)) == .holdover)
        #expect(GatewayClock.state(of: now, isSynchronised: true, lastStored: later) == .synchronised)
        #expect(GatewayClock.state(of: UnixTime(seconds: Int64(30)), isSynchronised: true, lastStored: later) == .unset)
    }

    @Test("a far future that was stored once, while the clock was wrong, does not keep the box unset for ever")
    func farFuture() {
        let now = GatewayClock.earliestPlausible + .seconds(86_400)
        let future = now + .seconds(60 * 365 * 86_400)
        #expect(GatewayClock.state(of: now, isSynchronised: false, lastStored: future) == .holdover)
    }

    @Test("the origin is SIM@REAL in Unix seconds or RFC 3339, and nothing else")
    func text() throws {
        let scale = try #require(GatewayClock.Scale(origin: "2027-06-11T09:00:00Z@1793500000.5", rate: 60))
        #expect(scale.origin == UnixTime(rfc3339: "2027-06-11T09:00:00Z"))
        #expect(scale.real == UnixTime(seconds: 1_793_500_000.5))
        for wrong in ["", "1", "1@", "@1", "1@2@3", "now@1", "1@nan", "inf@1"] {
            #expect(GatewayClock.Scale(origin: wrong, rate: 60) == nil, "\(wrong)")
        }
        for rate in [0, -1, .infinity, .nan] { #expect(GatewayClock.Scale(origin: "1@2", rate: rate) == nil) }
    }
}
