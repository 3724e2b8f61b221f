import Advertising
import Testing

@testable import Subjects

@Suite struct ReplayTests {
    static let secret = TokenKey(high: 0xAAAA, low: 0xBBBB)
    static let entry = Store.person("s-1", [.iBeacon(Store.days(secret, Store.uuid))])
    static let identifier = Store.iBeacon(secret, at: Store.morning)

    @Test("a token that resolved here is a replay for 24 hours once it has left its window, then a stranger's")
    func replay() {
        let resolved = ResolvedTokens()
        var builder = ResolverTableBuilder()
        let registry = Store.registry([Self.entry])
        func resolve(at seconds: Double) -> Resolution {
            let time = Store.morning.plus(seconds)
            return builder.build(registry: registry, at: time, resolved: resolved).resolve(Self.identifier, at: time)
        }
        #expect(resolve(at: 100) == .subject("s-1", .person))
        #expect(resolve(at: 1199) == .subject("s-1", .person))
        #expect(resolve(at: 1200) == .replay)
        #expect(resolve(at: 1199 + 86_400) == .replay)
        #expect(resolve(at: 1200 + 86_400) == .stranger)
        #expect(resolved.count == 0, "what is too old is forgotten")
    }

    @Test("a token of ours that never resolved here is a stranger's outside its window")
    func neverSeen() {
        let time = Store.morning.plus(1300)
        #expect(Store.table([Self.entry], at: time).resolve(Self.identifier, at: time) == .stranger)
    }

    @Test("a replay does not prolong its own memory")
    func noProlonging() {
        let resolved = ResolvedTokens()
        let registry = Store.registry([Self.entry])
        var builder = ResolverTableBuilder()
        _ = builder.build(registry: registry, at: Store.morning, resolved: resolved)
            .resolve(Self.identifier, at: Store.morning)
        for hour in 1...24 {
            let time = Store.morning.plus(Double(hour) * 3600)
            let table = builder.build(registry: registry, at: time, resolved: resolved)
            #expect(table.resolve(Self.identifier, at: time) == .replay)
        }
        let time = Store.morning.plus(86_401)
        let table = builder.build(registry: registry, at: time, resolved: resolved)
        #expect(table.resolve(Self.identifier, at: time) == .stranger)
    }

    @Test("the memory of one receiver serves all, between builds too")
    func shared() {
        let resolved = ResolvedTokens()
        let door = Store.table([Self.entry], resolved: resolved)
        _ = door.resolve(Self.identifier, at: Store.morning)
        #expect(door.resolve(Self.identifier, at: Store.morning.plus(1200)) == .replay)
        let other = Store.table([Self.entry], at: Store.morning.plus(7200), resolved: resolved)
        #expect(other.resolve(Self.identifier, at: Store.morning.plus(7200)) == .replay)
    }

    @Test("the tokens of a subject who left are forgotten at the next build")
    func withdrawn() {
        let resolved = ResolvedTokens()
        _ = Store.table([Self.entry], resolved: resolved).resolve(Self.identifier, at: Store.morning)
        #expect(resolved.count == 1)
        let later = Store.table([], at: Store.morning.plus(1), resolved: resolved)
        #expect(resolved.count == 0)
        #expect(later.resolve(Self.identifier, at: Store.morning.plus(1)) == .stranger)
        #expect(later.resolve(Self.identifier, at: Store.morning.plus(7200)) == .stranger)
    }

    @Test("an expired subject's token is not remembered, nor is a stranger's or an ambiguous one")
    func onlyResolved() {
        let resolved = ResolvedTokens()
        let key = SubjectKey.iBeacon(Store.days(Self.secret, Store.uuid))
        let past = Store.consent(until: Store.morning.plus(-1))
        let expired = Store.table([Store.person("s-1", [key], consent: past)], resolved: resolved)
        #expect(expired.resolve(Self.identifier, at: Store.morning) == .expired)
        let shared = Store.table([Self.entry, Store.person("s-2", [key])], resolved: resolved)
        #expect(shared.resolve(Self.identifier, at: Store.morning) == .ambiguous)
        #expect(Store.table([], resolved: resolved).resolve(Self.identifier, at: Store.morning) == .stranger)
        #expect(resolved.count == 0)
    }

    @Test("the memory is bounded and forgets the oldest first")
    func bounded() {
        let resolved = ResolvedTokens(capacity: 100)
        let identifiers = (0..<1000).map { number in
            AdvertisedIdentifier(kind: .eddystoneEID, uuid: Store.uuid, valueHigh: UInt64(number))
        }
        for (second, identifier) in identifiers.enumerated() {
            resolved.record(
                identifier,
                ResolvedTokens.Record(subject: "s", from: 0, until: 1, last: UInt32(second)))
            #expect(resolved.count <= 100)
        }
        #expect(identifiers.suffix(50).allSatisfy { resolved.isReplay($0, at: 1000) })
        #expect(!resolved.isReplay(identifiers[0], at: 1000))
        #expect(resolved.prune(at: 1000, keep: { _ in true }).count == resolved.count)
    }

    @Test("a clock that goes back forgets nothing and trips over nothing")
    func clockBack() {
        let resolved = ResolvedTokens()
        let table = Store.table([Self.entry], resolved: resolved)
        _ = table.resolve(Self.identifier, at: Store.morning)
        #expect(table.resolve(Self.identifier, at: Store.morning.plus(-86_400)) == .replay)
        #expect(table.resolve(Self.identifier, at: UnixTime(nanoseconds: .min)) == .replay)
    }
}
