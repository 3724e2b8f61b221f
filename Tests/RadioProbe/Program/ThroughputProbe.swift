import Advertising
import CAllocations
import Glibc
import Radio
import Simulation
import Subjects

/// Bytes -> parsed -> resolved on one core, in processor time, beside the C loop in turn, so that a busy machine shows in
/// both.
enum ThroughputProbe {
    private static let reports = 200_000
    private static let rounds = 7
    private static let goal = 1_000_000.0

    static func run() {
        let table = Air.table(subjects: 100_000)
        let stream = Air.stream(reports: reports, subjects: 100_000, oursPerCent: 5)
        var best = (walk: Double.infinity, way: Double.infinity)
        var allocations: UInt64 = 0
        for _ in 0..<rounds {
            best.walk = min(best.walk, walk(stream))
            var way = Way(table)
            let before = fb_allocations_here()
            best.way = min(best.way, ThreadClock.measure { way.take(stream: stream) })
            allocations = fb_allocations_here() - before
            precondition(way.resolver.counters.reports == UInt64(reports) && way.resolver.counters.malformed.total == 0)
            precondition(way.sightings * 20 > reports * 19 / 20 && way.sightings * 20 < reports * 21 / 20)
        }
        let rate = Double(reports) / best.way
        print("  bytes to counter: \(reports) reports, 100,000 subjects, 95 % strangers")
        print(
            "    C loop over the same bytes: \(ThreadClock.text(best.walk / Double(reports) * 1e9)) ns a report, "
                + "\(ThreadClock.text(Double(reports) / best.walk / 1e6)) M reports/s")
        print(
            "    footbridge:                 \(ThreadClock.text(best.way / Double(reports) * 1e9)) ns a report, "
                + "\(ThreadClock.text(rate / 1e6)) M reports/s on one core, "
                + "\(ThreadClock.text(best.way / best.walk)) x the C loop; goal 1 M: \(rate >= goal ? "met" : "MISSED")"
        )
        print(
            "    heap allocations:           \(allocations) for \(reports) reports (5 % resolve; first resolutions are kept)"
        )
    }

    /// What the tags of a store's staff cost, when they are known by their address.
    static func runTags() {
        let tags = SubjectRegistry.maximumIdentityKeys
        var random = SeededGenerator(seed: 11)
        let addresses = (0..<20_000).map { _ in Air.passing(&random) }
        func stream(_ addresses: some Collection<BluetoothAddress>) -> [UInt8] {
            addresses.flatMap { FakeController.legacyReport(address: $0, data: [2, 1, 6], rssi: -60) }
        }
        func nanoseconds(_ stream: [UInt8], _ table: ResolverTable, _ reports: Int) -> String {
            var way = Way(table)
            let seconds = ThreadClock.measure { way.take(stream: stream) }
            return ThreadClock.text(seconds / Double(reports) * 1e9)
        }
        let (with, without) = (Air.table(subjects: 1_000, tags: tags), Air.table(subjects: 1_000))
        let new = stream(addresses)
        let again = stream((0..<200).flatMap { _ in addresses.prefix(100) })
        print("  strangers' resolvable addresses, ns a report: without keys of scheme irk and with \(tags)")
        print(
            "    100 addresses, each 200 times: \(nanoseconds(again, without, 20_000)), \(nanoseconds(again, with, 20_000))"
        )
        print(
            "    20,000 addresses, each once:   \(nanoseconds(new, without, 20_000)), \(nanoseconds(new, with, 20_000))"
        )
    }

    private static func walk(_ stream: [UInt8]) -> Double {
        var sum: UInt64 = 0
        var seen: UInt64 = 0
        let seconds = stream.withUnsafeBufferPointer { bytes in
            ThreadClock.measure { sum = fb_walk_advertising(bytes.baseAddress, bytes.count, &seen) }
        }
        precondition(sum != 0 && seen == UInt64(reports))
        return seconds
    }
}

/// Processor time of the calling thread, in seconds: the same on a busy machine, but for its caches.
enum ThreadClock {
    static func measure(_ body: () -> Void) -> Double {
        let start = now()
        body()
        return now() - start
    }

    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Three significant digits, roughly.
    static func text(_ value: Double) -> String {
        value >= 100 ? "\(Int(value.rounded()))" : "\((value * 100).rounded() / 100)"
    }
}
