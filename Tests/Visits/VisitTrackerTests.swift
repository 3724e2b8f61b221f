import Subjects
import Testing

@testable import Visits

@Suite("A visit")
struct VisitTrackerTests {
    var tracker = VisitTracker(zones: Store.zones)

    @Test("opens when the enter level is crossed inside, and closes once, after the merge window")
    mutating func opensAndCloses() throws {
        let during = tracker.hear(by: "north", from: 0, to: 300)
        let opened = try #require(during.opened.first)
        #expect(during.opened.count == 1 && during.closed.isEmpty)
        #expect(opened.entered == Store.moment(0) && opened.exited == nil && opened.dwell == nil)
        #expect(opened.revision == 1 && opened.definitionVersion == VisitPolicy.standard.definitionVersion)
        #expect(tracker.openVisits.map(\.key) == [opened.key])

        #expect(tracker.wait(until: 329).isEmpty)
        #expect(tracker.wait(until: 331).ways == ["floor>-"])
        #expect(tracker.wait(until: 1199).isEmpty)
        let after = tracker.wait(until: 1200)
        let closed = try #require(after.closed.first)
        #expect(after.closed.count == 1)
        #expect(closed.key == opened.key && closed.revision == 2)
        #expect(closed.exited == Store.moment(300), "the exit is the last inside sighting, not a time-out")
        #expect(closed.dwell == .seconds(300))
        #expect(closed.classification == .visitor && !closed.truncated)
        #expect(closed.sightings == 301 && closed.medianGap == .seconds(1))
        #expect(closed.zones == [ZoneStay(zone: "floor", entered: Store.moment(0), dwell: .seconds(300))])
        #expect(tracker.wait(until: 100_000).isEmpty)
        #expect(tracker.nextDeadline == nil && tracker.subjectCount == 0)
    }

    @Test("is not opened by somebody on the street, who is counted as a passer-by")
    mutating func passerBy() {
        #expect(tracker.hear(by: "window", from: 0, to: 20).opened.isEmpty)
        #expect(tracker.hear("bert", by: "door", from: 0, to: 20, rssi: -76).isEmpty)
        #expect(tracker.wait(until: 5000).closed.isEmpty)
        #expect(tracker.counters.passersby == 2 && tracker.counters.opened == 0)
    }

    @Test("needs the enter level to begin and only the leave level to go on")
    mutating func hysteresisOfPresence() {
        #expect(tracker.hear(by: "door", from: 0, to: 10, rssi: -75).isEmpty)
        #expect(tracker.hear(by: "door", from: 11, to: 30, rssi: -66).ways == ["->door"])
        #expect(tracker.hear(by: "door", from: 31, to: 90, rssi: -78).isEmpty)
        #expect(tracker.hear(by: "door", from: 91, to: 120, rssi: -88).ways == ["door>-"])
    }

    @Test("begun with a re-entry before 15 minutes goes on; after that a new one begins")
    mutating func merge() {
        var outputs = tracker.hear(by: "north", from: 0, to: 100)
        outputs += tracker.hear(by: "north", from: 900, to: 1000)
        #expect(outputs.opened.count == 1 && outputs.closed.isEmpty)
        #expect(tracker.counters.merged == 1)
        outputs += tracker.hear(by: "north", from: 2000, to: 2100)
        #expect(outputs.opened.count == 2)
        #expect(outputs.closed.map(\.dwell) == [.seconds(1000)])
        #expect(outputs.closed.first?.zones.map(\.dwell) == [.seconds(100), .seconds(100)])
    }

    @Test(
        "is classified by its dwell",
        arguments: [
            (119.0, VisitClassification.bounce), (120, .visitor), (599, .visitor), (600, .engaged), (14_400, .engaged),
        ])
    mutating func classes(dwell: Double, expected: VisitClassification) {
        _ = tracker.hear(by: "north", from: 0, to: dwell)
        #expect(tracker.wait(until: dwell + 2000).closed.map(\.classification) == [expected])
    }

    @Test("of staff or of a fixture says so at any dwell")
    mutating func kinds() {
        _ = tracker.hear("badge", by: "till", from: 0, to: 60, kind: .staff)
        _ = tracker.hear("beacon", by: "north", from: 100, to: 160, kind: .fixture)
        #expect(tracker.wait(until: 3000).closed.map(\.classification) == [.staff, .fixture])
    }

