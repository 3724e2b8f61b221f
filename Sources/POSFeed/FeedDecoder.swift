package import Receipts
package import Subjects

/// A till on a feed: its decoder, and how its lines begin where several tills share the feed.
package struct TillLine: Sendable {
    package var till: TillID
    package var decoder: ReceiptDecoder
    /// Regular expression at the start of a line; nil = everything on the feed is this till's.
    package var prefix: String?

    package init(till: TillID, decoder: ReceiptDecoder, prefix: String? = nil) {
        self.till = till
        self.decoder = decoder
        self.prefix = prefix
    }
}

/// The decoders behind one port: one a till, and again one a till for each connection that is open at the same time, so
/// that two jobs never mix. No I/O, no clock.
struct FeedDecoder: Sendable {
    /// Silence after which a line of a shared feed is taken as it is.
    static let lineIdle = Duration.seconds(2)

    /// What one connection is decoded with. Reused by the next one, so that its memory of copies lasts.
    private struct Slot: Sendable {
        var connection: Int?
        var decoders: [ReceiptDecoder]
        var demultiplexer: PrefixDemultiplexer?
        var lastByte: Moment?
        var bytes: [Int]
    }

    /// What a till's decoders have counted.
    struct Counted: Sendable, Hashable {
        var bytes = 0
        var known = 0
        var unknown = 0
        var truncatedBytes = 0
        var redactions = 0
        var dialectAlarms = 0
        var lineBreaks = 0
        /// Of the decoder that has the most of them.
        var unknownShare = 0.0
    }

    private let pristine: Slot
    private var slots: [Slot]

    /// - Throws: when a prefix is no regular expression.
    init(_ lines: [TillLine]) throws {
        let prefixes = lines.compactMap(\.prefix)
        pristine = Slot(
            decoders: lines.map(\.decoder),
            demultiplexer: prefixes.count == lines.count ? try PrefixDemultiplexer(prefixes) : nil,
            bytes: lines.map { _ in 0 })
        slots = [pristine]
    }

    /// One till that has the port for itself.
    init(_ decoder: ReceiptDecoder) {
        pristine = Slot(decoders: [decoder], bytes: [0])
        slots = [pristine]
    }

    /// Lines of a shared feed that belong to no till.
    var strangeLines: Int { slots.reduce(0) { $0 + ($1.demultiplexer?.strangeLines ?? 0) } }

    func counted(_ line: Int) -> Counted {
        slots.reduce(into: Counted()) { sum, slot in
            let counters = slot.decoders[line].counters
            sum.bytes += slot.bytes[line]
            sum.known += counters.knownCommands
            sum.unknown += counters.unknownCommands
            sum.truncatedBytes += counters.truncatedBytes
            sum.redactions += counters.redactions.total
            sum.dialectAlarms += slot.decoders[line].dialectAlarms
            sum.lineBreaks += counters.lineBreaks
            sum.unknownShare = max(sum.unknownShare, slot.decoders[line].unknownShare)
        }
    }

    /// When `advance(to:)` should be called next if no bytes come.
    var nextDeadline: Duration? {
        var next: Duration?
        for slot in slots {
            for decoder in slot.decoders {
                if let deadline = decoder.nextDeadline { next = min(next ?? deadline, deadline) }
            }
            if slot.demultiplexer?.isInsideLine == true, let last = slot.lastByte {
                let deadline = last.monotonic + FeedDecoder.lineIdle
                next = min(next ?? deadline, deadline)
            }
        }
        return next
    }

    /// True when no document is begun: what was read so far is all given out.
    var isIdle: Bool { nextDeadline == nil }

    mutating func consume(_ bytes: ArraySlice<UInt8>, of connection: Int = 0, at moment: Moment) -> [Document] {
        let index = slot(of: connection)
        slots[index].lastByte = moment
        guard slots[index].demultiplexer != nil else {
            slots[index].bytes[0] += bytes.count
            return slots[index].decoders[0].consume(bytes, at: moment)
        }
        var documents: [Document] = []
        var parts: [(Int, [UInt8])] = []
        slots[index].demultiplexer?.consume(bytes) { parts.append(($0, $1)) }
        for (line, part) in parts {
            slots[index].bytes[line] += part.count
            documents += slots[index].decoders[line].consume(part, at: moment)
        }
        return documents
    }

    /// Lets time pass without bytes.
    mutating func advance(to moment: Moment) -> [Document] {
        var documents: [Document] = []
        for index in slots.indices {
            if let last = slots[index].lastByte, moment.monotonic - last.monotonic >= FeedDecoder.lineIdle {
                documents += flush(index, at: moment)
            }
            for line in slots[index].decoders.indices {
                documents += slots[index].decoders[line].advance(to: moment)
            }
        }
        return documents
    }

    /// A connection was closed: regularly (the end of a job), or broken off.
    mutating func close(_ connection: Int, whole: Bool, at moment: Moment) -> [Document] {
        guard let index = slots.firstIndex(where: { $0.connection == connection }) else { return [] }
        defer { slots[index].connection = nil }
        return end(index, whole: whole, at: moment)
    }

    /// The line failed, or bytes were lost: what comes next begins in the middle of something.
    mutating func interrupt(_ connection: Int? = nil, at moment: Moment) -> [Document] {
        slots.indices.filter { connection == nil || slots[$0].connection == connection }
            .flatMap { end($0, whole: false, at: moment) }
    }

    /// A BREAK on the line (a till switched off or on): what is in hand will not go on.
    mutating func lineBreak(at moment: Moment) -> [Document] {
        slots.indices.flatMap { slot in
            slots[slot].decoders.indices.flatMap { slots[slot].decoders[$0].lineBreak(at: moment) }
        }
    }

    /// The feed is stopped: what is in hand is given out as it is.
    mutating func finish(at moment: Moment) -> [Document] {
        slots.indices.flatMap { end($0, whole: true, at: moment) }
    }

    private mutating func end(_ index: Int, whole: Bool, at moment: Moment) -> [Document] {
        var documents = flush(index, at: moment)
        for line in slots[index].decoders.indices {
            documents +=
                whole
                ? slots[index].decoders[line].finish(at: moment) : slots[index].decoders[line].interrupt(at: moment)
        }
        return documents
    }

    private mutating func flush(_ index: Int, at moment: Moment) -> [Document] {
        var parts: [(Int, [UInt8])] = []
        slots[index].demultiplexer?.flush { parts.append(($0, $1)) }
        return parts.flatMap { line, part in
            slots[index].bytes[line] += part.count
            return slots[index].decoders[line].consume(part, at: moment)
        }
    }

    /// The slot of a connection, a free one, or a new one: there are never more than connections at a time.
    private mutating func slot(of connection: Int) -> Int {
        if let index = slots.firstIndex(where: { $0.connection == connection }) { return index }
        if let index = slots.firstIndex(where: { $0.connection == nil }) {
            slots[index].connection = connection
            return index
        }
        slots.append(pristine)
        slots[slots.count - 1].connection = connection
        return slots.count - 1
    }
}
