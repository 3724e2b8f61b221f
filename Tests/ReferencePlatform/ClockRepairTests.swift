import Foundation
import PlatformAPI
import Testing

@testable import footbridge_platform

@Suite("Clock repair")
struct ClockRepairTests {
    /// 2026-11-21T12:00:00Z, by the platform's clock.
    static let noon: Int64 = 1_795_262_400_000
    static let hour: Int64 = 3_600_000
    static let day = 24 * hour

    /// An event that happened at `true` in a boot that began at `boot`, by a wall clock that was wrong by `error` then.
    private func stamp(_ true: Int64, boot: String = "b1", began: Int64, error: Int64) -> ClockRepair.Stamp {
        .init(time: `true` + error, boot: boot, monotonic: (`true` - began) * 1_000_000)
    }

    private func corrected(_ repair: ClockRepair, _ stamps: [ClockRepair.Stamp]) -> [Int64?] {
        let origins = repair.origins(stamps, known: [:])
        return stamps.map { repair.corrected($0, origins: origins) }
    }

    @Test("times of a clock that was right stay as they are, to the millisecond")
    func right() {
        let stamps = [Self.noon - Self.hour, Self.noon - 5].map {
            stamp($0, began: Self.noon - 2 * Self.hour, error: 0)
        }
        // Three seconds on the way.
        let repair = ClockRepair(receivedAt: Self.noon + 3000, sentAt: Self.noon)
        #expect(corrected(repair, stamps) == stamps.map(\.time))
    }

    @Test(
        "a clock that is wrong by as much when it stamps and when it sends is put right by the difference",
        arguments: [-1, 1])
    func constantError(sign: Int64) {
        let error = sign * Self.day
        let times = [Self.noon - 5 * Self.hour, Self.noon - Self.hour]
        let stamps = times.map { stamp($0, began: Self.noon - 9 * Self.hour, error: error) }
        let repair = ClockRepair(receivedAt: Self.noon, sentAt: Self.noon + error)
        #expect(corrected(repair, stamps) == times)
    }

    @Test("a boot at 1970 whose clock was set before the last event is put right from its first event on")
    func bootAt1970() {
        let began = Self.noon - 3 * Self.hour
        let times = [began + 60_000, began + Self.hour, Self.noon - 1000]
        let stamps = zip(times, [-began, -began, 0]).map { stamp($0, began: began, error: $1) }
        #expect(stamps[0].time == 60_000)
        #expect(corrected(ClockRepair(receivedAt: Self.noon, sentAt: Self.noon), stamps) == times)
    }

    @Test("a step of a day inside a batch is put right on both of its sides", arguments: [-1, 1])
    func step(sign: Int64) {
        let began = Self.noon - 9 * Self.hour
        let times = [Self.noon - 4 * Self.hour, Self.noon - 3 * Self.hour, Self.noon - Self.hour]
        let before = zip(times, [sign * Self.day, sign * Self.day, 0]).map { stamp($0, began: began, error: $1) }
        #expect(corrected(ClockRepair(receivedAt: Self.noon, sentAt: Self.noon), before) == times)
        let after = zip(times, [0, 0, sign * Self.day]).map { stamp($0, began: began, error: $1) }
        #expect(corrected(ClockRepair(receivedAt: Self.noon, sentAt: Self.noon + sign * Self.day), after) == times)
    }

    @Test("with the monotonic time of the sending the wall clock does not matter at all")
    func monotonic() {
        let began = Self.noon - 9 * Self.hour
        let times = [Self.noon - 4 * Self.hour, Self.noon - 3 * Self.hour]
        // Wrong by a plausible day throughout, and right when it sends: only the monotonic clock can tell.
        let stamps = times.map { stamp($0, began: began, error: -Self.day) }
        var repair = ClockRepair(receivedAt: Self.noon, sentAt: Self.noon)
        #expect(corrected(repair, stamps) == stamps.map(\.time))
        repair.sent = SentMonotonic(boot: "b1", nanoseconds: UInt64((Self.noon - began) * 1_000_000))
        #expect(corrected(repair, stamps) == times)
    }

    @Test("an event from 1970 of which nothing else is known has no time yet")
    func unknown() {
        let stamps = [stamp(60_000, began: 0, error: 0)]
        #expect(corrected(ClockRepair(receivedAt: Self.noon, sentAt: Self.noon), stamps) == [nil])
    }

    @Test("each boot in a batch has a clock of its own")
    func twoBoots() {
        let times = [Self.noon - 20 * Self.hour, Self.noon - Self.hour]
        let stamps = [
            stamp(times[0], boot: "b1", began: Self.noon - 30 * Self.hour, error: 0),
            stamp(times[1], boot: "b2", began: Self.noon - 2 * Self.hour, error: -40 * Self.day),
            stamp(Self.noon - 1000, boot: "b2", began: Self.noon - 2 * Self.hour, error: 0),
        ]
        let repaired = corrected(ClockRepair(receivedAt: Self.noon, sentAt: Self.noon), stamps)
        #expect(repaired == times + [Self.noon - 1000])
    }