    @Test("is not opened by the receiver that happens to report first")
    mutating func firstAdvertisement() {
        #expect(tracker.observe(Store.heard(by: "door", at: 0, rssi: -65)).isEmpty)
        #expect(tracker.observe(Store.heard(by: "window", at: 0.002, rssi: -50)).isEmpty)
        #expect(tracker.nextDeadline == Store.moment(0.05).monotonic)
        #expect(tracker.wait(until: 0.05).ways == ["->street"])
        #expect(tracker.counters.opened == 0)
    }

    @Test("of more than four hours is cut, once, until the subject was away")
    mutating func overLong() throws {
        var outputs = tracker.hear(by: "north", from: 0, to: 30_000, every: 10)
        let cut = try #require(outputs.closed.first)
        #expect(outputs.opened.count == 1 && outputs.closed.count == 1)
        #expect(cut.truncated && cut.classification == .fixture, "one place, one level: a thing")
        #expect(try #require(cut.dwell) > .seconds(14_400))
        outputs = tracker.hear(by: "north", from: 31_000, to: 31_100)
        #expect(outputs.opened.count == 1, "it was away for longer than the merge window")
    }

    @Test("of more than four hours with walking about is staff")
    mutating func overLongStaff() {
        var outputs: [VisitOutput] = []
        for round in 0..<9 {
            let start = Double(round) * 1800
            outputs += tracker.hear(by: "north", from: start, to: start + 900, every: 5)
            outputs += tracker.hear(by: "till", from: start + 905, to: start + 1795, every: 5)
        }
        #expect(outputs.closed.map(\.classification) == [.staff])
    }

    @Test("lists the zones in the order they were walked, without a gap between them")
    mutating func zones() throws {
        var outputs = tracker.hear(by: "window", from: 0, to: 10)
        outputs += tracker.hear(by: "door", from: 11, to: 40)
        outputs += tracker.hear(by: "south", from: 41, to: 200)
        outputs += tracker.hear(by: "till", from: 201, to: 260)
        outputs += tracker.hear(by: "window", from: 261, to: 280)
        #expect(outputs.ways == ["->street", "street>door", "door>floor", "floor>till-1", "till-1>street"])
        let visit = try #require(tracker.wait(until: 3000).closed.first)
        #expect(visit.zones.map(\.zone) == ["door", "floor", "till-1"])
        let total = visit.zones.reduce(Duration.zero) { $0 + $1.dwell }
        #expect(total == visit.dwell)
        #expect(visit.exited == Store.moment(260))
        #expect(visit.enterUncertainty == .seconds(2), "1 s interval, 2 s smoothing")
    }

    @Test("has uncertainties as wide as the phone's silence")
    mutating func uncertainty() throws {
        _ = tracker.observe(Store.heard(by: "window", at: 0, rssi: -60))
        let opened = try #require(tracker.observe(Store.heard(by: "door", at: 17, rssi: -50)).opened.first)
        #expect(opened.enterUncertainty == .seconds(17))
        _ = tracker.observe(Store.heard(by: "window", at: 42, rssi: -50))
        _ = tracker.observe(Store.heard(by: "window", at: 51, rssi: -50))
        let closed = try #require(tracker.wait(until: 3000).closed.first)
        #expect(closed.exited == Store.moment(17) && closed.exitUncertainty == .seconds(25))
    }

    @Test("of a phone that advertises every 10 s under fading is one stay, without flapping")
    mutating func sparsePhone() {
        var random = SeededGenerator(seed: 10)
        var outputs: [VisitOutput] = []
        for step in 0..<180 {
            let rssi = Int8(max(-100, min(-40, -68 + 5 * random.normal())))
            outputs += tracker.observe(Store.heard(by: "north", at: Double(step) * 10, rssi: rssi))
        }
        #expect(outputs.opened.count == 1 && outputs.ways == ["->floor"])
        #expect(tracker.wait(until: 4000).closed.allSatisfy { ($0.dwell ?? .zero) >= .seconds(1700) })
    }

