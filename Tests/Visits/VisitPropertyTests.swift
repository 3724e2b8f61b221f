import Foundation
import Subjects
import Testing

@testable import Visits

/// Random walks through the store: the laws hold for every seed.
@Suite("Visits of any walk")
struct VisitPropertyTests {
    /// Sightings of some people with fading, silences, losses, unknown strengths and late arrivals.
    static func walk(seed: UInt64, people: Int = 6, seconds: Int = 5400) -> [Sighting] {
        var random = SeededGenerator(seed: seed)
        let receivers: [ReceiverID] = ["window", "door", "north", "south", "till"]
        var sightings: [Sighting] = []
        for person in 0..<people {
            let interval = [0.5, 1, 2, 5, 10, 45][Int(random.next() % 6)]
            var at = random.unit() * 600
            var place = Int(random.next() % 5)
            while at < Double(seconds) {
                if random.unit() < interval / 90 { place = Int(random.next() % 5) }
                if random.unit() < interval / 1500 { at += random.unit() * 1500 }
                for (number, receiver) in receivers.enumerated() where random.unit() < 0.7 {
                    let level = -58 - 9 * Double(abs(number - place)) + 4 * random.normal()
                    let rssi = random.unit() < 0.02 ? nil : Int8(max(-110, min(-20, level)))
                    let late = random.unit() < 0.01 ? random.unit() * 3 : 0
                    sightings.append(
                        Store.heard(SubjectID("p\(person)"), by: receiver, at: max(0, at - late), rssi: rssi))
                }
                at += interval * (0.9 + 0.2 * random.unit())
            }
        }
        return sightings.enumerated()
            .sorted { ($0.element.at.monotonic, $0.offset) < ($1.element.at.monotonic, $1.offset) }
            .map(\.element)
    }

    static func run(_ tracker: inout VisitTracker, _ sightings: some Sequence<Sighting>) -> [VisitOutput] {
        var outputs: [VisitOutput] = []
        for sighting in sightings {
            if let due = tracker.nextDeadline, due <= sighting.at.monotonic {
                outputs += tracker.advance(to: sighting.at)
            }
            outputs += tracker.observe(sighting)
        }
        return outputs
    }

    static let end = Store.moment(40_000)

