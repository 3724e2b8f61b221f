import Advertising
import Radio
import Subjects

/// The way of a radio's bytes, as the reading thread goes it: framer, parser, assembler, table, counter.
struct Way {
    private var framer = H4Framer()
    private(set) var resolver: FrameResolver
    private let table: ResolverTable
    private var passed = Duration.zero
    private(set) var sightings = 0

    /// As much as the reading thread takes at once.
    static let chunkBytes = 16 * 1024

    init(_ table: ResolverTable) {
        self.table = table
        resolver = FrameResolver(overflowBits: Air.overflowBits)
    }

    /// Takes a piece of the stream, a millisecond after the last.
    mutating func take(_ bytes: Span<UInt8>) {
        passed += .milliseconds(1)
        sightings += Self.take(bytes, &framer, &resolver, table, Moment(monotonic: passed, wall: Air.morning))
    }

    /// Framer and resolver are changed in place: a copy of either would allocate.
    private static func take(
        _ bytes: Span<UInt8>, _ framer: inout H4Framer, _ resolver: inout FrameResolver, _ table: ResolverTable,
        _ at: Moment
    ) -> Int {
        var found = 0
        framer.consume(bytes) { packet in
            resolver.frames(
                in: packet, receiver: Air.receiver, at: at, table: table, clockState: .synchronised
            ) { _ in found += 1 }
        }
        return found
    }

    /// Takes a whole stream in pieces.
    mutating func take(stream: [UInt8]) {
        var start = 0
        while start < stream.count {
            let end = min(start + Self.chunkBytes, stream.count)
            take(stream.span.extracting(start..<end))
            start = end
        }
    }
}