    @Test(
        "a date-time is read with any precision and offset",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-21T12:00:00Z", noon), ("2026-11-21T12:00:00.5Z", noon + 500),
            ("2026-11-21T12:00:00.123456789Z", noon + 123), ("2026-11-21T13:30:00+01:30", noon),
            ("2026-11-21T07:00:00.000-05:00", noon), ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("1969-12-31T23:59:59.999Z", -1),
        ] as [(String, Int64)])
    func dates(text: String, milliseconds: Int64) { #expect(Timestamp.milliseconds(text) == milliseconds) }

    private static let data = ["x": 1]

    /// A till.gap by a wall clock, with its monotonic time in seconds.
    private func event(_ epoch: UUID, _ sequence: UInt64, _ time: Int64, boot: String, seconds: Int64) throws -> [UInt8]
    {
        try CloudEvent(
            epoch: epoch, sequence: sequence, gateway: SampleEvents.gateway, type: .tillGap,
            time: Timestamp.text(milliseconds: time), bootID: boot, monotonicNanoseconds: seconds * 1_000_000_000,
            data: Self.data
        ).encoded()
    }

    @Test(
        "the store keeps both times, and a later batch of the boot puts right what nobody could tell",
        arguments: StoreKind.available)
    func stored(_ kind: StoreKind) async throws {
        let now = Date(timeIntervalSince1970: Double(Self.noon) / 1000)
        let bench = try await PlatformBench(kind) { $0.now = { now } }
        let epoch = UUID()
        let noon = Timestamp.text(milliseconds: Self.noon)
        // 100 s after a boot at 1970; sent when the clock was set, without a precision below seconds.
        let early = try event(epoch, 1, 100_000, boot: "boot", seconds: 100)
        let late = try event(epoch, 2, Self.noon - 1000, boot: "boot", seconds: 4000)
        try await bench.run { client in
            let first = try await client.post([early], epoch: epoch, first: 1, last: 1, sentAt: "2026-11-21T12:00:00Z")
            #expect(first.status == 200)
        }
        #expect(try await bench.events().map(\.corrected) == [nil])
        try await bench.run { client in
            let second = try await client.post([late], epoch: epoch, first: 2, last: 2, sentAt: noon)
            #expect(second.status == 200)
        }
        let events = try await bench.events()
        #expect(events.map(\.corrected) == [Self.noon - 3_901_000, Self.noon - 1000])
        #expect(events.map(\.body) == [early, late])
        let line = try WireJSON.decode(JSONValue.self, from: events[0].withCorrection())
        #expect(line["correctedtime"] == .string("2026-11-21T10:54:59.000Z"))
        #expect(line["receivedat"] == .string(noon))
        #expect(line["time"] == .string("1970-01-01T00:01:40.000Z"))
    }

    @Test("an exact origin also mends what was estimated from a wrong clock before", arguments: StoreKind.available)
    func exactMends(_ kind: StoreKind) async throws {
        let now = Date(timeIntervalSince1970: Double(Self.noon) / 1000)
        let bench = try await PlatformBench(kind) { $0.now = { now } }
        let epoch = UUID()
        let noon = Timestamp.text(milliseconds: Self.noon)
        // True: an hour before noon. The clock was a day behind, and right again when both batches were sent.
        let first = try event(epoch, 1, Self.noon - Self.hour - Self.day, boot: "boot", seconds: 400)
        let second = try event(epoch, 2, Self.noon - 1000, boot: "boot", seconds: 3999)
        let sent = SentMonotonic(boot: "boot", nanoseconds: 4_000_000_000_000)
        try await bench.run { client in
            _ = try await client.post([first], epoch: epoch, first: 1, last: 1, sentAt: noon)
            #expect(try await bench.events().map(\.corrected) == [Self.noon - Self.hour - Self.day])
            _ = try await client.post([second], epoch: epoch, first: 2, last: 2, sentAt: noon, sent: sent)
        }
        #expect(try await bench.events().map(\.corrected) == [Self.noon - Self.hour, Self.noon - 1000])
    }

    @Test(
        "a wrong form of the monotonic header is refused with 400",
        arguments: ["b", "b:", ":1", "b:x", "b:-1", "b:1:2"])
    func badHeader(_ value: String) async throws {
        let bench = try await PlatformBench()
        let answer = try await bench.run { try await $0.sendBatch([], [Wire.sentMonotonicHeader: value]) }
        #expect(answer.status == 400)
    }
}
