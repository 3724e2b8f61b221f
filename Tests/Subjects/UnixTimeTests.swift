import Foundation
import Subjects
import Testing

@Suite struct UnixTimeTests {
    @Test(
        "times are written in UTC with milliseconds, rounded towards the past",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_795_253_400_000_999_999, "2026-11-21T09:30:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400_123_000_000, "2100-03-01T00:00:00.123Z"),
            (Int64.max, "2262-04-11T23:47:16.854Z"),
            (Int64.min, "1677-09-21T00:12:43.145Z"),
        ])
    func writing(nanoseconds: Int64, text: String) {
        #expect(UnixTime(nanoseconds: nanoseconds).rfc3339() == text)
    }

    @Test(
        "RFC 3339 times are read with any offset and any number of decimals",
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-11-21T10:30:00+01:00", 1_795_253_400_000_000_000),
            ("2026-11-21T00:00:00.000000001-09:30", 1_795_253_400_000_000_001),
            ("2026-11-21t09:30:00.12345678999z", 1_795_253_400_123_456_789),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000),
        ])
    func reading(text: String, nanoseconds: Int64) throws {
        #expect(try #require(UnixTime(rfc3339: text)).nanoseconds == nanoseconds)
    }

    @Test(
        "what is no RFC 3339 time is refused",
        arguments: [
            "", "2026-11-21", "2026-11-21T09:30:00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T09:60:00Z",
            "2026-11-21T09:30:61Z", "2026-11-21T09:30:00.Z", "2026-11-21T09:30:00Z ", "2026-11-21T09:30:00+24:00",
            "+026-11-21T09:30:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-11-21T09:30:00+0100",
        ])
    func refusing(text: String) {
        #expect(UnixTime(rfc3339: text) == nil)
    }

    @Test("every millisecond that can be written is read back as itself")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let milliseconds = Int64.random(in: -9_223_372_036_854...9_223_372_036_854, using: &random)
            let time = UnixTime(nanoseconds: milliseconds * 1_000_000)
            #expect(UnixTime(rfc3339: time.rfc3339()) == time)
        }
    }

    @Test("any text is read or refused, never more")
    func fuzz() {
        var random = SeededGenerator(seed: 8)
        let template = Array("2026-11-21T09:30:00.123+01:00".utf8)
        for _ in 0..<3000 {
            var bytes = template
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 32...126, using: &random)
            }
            _ = UnixTime(rfc3339: String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test("whole seconds are rounded towards the past, also before the epoch")
    func wholeSeconds() {
        #expect(UnixTime(nanoseconds: 1_999_999_999).wholeSeconds == 1)
        #expect(UnixTime(nanoseconds: -1).wholeSeconds == -1)
        #expect(UnixTime(nanoseconds: -1_000_000_000).wholeSeconds == -1)
    }

    @Test("seconds with six decimals are exact, and absurd ones saturate")
    func fractional() {
        #expect(UnixTime(seconds: 1_795_253_400.123457).nanoseconds == 1_795_253_400_123_457_000)
        #expect(UnixTime(seconds: 1e300).nanoseconds == .max)
        #expect(UnixTime(seconds: -Double.infinity).nanoseconds == .min)
        #expect(UnixTime(seconds: Double.nan).nanoseconds == 0)
        #expect(UnixTime(seconds: Int64.max).nanoseconds == .max)
        #expect(UnixTime(seconds: 1.5).seconds == 1.5)
    }

    @Test("adding and subtracting durations saturates instead of trapping")
    func arithmetic() {
        let time = UnixTime(seconds: Int64(100))
        #expect(time + .milliseconds(1500) == UnixTime(seconds: 101.5))
        #expect(time - .seconds(1) == UnixTime(seconds: Int64(99)))
        #expect(UnixTime(seconds: Int64(7)) - time == .seconds(-93))
        #expect(UnixTime(nanoseconds: .max) + .seconds(1) == UnixTime(nanoseconds: .max))
        #expect(UnixTime(nanoseconds: .min) + .seconds(-Int64.max) == UnixTime(nanoseconds: .min))
    }

    @Test(
        "a moment on the whole second is not later, less than a second earlier, and the same on both clocks",
        arguments: [
            (12_345_678_901, 4_999_999_999), (12_345_678_901, -1), (12_345_678_901, 5_000_000_000), (100, 999_999_999),
            (5, .max),
        ] as [(Int64, Int64)])
    func wholeSecondMoment(_ monotonic: Int64, _ wall: Int64) {
        let moment = Moment(monotonic: .nanoseconds(monotonic), wall: UnixTime(nanoseconds: wall))
        let whole = moment.onWholeSecond
        let back = moment.wall - whole.wall
        #expect(whole.wall.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000).remainder == 0)
        #expect(back >= .zero && back < .seconds(1))
        #expect(whole.monotonic == max(.zero, moment.monotonic - back))
    }

    @Test("in the first second that can be told at all, a moment stays")
    func firstMoment() {
        let first = Moment(monotonic: .seconds(9), wall: UnixTime(nanoseconds: .min))
        #expect(first.onWholeSecond.wall == first.wall)
    }

    @Test("times and moments are stored as whole nanoseconds")
    func stored() throws {
        let moment = Moment(monotonic: .nanoseconds(5), wall: UnixTime(nanoseconds: 7)).advanced(by: .nanoseconds(10))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(moment)
        #expect(String(decoding: data, as: UTF8.self) == #"{"monotonic":15,"wall":17}"#)
        #expect(try JSONDecoder().decode(Moment.self, from: data) == moment)
    }
}