    @Test("every opened visit closes exactly once, with times in order and zones inside it", arguments: 1...8)
    func laws(seed: UInt64) throws {
        var tracker = VisitTracker(zones: Store.zones)
        let outputs = Self.run(&tracker, Self.walk(seed: seed)) + tracker.advance(to: Self.end)
        #expect(Set(outputs.opened.map(\.key)).count == outputs.opened.count)
        #expect(outputs.opened.map(\.key).sorted() == outputs.closed.map(\.key).sorted())
        #expect(!outputs.opened.isEmpty && tracker.subjectCount == 0)
        for visit in outputs.closed {
            let exited = try #require(visit.exited)
            let dwell = try #require(visit.dwell)
            #expect(exited.monotonic - visit.entered.monotonic == dwell && dwell >= .zero)
            #expect(visit.sightings > 0 && !visit.zones.isEmpty)
            #expect(visit.enterUncertainty > .zero && visit.exitUncertainty > .zero)
            var last = visit.entered.monotonic
            for stay in visit.zones {
                #expect(stay.zone != "street")
                // Beyond the limit stays are added up, so they overlap.
                if visit.zones.count < VisitPolicy.standard.maximumStays { #expect(stay.entered.monotonic >= last) }
                last = max(last, stay.entered.monotonic + stay.dwell)
            }
            #expect(visit.zones.reduce(Duration.zero) { $0 + $1.dwell } <= dwell)
        }
        // The zones of one subject follow on one another.
        var present: [SubjectID: ZoneID?] = [:]
        for case .zoneChanged(let subject, _, let from, let to, _, _) in outputs {
            #expect(present[subject, default: nil] == from && from != to)
            present[subject] = .some(to)
        }
    }

    @Test("the outputs do not depend on how often time is told", arguments: 1...3)
    func cadence(seed: UInt64) {
        let sightings = Self.walk(seed: seed)
        var lazy = VisitTracker(zones: Store.zones)
        var eager = VisitTracker(zones: Store.zones)
        var one: [VisitOutput] = []
        var other: [VisitOutput] = []
        for sighting in sightings {
            one += lazy.observe(sighting)
            other += eager.advance(to: sighting.at)
            other += eager.observe(sighting)
        }
        one += lazy.advance(to: Self.end)
        other += eager.advance(to: Self.end)
        for person in 0..<6 {
            let subject = SubjectID("p\(person)")
            #expect(one.filter { $0.subject == subject } == other.filter { $0.subject == subject })
        }
    }

    @Test("a restart from a checkpoint at any point gives the same outputs, on any monotonic base", arguments: 1...4)
    func restart(seed: UInt64) throws {
        let sightings = Self.walk(seed: seed)
        var whole = VisitTracker(zones: Store.zones)
        let expected = Self.run(&whole, sightings) + whole.advance(to: Self.end)
        var random = SeededGenerator(seed: seed &+ 1000)
        var outputs: [VisitOutput] = []
        var tracker = VisitTracker(zones: Store.zones)
        var done = 0
        var base = Duration.zero
        while done < sightings.count {
            let part = min(sightings.count - done, 1 + Int(random.next() % UInt64(sightings.count / 4)))
            outputs += Self.run(&tracker, sightings[done..<(done + part)].map { $0.shifted(base) }).shifted(
                .zero - base)
            done += part
            let json = try JSONEncoder().encode(tracker.checkpoint)
            let shift = Duration.seconds(Int64(random.next() % 100_000)) - .seconds(50_000)
            tracker = VisitTracker(
                zones: Store.zones, checkpoint: try JSONDecoder().decode(VisitCheckpoint.self, from: json),
                shift: shift)
            base += shift
        }
        var end = Self.end
        end.monotonic += base
        outputs += tracker.advance(to: end).shifted(.zero - base)
        #expect(outputs == expected)
    }

    @Test("a jump of the wall clock changes no dwell", arguments: 1...4)
    func wallJump(seed: UInt64) {
        let sightings = Self.walk(seed: seed)
        var steady = VisitTracker(zones: Store.zones)
        var jumping = VisitTracker(zones: Store.zones)
        let plain = Self.run(&steady, sightings) + steady.advance(to: Self.end)
        let jumped =
            Self.run(
                &jumping,
                sightings.enumerated().map { number, sighting in
                    var sighting = sighting
                    if number > sightings.count / 2 { sighting.at.wall = sighting.at.wall + .seconds(-86_400) }
                    return sighting
                }) + jumping.advance(to: Self.end)
        #expect(plain.closed.map(\.dwell) == jumped.closed.map(\.dwell))
        #expect(plain.ways == jumped.ways)
    }

    @Test(
        "a phone thinned to one advertisement in 1, 10 or 60 s still makes the same visits", arguments: [1.0, 10, 60])
    func thinning(interval: Double) throws {
        var random = SeededGenerator(seed: 77)
        var tracker = VisitTracker(zones: Store.zones)
        // Street, 20 min inside, street, and 40 min later 10 min inside.
        let stays: [(ReceiverID, Double, Double)] = [
            ("window", 0, 60), ("door", 60, 90), ("north", 90, 900), ("till", 900, 1230), ("door", 1230, 1260),
            ("window", 1260, 1320), ("door", 3720, 3750), ("south", 3750, 4320), ("window", 4320, 4380),
        ]
        var outputs: [VisitOutput] = []
        for (receiver, start, end) in stays {
            var at = (start / interval).rounded(.up) * interval
            while at < end {
                outputs += tracker.observe(
                    Store.heard(by: receiver, at: at, rssi: Int8(-55 + 4 * random.normal())))
                at += interval
            }
        }
        outputs += tracker.advance(to: Self.end)
        #expect(outputs.closed.count == 2)
        for (visit, truth) in zip(outputs.closed, [(60.0, 1260.0), (3720, 4320)]) {
            let entered = (visit.entered.monotonic - Store.moment(truth.0).monotonic) / .seconds(1)
            let exited = try ((#require(visit.exited)).monotonic - Store.moment(truth.1).monotonic) / .seconds(1)
            #expect(abs(entered) <= max(5, interval))
            #expect(abs(exited) <= max(5, interval))
            #expect(visit.exitUncertainty >= .seconds(-exited), "the truth lies within the uncertainty")
        }
    }

    @Test("anything at all may be heard, without a crash and within bounds", arguments: 1...4)
    func anything(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var policy = VisitPolicy.standard
        policy.maximumSubjects = 20
        policy.maximumStays = 4
        var tracker = VisitTracker(zones: Store.zones, policy: policy)
        let receivers: [ReceiverID] = ["window", "door", "north", "south", "till", "attic"]
        let extremes: [Int64] = [0, 1, -1, .max, .min, 1_000_000_000_000]
        var outputs: [VisitOutput] = []
        var most = 0
        for _ in 0..<20_000 {
            var at = Store.moment(random.unit() * 50_000)
            if random.unit() < 0.001 {
                at.monotonic = .seconds(extremes[Int(random.next() % 6)] / 2)
                at.wall = UnixTime(nanoseconds: extremes[Int(random.next() % 6)])
            }
            let sighting = Sighting(
                subject: SubjectID("p\(random.next() % 40)"),
                kind: [.person, .staff, .fixture][Int(random.next() % 3)],
                receiver: receivers[Int(random.next() % 6)], rssi: Int8(truncatingIfNeeded: random.next()), at: at)
            outputs += random.unit() < 0.05 ? tracker.advance(to: at) : tracker.observe(sighting)
            most = max(most, tracker.subjectCount)
        }
        #expect(most == 20)
        outputs += tracker.finish(at: Store.moment(60_000))
        #expect(outputs.closed.allSatisfy { $0.zones.count <= 4 + Store.zones.count })
        #expect(outputs.opened.count == outputs.closed.count)
    }
}

extension Sighting {
    func shifted(_ base: Duration) -> Sighting {
        var copy = self
        copy.at.monotonic += base
        return copy
    }
}

extension VisitOutput {
    var subject: SubjectID {
        switch self {
        case .opened(let visit), .closed(let visit): visit.key.subject
        case .zoneChanged(let subject, _, _, _, _, _): subject
        }
    }
}

extension [VisitOutput] {
    func shifted(_ base: Duration) -> [VisitOutput] {
        map { output in
            func moved(_ visit: Visit) -> Visit {
                var visit = visit
                visit.entered.monotonic += base
                visit.exited?.monotonic += base
                for index in visit.zones.indices { visit.zones[index].entered.monotonic += base }
                return visit
            }
            switch output {
            case .opened(let visit): return .opened(moved(visit))
            case .closed(let visit): return .closed(moved(visit))
            case .zoneChanged(let subject, let key, let from, let to, var at, let rssi):
                at.monotonic += base
                return .zoneChanged(subject: subject, visit: key, from: from, to: to, at: at, rssi: rssi)
            }
        }
    }
}
