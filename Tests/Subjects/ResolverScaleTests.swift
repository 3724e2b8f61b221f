import Advertising
import Glibc
import Testing

@testable import Subjects

/// A chain's largest registry. Optimised builds take 100,000 subjects and print the figures; others a tenth.
@Suite(.serialized) struct ResolverScaleTests {
    #if DEBUG
        static let subjects = 10_000
    #else
        static let subjects = 100_000
    #endif

    static func registry(_ key: (inout SeededGenerator) -> SubjectKey) -> SubjectRegistry {
        var random = SeededGenerator(seed: 2026)
        var registry = SubjectRegistry()
        for number in 0..<subjects {
            _ = registry.apply(Store.person(SubjectID("subject-\(number)"), [key(&random)]))
        }
        return registry
    }

    @Test(
        "a table of the largest registry is complete, small, and cheap to build again",
        arguments: [
            "eid", "rolling16", "rolling128", "ibeacon",
        ])
    func build(scheme: String) {
        let registry = Self.registry { random in
            let secret = random.key()
            return switch scheme {
            case "eid": Store.eid(secret, exponent: 10, counterZero: 1_790_000_000, around: Store.morning)
            case "rolling16": .rolling(Store.days(secret, Store.shortUUID))
            case "rolling128": .rolling(Store.days(secret, Store.uuid))
            default: .iBeacon(Store.days(secret, Store.uuid))
            }
        }
        var builder = ResolverTableBuilder()
        let resolved = ResolvedTokens()
        let clock = ThreadClock()
        var table = ResolverTable.empty()
        let first = clock.measure { table = builder.build(registry: registry, at: Store.morning, resolved: resolved) }
        let again = clock.measure {
            table = builder.build(registry: registry, at: Store.morning.plus(60), resolved: resolved)
        }
        #expect(table.subjectCount == Self.subjects && table.subjectsLeftOut == 0)
        // Three windows, a fourth when the horizon reaches into the next, and the halves under a 128-bit UUID.
        #expect(table.tokenCount >= Self.subjects * 3 * 99 / 100)
        #expect(table.tokenCount <= Self.subjects * 8)
        #expect(table.memoryBytes <= table.tokenCount * 96 + Self.subjects * 64)

        var random = SeededGenerator(seed: 1)
        let strangers = (0..<1024).map { _ in
            AdvertisedIdentifier(kind: .rolling16, uuid: Store.shortUUID, value: random.bytes(16))
        }
        var found = 0
        let rounds = 200
        let looking = clock.measure {
            for _ in 0..<rounds {
                for stranger in strangers where table.resolve(stranger, at: Store.morning) != .stranger { found += 1 }
            }
        }
        #expect(found == 0)
        #if !DEBUG
            print(
                "\(scheme): \(Self.subjects) subjects, \(table.tokenCount) tokens, \(table.memoryBytes / 1_048_576) MiB,",
                "first build \(first), again \(again), stranger look-up \(looking / (rounds * strangers.count))")
        #else
            _ = (first, again, looking)
        #endif
    }
}

/// The processor time of this thread, which says the same on a busy machine.
private struct ThreadClock {
    func measure(_ body: () -> Void) -> Duration {
        let start = now
        body()
        return now - start
    }

    private var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