    @Test("of a phone that advertises every 60 s is kept by the adaptive gap")
    mutating func verySparsePhone() {
        let outputs = tracker.hear(by: "north", from: 0, to: 1800, every: 60)
        #expect(outputs.opened.count == 1)
        #expect(outputs.ways.count <= 3, "at most the first silence looks like leaving")
        #expect(tracker.wait(until: 5000).closed.map(\.dwell) == [.seconds(1800)])
    }

    @Test("is kept alive by sightings without a signal strength, which move no level")
    mutating func unknownStrength() {
        #expect(tracker.observe(Store.heard(by: "north", at: 0, rssi: nil)).isEmpty)
        _ = tracker.hear(by: "north", from: 1, to: 10)
        for second in 11...200 {
            #expect(tracker.observe(Store.heard(by: "north", at: Double(second), rssi: nil)).isEmpty)
        }
        #expect(tracker.wait(until: 3000).closed.map(\.exited) == [Store.moment(200)])
        #expect(tracker.counters.withoutLevel == 191)
    }

    @Test("is not held by the level of a receiver that has fallen silent")
    mutating func staleLevel() {
        _ = tracker.hear(by: "till", from: 0, to: 30, rssi: -45)
        // The till hears nothing more, the floor is far quieter than the till was.
        let outputs = tracker.hear(by: "north", from: 31, to: 60, rssi: -72)
        #expect(outputs.ways == ["till-1>floor"])
    }

    @Test("is not prolonged by a receiver on the street")
    mutating func heardFromTheStreet() {
        _ = tracker.hear(by: "door", from: 0, to: 60, rssi: -50)
        _ = tracker.hear(by: "window", from: 61, to: 90, rssi: -78)
        #expect(tracker.wait(until: 3000).closed.map(\.exited) == [Store.moment(60)])
    }

    @Test("does not mind late sightings, unknown receivers and a full table")
    mutating func tolerance() {
        var policy = VisitPolicy.standard
        policy.maximumSubjects = 1
        tracker = VisitTracker(zones: Store.zones, policy: policy)
        _ = tracker.hear(by: "north", from: 100, to: 200)
        #expect(tracker.observe(Store.heard(by: "north", at: 150, rssi: -95)).isEmpty)
        #expect(tracker.observe(Store.heard(by: "attic", at: 201, rssi: -40)).isEmpty)
        #expect(tracker.observe(Store.heard("bert", by: "north", at: 201, rssi: -40)).isEmpty)
        #expect(tracker.counters.late == 1 && tracker.counters.unplaced == 1 && tracker.counters.refused == 1)
        #expect(tracker.wait(until: 3000).closed.map(\.exited) == [Store.moment(200)])
    }

    @Test("of a forgotten subject is gone without a word")
    mutating func forget() throws {
        let opened = try #require(tracker.hear(by: "north", from: 0, to: 50).opened.first)
        #expect(tracker.forget(subject: "anna") == opened.key)
        #expect(tracker.forget(subject: "anna") == nil)
        #expect(tracker.openVisits.isEmpty && tracker.wait(until: 5000).isEmpty)
    }

    @Test("that is open at the end is closed by finish, in the order of the keys")
    mutating func finish() {
        _ = tracker.hear("bert", by: "north", from: 0, to: 100)
        _ = tracker.hear("anna", by: "till", from: 0, to: 100)
        let closed = tracker.finish(at: Store.moment(101)).closed
        #expect(closed.map(\.key.subject) == ["anna", "bert"])
        #expect(closed.allSatisfy { $0.truncated && $0.dwell == .seconds(100) })
        #expect(tracker.finish(at: Store.moment(102)).isEmpty)
    }

    @Test("has zones with levels of their own and receivers with offsets")
    mutating func calibration() {
        let zones = [
            Zone(id: "a", kind: .floor, receivers: ["far"], enterLevel: -90, leaveLevel: -95),
            Zone(id: "b", kind: .floor, receivers: ["near"], offsets: ["near": -20]),
        ]
        tracker = VisitTracker(zones: zones)
        #expect(tracker.observe(Store.heard(by: "near", at: 0, rssi: -60)).isEmpty)
        #expect(tracker.wait(until: 0.5).isEmpty)
        #expect(tracker.observe(Store.heard(by: "far", at: 1, rssi: -85)).ways == ["->a"])
    }
}
