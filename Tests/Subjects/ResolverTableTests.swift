import Advertising
import Testing

@testable import Subjects

@Suite struct ResolverTableTests {
    static let secret = TokenKey(high: 0x1111_2222_3333_4444, low: 0x5555_6666_7777_8888)
    static let counterZero: Int64 = 1_790_000_000

    static func start(ofQuantum length: Int64, origin: Int64, at time: UnixTime) -> UnixTime {
        let quantum = (time.wholeSeconds - origin) / length
        return UnixTime(seconds: origin + quantum * length)
    }

    @Test("an EID resolves from one quantum before its own to one after it, to the second", arguments: [2, 6, 10, 15])
    func eidWindow(exponent: UInt8) {
        let entry = Store.person(
            "s-1", [Store.eid(Self.secret, exponent: exponent, counterZero: Self.counterZero, around: Store.morning)])
        let length = Double(Int64(1) << Int64(exponent))
        let start = Self.start(ofQuantum: 1 << Int64(exponent), origin: Self.counterZero, at: Store.morning)
        let identifier = Store.eidIdentifier(
            Self.secret, exponent: exponent, counterZero: Self.counterZero, at: start)
        for (offset, resolves) in [
            (-length - 0.001, false), (-length, true), (0, true), (length, true), (2 * length - 0.001, true),
            (2 * length, false),
        ] as [(Double, Bool)] {
            let time = start.plus(offset)
            let table = Store.table([entry], at: time)
            #expect(
                table.resolve(identifier, at: time) == (resolves ? .subject("s-1", .person) : .stranger),
                "offset \(offset) s")
        }
    }

    @Test("a table does not stretch a token's window, however old the table is")
    func staleTable() {
        let entry = Store.person(
            "s-1", [Store.eid(Self.secret, exponent: 4, counterZero: Self.counterZero, around: Store.morning)])
        let table = Store.table([entry])
        let start = Self.start(ofQuantum: 16, origin: Self.counterZero, at: Store.morning)
        let identifier = Store.eidIdentifier(Self.secret, exponent: 4, counterZero: Self.counterZero, at: start)
        #expect(table.resolve(identifier, at: start.plus(31.9)) == .subject("s-1", .person))
        #expect(table.resolve(identifier, at: start.plus(32)) == .replay)
    }

    @Test("a table is complete until 90 s after its build, also for identifiers that change every second")
    func horizon() {
        for exponent in [0, 3, 10] as [UInt8] {
            let entry = Store.person(
                "s-1",
                [Store.eid(Self.secret, exponent: exponent, counterZero: Self.counterZero, around: Store.morning)])
            let table = Store.table([entry])
            #expect(table.completeUntil - table.builtAt == .seconds(90))
            for second in stride(from: 0.0, through: 90, by: 0.5) {
                let time = Store.morning.plus(second)
                let identifier = Store.eidIdentifier(
                    Self.secret, exponent: exponent, counterZero: Self.counterZero, at: time)
                #expect(table.resolve(identifier, at: time) == .subject("s-1", .person), "2^\(exponent) s, \(second) s")
            }
        }
    }

    @Test("an EID resolves across the change of its temporary key, and not beyond the keys that the feed gave")
    func temporaryKeyBoundary() {
        let boundary = UnixTime(seconds: Self.counterZero + 81 << 16)
        let temporary = EddystoneEID.temporaryKeys(identityKey: Self.secret, windows: 80...81)
        let entry = Store.person(
            "s-1", [.eid(EddystoneEID.Keys(exponent: 10, counterZero: Self.counterZero, temporary: temporary))])
        for (seconds, resolves) in [
            (-65_537, false), (-65_536, true), (-1, true), (0, true), (65_535, true), (65_536, false),
        ] as [(Double, Bool)] {
            let time = boundary.plus(seconds)
            let identifier = Store.eidIdentifier(
                Self.secret, exponent: 10, counterZero: Self.counterZero, at: time)
            let expected: Resolution = resolves ? .subject("s-1", .person) : .stranger
            #expect(Store.table([entry], at: time).resolve(identifier, at: time) == expected, "\(seconds) s")
        }
    }

    @Test("a rolling identifier resolves under a 16-bit UUID and, whole or halved, under a 128-bit one")
    func rolling() {
        let table = Store.table([
            Store.person("short", [.rolling(Store.days(Self.secret, Store.shortUUID))]),
            Store.person("long", [.rolling(Store.days(TokenKey(high: 1, low: 2), Store.uuid))]),
        ])
        let short = Store.rolling(Self.secret, .rolling16, at: Store.morning)
        let whole = Store.rolling(TokenKey(high: 1, low: 2), .rolling128, at: Store.morning)
        let half = Store.rolling(TokenKey(high: 1, low: 2), .rolling128Legacy, at: Store.morning)
        #expect(table.resolve(short, at: Store.morning) == .subject("short", .person))
        #expect(table.resolve(whole, at: Store.morning) == .subject("long", .person))
        #expect(table.resolve(half, at: Store.morning) == .subject("long", .person))
        var elsewhere = short
        elsewhere.uuidLow ^= 1
        #expect(table.resolve(elsewhere, at: Store.morning) == .stranger)
        elsewhere = half
        elsewhere.kind = .eddystoneEID
        #expect(table.resolve(elsewhere, at: Store.morning) == .stranger)
    }

    @Test("ten-minute identifiers resolve in the interval before, their own and the one after")
    func intervalWindow() {
        let entry = Store.person("s-1", [.iBeacon(Store.days(Self.secret, Store.uuid))])
        let identifier = Store.iBeacon(Self.secret, at: Store.morning)
        for (offset, resolves) in [
            (-600.001, false), (-600, true), (0, true), (1199.999, true), (1200, false),
        ] as [(Double, Bool)] {
            let time = Store.morning.plus(offset)
            let expected: Resolution = resolves ? .subject("s-1", .person) : .stranger
            #expect(Store.table([entry], at: time).resolve(identifier, at: time) == expected, "\(offset) s")
        }
    }

    @Test("a day key serves 144 intervals: its neighbours of the other days belong to other keys")
    func dayBoundary() {
        let midnight = UnixTime(seconds: Int64(1_795_219_200))
        let yesterday = TokenKey(high: 9, low: 9)
        let days = DayKeys(
            uuid: Store.uuid,
            days: [
                DayKey(start: RollingIdentifier.interval(at: midnight) - 144, key: yesterday),
                DayKey(start: RollingIdentifier.interval(at: midnight), key: Self.secret),
            ])
        let table = Store.table([Store.person("s-1", [.iBeacon(days)])], at: midnight)
        let last = Store.iBeacon(yesterday, at: midnight.plus(-1))
        let first = Store.iBeacon(Self.secret, at: midnight)
        let overrun = Store.iBeacon(yesterday, at: midnight)
        #expect(table.resolve(last, at: midnight) == .subject("s-1", .person))
        #expect(table.resolve(first, at: midnight) == .subject("s-1", .person))
        #expect(table.resolve(overrun, at: midnight) == .stranger)
    }

    @Test("a static identifier resolves at any time")
    func fixed() throws {
        let badge = StaticIdentifier(iBeacon: Store.uuid, major: 3, minor: 4)
        let fob = try #require(
            StaticIdentifier(eddystoneNamespace: Array(0..<10), instance: Array(10..<16)))
        let resolved = ResolvedTokens()
        let table = Store.table(
            [
                SubjectEntry(subject: "clerk", kind: .staff, keys: [.fixed(badge)], consent: Store.consent([])),
                Store.person("fob", [.fixed(fob)]),
            ], resolved: resolved)
        for offset in [-1e6, 0, 1e6] {
            #expect(table.resolve(badge.identifier, at: Store.morning.plus(offset)) == .subject("clerk", .staff))
            #expect(table.resolve(fob.identifier, at: Store.morning.plus(offset)) == .subject("fob", .person))
        }
        #expect(resolved.count == 0, "what never leaves its window need not be remembered")
    }

    @Test("consent ends to the instant, without a new table")
    func consentEnd() {
        let end = Store.morning.plus(10)
        let key = SubjectKey.iBeacon(Store.days(Self.secret, Store.uuid))
        let table = Store.table([Store.person("s-1", [key], consent: Store.consent(until: end))])
        let identifier = Store.iBeacon(Self.secret, at: Store.morning)
        #expect(table.resolve(identifier, at: end) == .subject("s-1", .person))
        #expect(table.resolve(identifier, at: UnixTime(nanoseconds: end.nanoseconds + 1)) == .expired)
    }

    @Test("a person who did not agree to be seen is a stranger; staff and fixtures need no purpose, but an end")
    func purposes() {
        let cases: [(SubjectKind, Consent?, Resolution)] = [
            (.person, Store.consent([.receiptLink, .adsMeasurement]), .stranger),
            (.person, nil, .stranger),
            (.person, Store.consent([.visitAnalytics]), .subject("s-1", .person)),
            (.staff, Store.consent([]), .subject("s-1", .staff)),
            (.fixture, Store.consent([]), .subject("s-1", .fixture)),
            (.staff, nil, .stranger),
            (.fixture, Store.consent([], until: nil), .expired),
            (.fixture, Store.consent([], until: Store.morning.plus(-1)), .expired),
        ]
        let identifier = Store.iBeacon(Self.secret, at: Store.morning)
        for (kind, consent, expected) in cases {
            let key = SubjectKey.iBeacon(Store.days(Self.secret, Store.uuid))
            let entry = SubjectEntry(subject: "s-1", kind: kind, keys: [key], consent: consent)
            #expect(Store.table([entry]).resolve(identifier, at: Store.morning) == expected, "\(kind)")
        }
    }

    @Test("an identifier that two subjects share is nobody's, whoever of them consented")
    func ambiguity() {
        let key = SubjectKey.iBeacon(Store.days(Self.secret, Store.uuid))
        let identifier = Store.iBeacon(Self.secret, at: Store.morning)
        let first = Store.person("s-1", [key])
        let second = Store.person("s-2", [key])
        let silent = Store.person("s-3", [key], consent: nil)
        for entries in [[first, second], [first, silent], [first, second, silent]] {
            #expect(Store.table(entries).resolve(identifier, at: Store.morning) == .ambiguous)
        }
        let twice = Store.person("s-1", [key, key])
        #expect(Store.table([twice]).resolve(identifier, at: Store.morning) == .subject("s-1", .person))
    }

    @Test("keys whose windows are far away, or whose counter is absurd, give no candidates and do no harm")
    func absurdKeys() {
        let temporary = EddystoneEID.temporaryKeys(identityKey: Self.secret, windows: 0...3)
        for counterZero in [Int64.min, .min + 1, -1, 0, .max - 1, .max] {
            let eid = EddystoneEID.Keys(exponent: 0, counterZero: counterZero, temporary: temporary)
            let entry = Store.person(
                "s", [.eid(eid), .rolling(DayKeys(uuid: Store.uuid, days: [DayKey(start: .max, key: Self.secret)]))])
            for time in [
                Store.morning, UnixTime(nanoseconds: .min), UnixTime(nanoseconds: .max), UnixTime(nanoseconds: -1),
            ] {
                _ = Store.table([entry], at: time).resolve(Store.iBeacon(Self.secret, at: Store.morning), at: time)
            }
            #expect(Store.table([entry]).tokenCount == 0)
        }
    }

    @Test("a table is bounded: subjects that do not fit are counted and resolve to nobody")
    func bounded() {
        var builder = ResolverTableBuilder(maximumTokens: 30)
        var random = SeededGenerator(seed: 3)
        let entries = (0..<50).map { number in
            Store.person(SubjectID("s-\(number)"), [.iBeacon(Store.days(random.key(), Store.uuid))])
        }
        let table = builder.build(
            registry: Store.registry(entries), at: Store.morning, resolved: ResolvedTokens())
        #expect(table.subjectCount + table.subjectsLeftOut == 50)
        #expect(table.tokenCount >= 30 && table.tokenCount < 34)
    }

    @Test("a box starts with a table that knows nobody, and a new table takes effect as a whole")
    func slot() {
        let slot = ResolverSlot()
        let identifier = Store.iBeacon(Self.secret, at: Store.morning)
        #expect(slot.load().resolve(identifier, at: Store.morning) == .stranger)
        slot.store(Store.table([Store.person("s-1", [.iBeacon(Store.days(Self.secret, Store.uuid))])]))
        #expect(slot.load().resolve(identifier, at: Store.morning) == .subject("s-1", .person))
        #expect(slot.load().subjectCount == 1)
    }
}
