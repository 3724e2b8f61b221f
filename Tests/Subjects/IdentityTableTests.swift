import Advertising
import Testing

@testable import Subjects

@Suite struct IdentityTableTests {
    /// Core Vol 3 Part H appendix D.7.
    private static let sample = "ec0234a357c8ad05341010a60a397d9b"
    private static let address = BluetoothAddress(rawValue: 0x7081_940d_fbaa)

    private static func tag(
        _ id: SubjectID, _ hex: String, kind: SubjectKind = .staff, until: UnixTime = Store.farAway
    ) throws -> SubjectEntry {
        SubjectEntry(
            subject: id, kind: kind, keys: [.irk(IdentityResolvingKey(try key(hex)))],
            consent: Store.consent([], until: until))
    }

    private static func resolve(
        _ entries: [SubjectEntry], _ address: BluetoothAddress = address, at time: UnixTime = Store.morning
    ) -> Resolution {
        var memory = AddressMemory()
        let table = Store.table(entries)
        let first = table.resolve(address, at: time, memory: &memory)
        // What was found out is what is remembered.
        #expect(table.resolve(address, at: time, memory: &memory) == first)
        return first
    }

    @Test("the Core specification's address belongs to whoever has its key, as long as the consent holds")
    func sampleData() throws {
        let tag = try Self.tag("t-1", Self.sample)
        #expect(Self.resolve([tag]) == .subject("t-1", .staff))
        #expect(Self.resolve([try Self.tag("f-1", Self.sample, kind: .fixture)]) == .subject("f-1", .fixture))
        #expect(Self.resolve([tag], BluetoothAddress(rawValue: Self.address.rawValue ^ 1)) == .stranger)
        #expect(
            Self.resolve([try Self.tag("t-1", Self.sample, until: Store.morning)], at: Store.morning.plus(1))
                == .expired)
        #expect(Self.resolve([]) == .stranger)
        #expect(Self.resolve([tag, try Self.tag("t-2", Self.sample)]) == .ambiguous)
        #expect(Store.table([tag]).subjectCount == 1 && Store.table([tag]).tokenCount == 0)
    }

    @Test("another table forgets what was found out with the last one")
    func swap() throws {
        var memory = AddressMemory()
        let none = Store.table([try Self.tag("t-0", "00000000000000000000000000000001")])
        let one = Store.table([try Self.tag("t-1", Self.sample)])
        #expect(none.resolve(Self.address, at: Store.morning, memory: &memory) == .stranger)
        #expect(one.resolve(Self.address, at: Store.morning, memory: &memory) == .subject("t-1", .staff))
        #expect(none.resolve(Self.address, at: Store.morning, memory: &memory) == .stranger)
        #expect(Store.table([]).resolve(Self.address, at: Store.morning, memory: &memory) == .stranger)
    }

    @Test("however many strangers pass, everybody is told right")
    func crowd() throws {
        let keys = (0..<8).map { TokenKey(high: 9, low: $0) }
        let table = Store.table(
            try keys.enumerated().map { try Self.tag(SubjectID("t-\($0.offset)"), $0.element.hex) })
        var memory = AddressMemory()
        var random = SeededGenerator(seed: 5)
        for round in 0..<AddressMemory.capacity * 3 {
            let prand = UInt32.random(in: 0x40_0000...0x7f_ffff, using: &random)
            let number = round % (keys.count * 4)
            let hash =
                number < keys.count
                ? IdentityResolvingKey(keys[number]).hash(prand: prand)
                : UInt32.random(in: 0...0xff_ffff, using: &random)
            let address = BluetoothAddress(rawValue: UInt64(prand) << 24 | UInt64(hash))
            let owners = keys.indices.filter { IdentityResolvingKey(keys[$0]).resolves(address) }
            let expected: Resolution =
                owners.isEmpty
                ? .stranger : owners.count > 1 ? .ambiguous : .subject(SubjectID("t-\(owners[0])"), .staff)
            for _ in 0..<2 {
                #expect(table.resolve(address, at: Store.morning, memory: &memory) == expected)
            }
        }
    }
}
