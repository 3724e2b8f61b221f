import Advertising
import Radio
import Simulation
import Subjects

/// The store of the probe: subjects with Eddystone-EID keys, and what is on the air around them.
struct Air {
    static let morning = UnixTime(seconds: Int64(1_795_251_600))
    static let counterZero: Int64 = 1_790_000_000
    static let exponent: UInt8 = 10
    static let receiver: ReceiverID = "door"
    static let overflowBits = [57]

    static func identityKey(_ number: Int) -> TokenKey {
        var random = SeededGenerator(seed: 2026, stream: UInt64(bitPattern: Int64(number)))
        let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        guard let key = TokenKey(bytes) else { fatalError("16 bytes are a key") }
        return key
    }

    /// So many people, each with the temporary keys of the day.
    static func registry(subjects: Int, capacity: Int? = nil) -> SubjectRegistry {
        var registry = SubjectRegistry(capacity: capacity ?? subjects)
        let consent = Consent(
            record: "c", version: "1", purposes: [.visitAnalytics], notAfter: UnixTime(seconds: Int64(1_900_000_000)))
        let window = UInt16((morning.wholeSeconds - counterZero) >> 16)
        for number in 0..<subjects {
            let keys = EddystoneEID.Keys(
                exponent: exponent, counterZero: counterZero,
                temporary: EddystoneEID.temporaryKeys(
                    identityKey: identityKey(number), windows: window - 1...window + 1))
            _ = registry.apply(
                SubjectEntry(subject: SubjectID("s-\(number)"), kind: .person, keys: [.eid(keys)], consent: consent))
        }
        return registry
    }

    /// - `tags`: so many staff tags with keys of scheme `irk` as well.
    static func table(subjects: Int, tags: Int = 0) -> ResolverTable {
        var registry = registry(subjects: subjects, capacity: subjects + tags)
        let consent = Consent(
            record: "c", version: "1", purposes: [], notAfter: UnixTime(seconds: Int64(1_900_000_000)))
        for number in 0..<tags {
            let key = SubjectKey.irk(IdentityResolvingKey(identityKey(-1 - number)))
            _ = registry.apply(
                SubjectEntry(subject: SubjectID("t-\(number)"), kind: .staff, keys: [key], consent: consent))
        }
        var builder = ResolverTableBuilder(maximumTokens: 8_000_000)
        return builder.build(registry: registry, at: morning, resolved: ResolvedTokens())
    }

    /// What the phone of this person advertises this morning.
    static func advertisement(ofSubject number: Int) -> [UInt8] {
        let identifier = EddystoneEID.identifier(
            identityKey: identityKey(number), exponent: exponent, time: UInt32(morning.wholeSeconds - counterZero))
        return [2, 1, 6, 3, 3, 0xaa, 0xfe, 0x0d, 0x16, 0xaa, 0xfe, 0x30, 0xee] + identifier
    }

    /// What strangers' devices advertise: as in a shopping street, mostly Apple's nearby frames.
    static func stranger(_ random: inout SeededGenerator) -> [UInt8] {
        func noise(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return [0x1a, 0xff, 0x4c, 0x00, 0x02, 0x15] + noise(20) + [0xc5]
        case 1: return [2, 1, 6, 3, 3, 0xaa, 0xfe, 0x0d, 0x16, 0xaa, 0xfe, 0x30, 0xee] + noise(8)
        case 2: return [2, 1, 0x1a, 3, 3, 0x6f, 0xfd, 0x17, 0x16, 0x6f, 0xfd] + noise(20)
        case 3: return [2, 1, 0x1a, 0x14, 0xff, 0x4c, 0x00, 0x01] + noise(16)
        case 4: return [0x1e, 0xff, 0x4c, 0x00, 0x12, 0x19] + noise(25)
        default: return [2, 1, 0x1a, 0x0a, 0xff, 0x4c, 0x00, 0x10, 0x05] + noise(5)
        }
    }

    /// A resolvable private address of a stranger.
    static func passing(_ random: inout SeededGenerator) -> BluetoothAddress {
        BluetoothAddress(rawValue: random.next() & 0x3fff_ffff_ffff | 0x4000_0000_0000)
    }

    /// One H4 stream of legacy reports, the given share of them of our subjects.
    static func stream(reports: Int, subjects: Int, oursPerCent: Int) -> [UInt8] {
        var random = SeededGenerator(seed: 7)
        // A full shop: two thousand of the retailer's customers at once.
        let ours = (0..<min(2_000, subjects)).map { advertisement(ofSubject: $0) }
        var bytes: [UInt8] = []
        for number in 0..<reports {
            let isOurs = !ours.isEmpty && Int.random(in: 0..<100, using: &random) < oursPerCent
            let data = isOurs ? ours[number % ours.count] : stranger(&random)
            bytes += FakeController.legacyReport(
                address: BluetoothAddress(rawValue: random.next() | 0xc000_0000_0000), data: data,
                rssi: Int8.random(in: -100 ... -40, using: &random))
        }
        return bytes
    }
}
