import Foundation
import Testing

@testable import Subjects

@Suite struct SubjectRegistryTests {
    static let feed = UUID()
    static let loyalty = KeyedHasher(key: [1]).hash(.loyalty, "4711")

    static func page(
        _ serial: UInt64, _ subjects: [SubjectEntry], feed: UUID = feed, more: Bool = false
    ) -> SubjectPage {
        SubjectPage(
            audience: "gw-1", feed: feed, serial: serial, next: "c\(serial)", more: more, issuedAt: Store.morning,
            subjects: subjects)
    }

    static func member(_ id: SubjectID, _ hashes: SubjectHashes = SubjectHashes(loyalty: [loyalty])) -> SubjectEntry {
        SubjectEntry(subject: id, kind: .person, keys: [], hashes: hashes, consent: Store.consent())
    }

    @Test("pages add, update, withdraw and erase, and the position follows")
    func changes() {
        var registry = SubjectRegistry()
        #expect(registry.apply(Self.page(1, [Self.member("a"), Self.member("b")])) == [.added("a"), .added("b")])
        var altered = Self.member("a")
        altered.consent?.purposes = [.visitAnalytics]
        #expect(registry.apply(Self.page(2, [altered, Self.member("b")])) == [.updated("a"), .unchanged("b")])
        let gone = [
            SubjectEntry(removing: "a", state: .withdrawn, request: "q1"),
            SubjectEntry(removing: "z", state: .erased, request: nil),
        ]
        #expect(
            registry.apply(Self.page(3, gone)) == [.withdrawn("a", request: "q1"), .erased("z", request: nil)])
        #expect(registry.count == 1 && registry.entry("a") == nil && registry.entry("b") != nil)
        #expect(registry.position == Self.page(3, []).position)
        #expect(registry.position?.cursor == "c3")
        #expect(gone.map { registry.apply($0).subject } == ["a", "z"])
    }

    @Test("whoever withdraws is known no more: no key, no hash, no permission")
    func withdrawal() {
        var registry = Store.registry([Self.member("a")])
        #expect(registry.subject(forHash: Self.loyalty, kind: .loyalty) == "a")
        #expect(registry.permits("a", .receiptLink, at: Store.morning))
        _ = registry.apply(SubjectEntry(removing: "a", state: .withdrawn, request: nil))
        #expect(registry.subject(forHash: Self.loyalty, kind: .loyalty) == nil)
        #expect(!registry.permits("a", .receiptLink, at: Store.morning))
        #expect(registry.entries.isEmpty)
    }

    @Test("permission ends with consent and covers the agreed purposes only")
    func permits() {
        var entry = Self.member("a")
        entry.consent = Store.consent([.receiptLink], until: Store.morning)
        let registry = Store.registry([entry])
        #expect(registry.permits("a", .receiptLink, at: Store.morning))
        #expect(!registry.permits("a", .receiptLink, at: Store.morning.plus(0.001)))
        #expect(!registry.permits("a", .visitAnalytics, at: Store.morning))
        #expect(!registry.permits("nobody", .receiptLink, at: Store.morning))
        let badge = SubjectEntry(subject: "k", kind: .staff, keys: [], consent: Store.consent([]))
        #expect(badge.permits(.visitAnalytics, at: Store.morning) && !badge.permits(.receiptLink, at: Store.morning))
    }

    @Test("a pseudonym that two subjects carry is nobody's until one of them gives it up")
    func sharedHash() {
        var registry = Store.registry([Self.member("a"), Self.member("b"), Self.member("c")])
        #expect(registry.subject(forHash: Self.loyalty, kind: .loyalty) == nil)
        _ = registry.apply(SubjectEntry(removing: "c", state: .erased, request: nil))
        #expect(registry.subject(forHash: Self.loyalty, kind: .loyalty) == nil)
        _ = registry.apply(Self.member("b", SubjectHashes()))
        #expect(registry.subject(forHash: Self.loyalty, kind: .loyalty) == "a")
        #expect(registry.subject(forHash: Self.loyalty, kind: .coupon) == nil)
        _ = registry.apply(Self.member("a", SubjectHashes(coupon: [Self.loyalty], order: [Self.loyalty])))
        #expect(registry.subject(forHash: Self.loyalty, kind: .loyalty) == nil)
        #expect(registry.subject(forHash: Self.loyalty, kind: .coupon) == "a")
        #expect(registry.subject(forHash: Self.loyalty, kind: .order) == "a")
    }

    @Test("page 1 of another feed is a full resync: whom the new feed does not name is dropped when it is complete")
    func resync() {
        var registry = SubjectRegistry()
        _ = registry.apply(Self.page(1, [Self.member("a"), Self.member("b"), Self.member("c")]))
        let other = UUID()
        #expect(registry.apply(Self.page(1, [Self.member("b")], feed: other, more: true)) == [.unchanged("b")])
        #expect(registry.isResynchronising && registry.count == 3)
        #expect(
            registry.apply(Self.page(2, [Self.member("d")], feed: other)) == [
                .added("d"), .dropped("a"), .dropped("c"),
            ])
        #expect(!registry.isResynchronising && registry.count == 2)
        #expect(registry.position?.feed == other && registry.position?.serial == 2)
        #expect(registry.apply(Self.page(3, [], feed: other)).isEmpty)
        #expect(registry.count == 2)
    }

    @Test("a withdrawal inside a resync counts at once")
    func withdrawalInResync() {
        var registry = Store.registry([Self.member("a"), Self.member("b")])
        let gone = SubjectEntry(removing: "a", state: .withdrawn, request: "q")
        #expect(registry.apply(Self.page(1, [gone], more: true)) == [.withdrawn("a", request: "q")])
        #expect(registry.entry("a") == nil)
        #expect(registry.apply(Self.page(2, [])) == [.dropped("b")])
    }

    @Test("a snapshot restores everything, also in the middle of a resync")
    func snapshot() throws {
        var registry = SubjectRegistry()
        _ = registry.apply(
            Self.page(1, [Self.member("a"), Self.member("b"), try Store.decodeEntry(SubjectEntryTests.whole)]))
        _ = registry.apply(Self.page(1, [Self.member("b")], feed: UUID(), more: true))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(registry)
        var restored = try JSONDecoder().decode(SubjectRegistry.self, from: data)
        #expect(try encoder.encode(restored) == data)
        #expect(restored.position == registry.position)
        #expect(Set(restored.entries) == Set(registry.entries))
        #expect(restored.isResynchronising)
        let last = Self.page(2, [], feed: try #require(registry.position?.feed))
        #expect(restored.apply(last) == registry.apply(last))
        #expect(restored.subject(forHash: Self.loyalty, kind: .loyalty) == "b")
    }

    private static func tag(_ id: SubjectID, _ kind: SubjectKind = .staff, keys: Range<UInt64>) -> SubjectEntry {
        let keys = keys.map { SubjectKey.irk(IdentityResolvingKey(TokenKey(high: 7, low: $0))) }
        return SubjectEntry(subject: id, kind: kind, keys: keys, consent: Store.consent([]))
    }

    @Test("a person's address is never followed: such a key is refused and counted, the person's others are kept")
    func personsIdentityKey() {
        var person = Self.tag("a", .person, keys: 0..<2)
        let badge = SubjectKey.fixed(StaticIdentifier(iBeacon: Store.uuid, major: 1, minor: 1))
        person.keys.insert(badge, at: 1)
        var registry = Store.registry([person])
        #expect(registry.entry("a")?.keys == [badge])
        #expect(registry.refusedKeys == 2)
        #expect(registry.apply(person) == .unchanged("a"))
        #expect(registry.apply(Self.tag("b", .fixture, keys: 0..<2)) == .added("b"))
        #expect(registry.entry("b")?.keys.count == 2)
    }

    @Test("a box takes 64 keys of addresses, counts those above, and has room again when some have gone")
    func boundedIdentityKeys() throws {
        let limit = SubjectRegistry.maximumIdentityKeys
        var registry = Store.registry(
            (0..<UInt64(limit / 16)).map { Self.tag(SubjectID("t-\($0)"), keys: $0 * 16..<$0 * 16 + 16) })
        #expect(registry.refusedKeys == 0)
        _ = registry.apply(Self.tag("late", keys: 900..<903))
        #expect(registry.entry("late")?.keys == [] && registry.refusedKeys == 3)
        _ = registry.apply(Self.tag("t-0", keys: 0..<14))
        _ = registry.apply(Self.tag("late", keys: 900..<903))
        #expect(registry.entry("late")?.keys.count == 2 && registry.refusedKeys == 4)
        _ = registry.apply(SubjectEntry(removing: "t-1", state: .withdrawn, request: nil))
        _ = registry.apply(Self.tag("late", keys: 900..<903))
        #expect(registry.entry("late")?.keys.count == 3)
        let restored = try JSONDecoder().decode(SubjectRegistry.self, from: JSONEncoder().encode(registry))
        #expect(Set(restored.entries) == Set(registry.entries) && restored.refusedKeys == 0)
    }

    @Test("a full registry refuses newcomers, counted, and still hears of withdrawals and updates")
    func bounded() {
        var registry = SubjectRegistry(capacity: 2)
        #expect(registry.apply(Self.page(1, ["a", "b", "c"].map { Self.member($0) })).last == .refused("c"))
        #expect(registry.count == 2 && registry.refused == 1)
        #expect(registry.apply(Self.member("a", SubjectHashes())) == .updated("a"))
        _ = registry.apply(SubjectEntry(removing: "a", state: .withdrawn, request: nil))
        #expect(registry.apply(Self.member("c")) == .added("c"))
    }

    @Test("whatever is applied in whatever order, pseudonyms lead to exactly their one owner", arguments: 1...5)
    func hashModel(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let hashes = (0..<6).map { KeyedHasher(key: [9]).hash(.order, "\($0)") }
        var registry = SubjectRegistry()
        var model: [SubjectID: Set<KeyedHash>] = [:]
        for _ in 0..<400 {
            let subject = SubjectID("s-\(Int.random(in: 0..<8, using: &random))")
            if Bool.random(using: &random) {
                let own = hashes.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
                model[subject] = Set(own)
                _ = registry.apply(Self.member(subject, SubjectHashes(order: own + own)))
            } else {
                model[subject] = nil
                _ = registry.apply(SubjectEntry(removing: subject, state: .withdrawn, request: nil))
            }
            for hash in hashes {
                let owners = model.filter { $0.value.contains(hash) }.map(\.key)
                #expect(registry.subject(forHash: hash, kind: .order) == (owners.count == 1 ? owners.first : nil))
            }
        }
    }
}
