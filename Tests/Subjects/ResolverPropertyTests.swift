import Advertising
import Testing

@testable import Subjects

@Suite struct ResolverPropertyTests {
    /// A phone of the test with what it would advertise at a time.
    private struct Phone {
        var subject: SubjectID
        var key: TokenKey
        var scheme: Int
        var exponent: UInt8
        var counterZero: Int64
        var consent: Consent?

        var entry: SubjectEntry {
            let keys: SubjectKey
            switch scheme {
            case 0: keys = Store.eid(key, exponent: exponent, counterZero: counterZero, around: Store.morning)
            case 1: keys = .rolling(Store.days(key, Store.shortUUID))
            case 2: keys = .rolling(Store.days(key, Store.uuid))
            default: keys = .iBeacon(Store.days(key, Store.uuid))
            }
            return Store.person(subject, [keys], consent: consent)
        }

        func advertised(at time: UnixTime) -> AdvertisedIdentifier {
            switch scheme {
            case 0: Store.eidIdentifier(key, exponent: exponent, counterZero: counterZero, at: time)
            case 1: Store.rolling(key, .rolling16, at: time)
            case 2: Store.rolling(key, .rolling128Legacy, at: time)
            default: Store.iBeacon(key, at: time)
            }
        }

        var quantum: Double { scheme == 0 ? Double(Int64(1) << Int64(exponent)) : 600 }
    }

    private func phones(_ count: Int, _ random: inout SeededGenerator) -> [Phone] {
        (0..<count).map { number in
            let consent: Consent? =
                switch Int.random(in: 0..<6, using: &random) {
                case 0: nil
                case 1: Store.consent([.receiptLink])
                case 2: Store.consent(until: Store.morning.plus(Double.random(in: -500...500, using: &random)))
                default: Store.consent()
                }
            return Phone(
                subject: SubjectID("s-\(number)"), key: random.key(), scheme: number % 4,
                exponent: UInt8.random(in: 0...15, using: &random),
                counterZero: Int64.random(in: 1_700_000_000...1_795_000_000, using: &random), consent: consent)
        }
    }

    @Test("any phone's token, heard with any delay, resolves exactly as window and consent say", arguments: 1...6)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let phones = phones(40, &random)
        let registry = Store.registry(phones.map(\.entry))
        var builder = ResolverTableBuilder()
        for _ in 0..<12 {
            let built = Store.morning.plus(Double.random(in: -3000...3000, using: &random).rounded())
            let resolved = ResolvedTokens()
            let table = builder.build(registry: registry, at: built, resolved: resolved)
            for phone in phones {
                // Heard within the horizon; sent up to three quanta before or after.
                let heard = built.plus(Double.random(in: 0...89, using: &random))
                let length = Int64(phone.quantum)
                let origin = phone.scheme == 0 ? phone.counterZero : 0
                let own = (heard.wholeSeconds - origin) / length
                let shift = Int64.random(in: -3...3, using: &random)
                let sent = UnixTime(seconds: origin + (own + shift) * length)
                let expected: Resolution
                if abs(shift) > 1 || phone.consent?.purposes.contains(.visitAnalytics) != true {
                    expected = .stranger
                } else if let end = phone.consent?.notAfter, heard <= end {
                    expected = .subject(phone.subject, .person)
                } else {
                    expected = .expired
                }
                #expect(table.resolve(phone.advertised(at: sent), at: heard) == expected, "\(phone.scheme) \(shift)")
            }
        }
    }

    @Test("strangers resolve to nobody and leave no trace")
    func strangers() {
        var random = SeededGenerator(seed: 99)
        let resolved = ResolvedTokens()
        let table = Store.table(phones(40, &random).map(\.entry), resolved: resolved)
        for _ in 0..<20_000 {
            guard let kind = AdvertisedIdentifier.Kind.allCases.randomElement(using: &random) else { continue }
            let uuids = [Store.uuid, Store.shortUUID, UUID128(shortUUID: 0xFEAA)]
            let identifier = AdvertisedIdentifier(
                kind: kind, uuid: uuids[Int.random(in: 0..<3, using: &random)], value: random.bytes(16))
            // A foreign iBeacon under our UUID meets one of 32 bits by chance: 30 candidates in 2^32.
            #expect(table.resolve(identifier, at: Store.morning) == .stranger)
        }
        #expect(resolved.count == 0)
    }

    @Test("the index answers as a dictionary would, through growth, ambiguity and spent tokens", arguments: 1...4)
    func indexModel(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var index = TokenIndex(expecting: 0)
        var model: [AdvertisedIdentifier: Set<UInt32>] = [:]
        for number in 0..<3000 {
            // Few different values, so that holders meet.
            let identifier = AdvertisedIdentifier(
                kind: number % 3 == 0 ? .iBeacon : .rolling16, uuid: number % 2 == 0 ? Store.uuid : Store.shortUUID,
                valueHigh: UInt64.random(in: 0..<800, using: &random),
                valueLow: UInt64.random(in: 0..<2, using: &random))
            let holder = UInt32.random(in: 0..<50, using: &random)
            index.insert(
                TokenIndex.Token(
                    valueHigh: identifier.valueHigh, valueLow: identifier.valueLow,
                    scope: index.scope(identifier.kind, identifier.uuid), holder: holder, from: 1, until: 2))
            model[identifier, default: []].insert(holder)
        }
        for (identifier, holders) in model {
            let expected = holders.count == 1 ? holders.first : TokenIndex.ambiguous
            #expect(index.find(identifier)?.holder == expected)
            index.insertSpent(identifier, from: 5, until: 6)
            #expect(index.find(identifier)?.holder == expected, "a candidate goes before a memory")
        }
        #expect(index.tokens.count == model.count)
        let spent = AdvertisedIdentifier(kind: .eddystoneEID, uuid: Store.uuid, valueHigh: 1)
        #expect(index.find(spent) == nil)
        index.insertSpent(spent, from: 5, until: 6)
        #expect(index.find(spent)?.holder == TokenIndex.spent)
    }

    @Test("derived keys are kept for the next build and dropped when their day is over")
    func derivedKeys() {
        var random = SeededGenerator(seed: 5)
        var derived = DerivedKeys(RollingIdentifier.identifierKey)
        let keys = (0..<10).map { _ in random.key() }
        for key in keys { _ = derived.key(for: key) }
        derived.forgetUnused()
        #expect(derived.count == 10)
        _ = derived.key(for: keys[3])
        derived.forgetUnused()
        #expect(derived.count == 1)
    }
}
