import CAllocations
import Subjects

/// How long a table takes to build, first and again a minute later, and what it holds.
enum TableProbe {
    static func run(_ counts: [Int]) {
        for count in counts.isEmpty ? [100_000, 1_000_000] : counts {
            let registry = Air.registry(subjects: count)
            var builder = ResolverTableBuilder(maximumTokens: 8_000_000)
            let resolved = ResolvedTokens()
            var table = ResolverTable.empty()
            let first = ThreadClock.measure {
                table = builder.build(registry: registry, at: Air.morning, resolved: resolved)
            }
            let again = ThreadClock.measure {
                table = builder.build(registry: registry, at: Air.morning + .seconds(60), resolved: resolved)
            }
            precondition(table.subjectCount == count && table.subjectsLeftOut == 0)
            print(
                "  table of \(count) subjects: first \(ThreadClock.text(first)) s, again \(ThreadClock.text(again)) s; "
                    + "\(table.tokenCount) tokens, \(table.memoryBytes / 1_048_576) MiB")
        }
    }
}
