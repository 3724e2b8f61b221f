import Advertising
import Foundation
import Subjects
import Synchronization
import Testing

@testable import Radio

/// Two people, one of them with a consent that has run out, two people who share a fob, and a badge.
enum Shop {
    static let morning = UnixTime(seconds: Int64(1_795_251_600))
    static let uuid = UUID128(high: 0xf782_6da6_4fa2_4e98, low: 0x8024_bc5b_71e0_893e)
    static let receiver: ReceiverID = "entrance"
    static let moment = Moment(monotonic: .seconds(500), wall: morning)

    static func entry(_ id: String, minor: UInt16, until: String = "2027-01-01T00:00:00Z", kind: String = "person")
        -> String
    {
        """
        {"subject_id": "\(id)", "kind": "\(kind)",
         "keys": [{"scheme": "static", "ibeacon": {"uuid": "\(uuid)", "major": 1, "minor": \(minor)}}],
         "consent": {"record": "r", "version": "1", "purposes": ["visit_analytics"], "not_after": "\(until)"}}
        """
    }

    static func table(more: [String] = []) throws -> ResolverTable {
        var registry = SubjectRegistry()
        let entries = [
            entry("anna", minor: 1), entry("bert", minor: 2, until: "2026-11-01T00:00:00Z"), entry("carl", minor: 3),
            entry("dora", minor: 3), entry("emil", minor: 4, kind: "staff"),
        ]
        for text in entries + more {
            _ = registry.apply(try JSONDecoder().decode(SubjectEntry.self, from: Data(text.utf8)))
        }
        var builder = ResolverTableBuilder()
        return builder.build(registry: registry, at: morning, resolved: ResolvedTokens())
    }

    static func iBeacon(minor: UInt16, major: UInt16 = 1) -> [UInt8] {
        let id = [UInt8(major >> 8), UInt8(major & 0xff), UInt8(minor >> 8), UInt8(minor & 0xff)]
        return [0x1a, 0xff, 0x4c, 0x00, 0x02, 0x15] + uuid.bytes + id + [0xc5]
    }
}

/// A clock that runs `rate` times as fast as real time from a given wall time.
struct FastClock: RadioClock {
    var origin = Shop.morning
    var rate: Double = 1
    var state = ClockState.synchronised
    let start = RadioTiming.real.now()

    func now() -> (moment: Moment, state: ClockState) {
        let passed = (RadioTiming.real.now() - start) * rate
        return (Moment(monotonic: .seconds(1000) + passed, wall: origin + passed), state)
    }

    func realDelay(_ simulated: Duration) -> Duration { simulated / rate }
}
