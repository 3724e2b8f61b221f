import Advertising
import CFuzzer
import Radio
import Subjects

/// Any bytes as one HCI packet, as an H4 stream in pieces, and as a row of advertising events of all three forms
/// (legacy, directed, extended in parts): never a crash, and every report in exactly one counter.
@main
struct FuzzAdvertising {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { start, count in
            let bytes = Array(UnsafeBufferPointer(start: start, count: count))
            _ = AdvertisementDecoder.decode(packet: bytes)
            FuzzAdvertising.stream(bytes)
            FuzzAdvertising.events(bytes)
            return 0
        }
    }

    /// The bytes as they are, seven at a time.
    static func stream(_ bytes: [UInt8]) {
        var framer = H4Framer()
        var resolver = FrameResolver(overflowBits: [3])
        let table = table()
        for piece in stride(from: 0, to: bytes.count, by: 7) {
            let chunk = Array(bytes[piece..<min(piece + 7, bytes.count)])
            framer.consume(chunk.span) { take($0, at: piece, &resolver, table) }
        }
        check(resolver.counters)
    }

    /// The bytes as the parameters of events whose headers are right, so that the fuzzer gets behind them: the first
    /// byte of each piece chooses the form, the number of reports and the length.
    static func events(_ bytes: [UInt8]) {
        var resolver = FrameResolver(overflowBits: [3])
        var decoder = AdvertisementDecoder()
        let table = table()
        var index = 0
        while index < bytes.count {
            let choice = bytes[index]
            let subevent: UInt8 = [0x02, 0x0b, 0x0d, 0x0d][Int(choice & 3)]
            let reports = 1 + (choice >> 2) & 3
            let length = min(bytes.count - index - 1, [16, 40, 80, 253][Int(choice >> 4 & 3)])
            let parameters = bytes[(index + 1)..<(index + 1 + length)]
            let packet = [0x04, 0x3e, UInt8(2 + length), subevent, reports] + parameters
            take(packet.span, at: index, &resolver, table)
            for report in decoder.decode(packet: packet, at: .milliseconds(index)) {
                precondition(report.frames.count < 400)
            }
            index += 1 + length
        }
        check(resolver.counters)
    }

    static func take(_ packet: Span<UInt8>, at time: Int, _ resolver: inout FrameResolver, _ table: ResolverTable) {
        let at = Moment(monotonic: .milliseconds(time), wall: UnixTime(seconds: Int64(1_800_000_000)))
        resolver.frames(in: packet, receiver: "door", at: at, table: table, clockState: .synchronised) { _ in }
    }

    static func check(_ counters: RadioCounters) {
        let fates = [
            counters.resolved, counters.strangers, counters.ambiguous, counters.replayed, counters.expired,
            counters.unresolvedClock, counters.fragments, counters.oversized,
        ]
        precondition(fates.reduce(0, +) == counters.reports, "a report is in no counter, or in two")
        precondition(counters.fragmentsAbandoned <= counters.fragments + counters.oversized)
    }

    /// One beacon, which the fuzzer can find: all zeros.
    static func table() -> ResolverTable {
        var registry = SubjectRegistry()
        let beacon = StaticIdentifier(iBeacon: UUID128(high: 0, low: 0), major: 0, minor: 0)
        let consent = Consent(
            record: "r", version: "1", purposes: [], notAfter: UnixTime(seconds: Int64(1_900_000_000)))
        _ = registry.apply(SubjectEntry(subject: "beacon", kind: .fixture, keys: [.fixed(beacon)], consent: consent))
        var builder = ResolverTableBuilder()
        return builder.build(
            registry: registry, at: UnixTime(seconds: Int64(1_800_000_000)), resolved: ResolvedTokens())
    }
}
