import Glibc

/// Measures the radio's way from bytes to counter. Started by the tests beside it and by `make bench`; every allocation
/// of the program is counted, because it is linked with `CAllocations`.
///
///     radio-probe allocations          heap allocations that strangers' frames cost, by kind of frame
///     radio-probe reading-thread       the same on the reading thread of a radio behind a socket
///     radio-probe memory COUNT         memory before and after COUNT distinct addresses
///     radio-probe throughput           reports a second on one core, beside a C loop over the same bytes
///     radio-probe tables COUNT...      building the table for so many subjects
///     radio-probe share SECONDS        share of one core at 1,000 reports a second
@main
struct RadioProbe {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        let numbers = arguments.dropFirst().compactMap { Int($0) }
        switch arguments.first {
        case "allocations": AllocationProbe.run()
        case "reading-thread": ReaderProbe.countAllocations(reports: numbers.first ?? 5_000)
        case "memory": MemoryProbe.run(addresses: numbers.first ?? 1_000_000)
        case "throughput":
            ThroughputProbe.run()
            ThroughputProbe.runTags()
        case "tables": TableProbe.run(numbers)
        case "share": ReaderProbe.measureShare(seconds: numbers.first ?? 10)
        default:
            print("radio-probe allocations | reading-thread N | memory N | throughput | tables N... | share SECONDS")
            exit(64)
        }
    }
}
