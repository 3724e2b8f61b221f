package import Subjects

/// Printer bytes of one till in, redacted documents out.
///
/// It does no I/O and reads no clock: bytes and times are given to it. Its memory is bounded by one unfinished command
/// (1 MiB) and one document in hand, whatever the bytes are. What it gives back is redacted; nothing else leaves it.
package struct ReceiptDecoder: Sendable {
    /// What was taken in and given out since the decoder was made.
    package struct Counters: Sendable, Hashable {
        package var bytes = 0
        package var documents = 0
        package var knownCommands = 0
        package var unknownCommands = 0
        /// Bytes of commands that never came to their end.
        package var truncatedBytes = 0
        package var redactions = Redactions()
        /// Breaks of the line that were reported.
        package var lineBreaks = 0
    }

    package private(set) var counters = Counters()
    private let softIdle: Duration
    private let hardIdle: Duration
    private let duplicateWindow: Duration
    private let reader: ReceiptReader
    private var tokeniser: DialectTokeniser
    private var segmenter: DocumentSegmenter
    /// When the last byte came; nil while nothing is in hand.
    private var last: Moment?
    private var softIdleIsOver = false
    private var lastDocumentEnd: Duration?
    private var marks: RawMarks
    /// An end pattern lay in a command that is not complete yet.
    private var endIsDue = false
    private var monitor = DialectMonitor()
    private var joiner: SlipJoiner?
    private var cardWatch = CardWatch()
    private var recentBodies: [(hash: String, at: Duration)] = []

    /// Throws when one of the configured expressions cannot be used.
    package init(_ configuration: ReceiptDecoderConfiguration) throws(PatternError) {
        let patterns = try CompiledPatterns(configuration.patterns)
        softIdle = configuration.softIdle
        hardIdle = max(configuration.hardIdle, configuration.softIdle)
        duplicateWindow = configuration.duplicateWindow
        reader = try ReceiptReader(configuration, patterns: patterns)
        tokeniser = DialectTokeniser(configuration.dialect)
        let settings = configuration.segmentation
        let begin = try BoundaryMatcher(
            settings.begin, field: "begin", caseSensitive: settings.caseSensitive, more: patterns.begin)
        let end = try BoundaryMatcher(
            settings.end, field: "end", caseSensitive: settings.caseSensitive, more: patterns.end)
        marks = RawMarks(begin: begin.raw, end: end.raw)
        joiner = settings.joinWithin.map { SlipJoiner(within: $0) }
        segmenter = DocumentSegmenter(
            profile: configuration.dialect.isJournal ? .utf8 : configuration.codePages, begin: begin, end: end,
            settings: settings, pageLimit: configuration.dialect == .text ? 1 : 0,
            synchronised: configuration.startsSynchronised)
    }

    /// "Wrong dialect?": too many commands of late are unknown.
    package var wrongDialect: Bool { monitor.isAlarmed }
    /// How often that was raised.
    package var dialectAlarms: Int { monitor.alarms }
    /// The share of unknown commands lately, 0 to 1.
    package var unknownShare: Double { monitor.unknownShare }

    /// Every document of a capture that is held whole, as `footbridge decode receipt` lists them.
    package static func documents(
        inCapture bytes: [UInt8], configuration: ReceiptDecoderConfiguration
    ) throws(PatternError) -> [Document] {
        var configuration = configuration
        configuration.startsSynchronised = true
        var decoder = try ReceiptDecoder(configuration)
        let start = Moment(monotonic: .zero, wall: UnixTime(nanoseconds: 0))
        return decoder.consume(bytes, at: start) + decoder.finish(at: start)
    }

    /// Takes the next bytes, read at `moment`; returns the documents that they completed. How the stream is cut into
    /// pieces makes no difference. `moment` must not lie before the one of the call before.
    package mutating func consume(_ bytes: some Collection<UInt8>, at moment: Moment) -> [Document] {
        var documents = advance(to: moment)
        guard !bytes.isEmpty else { return documents }
        counters.bytes += bytes.count
        last = moment
        softIdleIsOver = false
        if marks.isEmpty {
            documents += take(tokeniser.consume(bytes), at: moment)
        } else {
            for piece in marks.take(bytes) { documents += take(piece, at: moment) }
        }
        return documents
    }

    /// Lets time pass without bytes; returns the documents that silence has ended.
    package mutating func advance(to moment: Moment) -> [Document] {
        guard let last else { return release(at: moment.monotonic) }
        let silence = moment.monotonic - last.monotonic
        var documents: [Document] = []
        if silence >= softIdle, !softIdleIsOver {
            softIdleIsOver = true
            for piece in marks.release() { documents += take(piece, at: last) }
            documents += take(tokeniser.recover(giveUp: false), at: last)
            if !segmenter.hasContent { segmenter.settle(pulsesSince: lastDocumentEnd.map { $0 + softIdle }) }
        }
        if silence >= hardIdle {
            documents += end(.implied, at: last)
        }
        return documents + release(at: moment.monotonic)
    }

    /// When `advance(to:)` should be called next if no bytes come: monotonic time, nil when nothing is in hand.
    package var nextDeadline: Duration? {
        let joined = joiner?.deadline
        guard let idle = idleDeadline else { return joined }
        guard let joined else { return idle }
        return min(joined, idle)
    }

    /// When silence says the next thing about what is in hand.
    private var idleDeadline: Duration? {
        guard let last else { return nil }
        // Apart, not joined by `||`: the 6.3.1 optimiser crashes on the tokeniser's existential in an autoclosure here.
        let isInsideCommand = tokeniser.isInsideCommand
        let holdsMark = marks.isHolding
        guard segmenter.hasStarted || isInsideCommand || holdsMark else { return nil }
        return last.monotonic + (softIdleIsOver ? hardIdle : softIdle)
    }

    /// The stream has ended: what is in hand is given out as it is.
    package mutating func finish(at moment: Moment) -> [Document] {
        let documents = advance(to: moment)
        return documents + end(.broken, at: last ?? moment) + (joiner?.release(at: moment.monotonic, all: true) ?? [])
    }

    /// The line failed (hang-up, port gone): like `finish`, and what comes next begins in the middle of something.
    package mutating func interrupt(at moment: Moment) -> [Document] {
        let documents = finish(at: moment)
        segmenter.lose()
        return documents
    }

    /// The line was held low for longer than a character (BREAK): the till was switched off or the cable pulled. What is in
    /// hand is given out as broken off, and what follows is not believed before the next reset, cut or silence.
    package mutating func lineBreak(at moment: Moment) -> [Document] {
        counters.lineBreaks += 1
        return interrupt(at: moment)
    }

    /// A piece of the stream that raw patterns divide. Inside a command's payload the same bytes mean nothing.
    private mutating func take(_ piece: RawMarks.Piece, at moment: Moment) -> [Document] {
        switch piece {
        case .bytes(let bytes): return take(tokeniser.consume(bytes), at: moment)
        case .begin(let bytes):
            let documents = tokeniser.isInsideCommand ? [] : publish(segmenter.begins())
            return documents + take(tokeniser.consume(bytes), at: moment)
        case .end(let bytes):
            let wasInside = tokeniser.isInsideCommand
            var documents = take(tokeniser.consume(bytes), at: moment)
            guard !wasInside else { return documents }
            if tokeniser.isInsideCommand { endIsDue = true } else { documents += publish(segmenter.ends()) }
            return documents
        }
    }

    private mutating func release(at time: Duration) -> [Document] { joiner?.release(at: time) ?? [] }

    private mutating func end(_ ending: RawDocument.Ending, at moment: Moment) -> [Document] {
        var documents: [Document] = []
        for piece in marks.release() { documents += take(piece, at: moment) }
        documents += take(tokeniser.recover(giveUp: true), at: moment)
        endIsDue = false
        documents += publish(segmenter.close(ending))
        segmenter.settle(pulsesSince: lastDocumentEnd.map { $0 + softIdle })
        if let remainder = segmenter.takeRemainder() { documents += publish([remainder]) }
        last = nil
        softIdleIsOver = false
        return documents
    }

    private mutating func take(_ tokens: [PrintToken], at moment: Moment) -> [Document] {
        var documents: [Document] = []
        for token in tokens {
            switch token {
            case .unknown: counters.unknownCommands += 1
            case .truncated(let bytes): counters.truncatedBytes += bytes
            default: counters.knownCommands += token.isKnownCommand ? 1 : 0
            }
            monitor.count(token)
            var closed = segmenter.accept(token, at: moment)
            if endIsDue {
                endIsDue = false
                closed += segmenter.ends()
            }
            if !closed.isEmpty { documents += publish(closed) }
        }
        return documents
    }

    private mutating func publish(_ closed: [RawDocument]) -> [Document] {
        var documents: [Document] = []
        for raw in closed {
            var document = reader.read(raw, watch: &cardWatch)
            let end = raw.lastByte?.monotonic ?? .zero
            document.wrongDialect = monitor.verdict
            if monitor.isAlarmed {
                let percent = Int((monitor.unknownShare * 100).rounded())
                document.warnings.append(
                    "wrong dialect? \(percent) % of the commands are unknown: another dialect, or noise on the line")
            }
            if isCopy(document, at: end) { document.kind = .reprint }
            lastDocumentEnd = end
            counters.redactions = counters.redactions + document.redactions
            documents += joiner?.take(document, endedAt: end) ?? [document]
        }
        counters.documents += closed.count
        return documents
    }

    /// The same body again within the window. Only what has a price can be a copy: two drinks tickets may be equal.
    private mutating func isCopy(_ document: Document, at end: Duration) -> Bool {
        switch document.kind {
        case .sale, .return, .exchange, .void, .postVoid, .cardSlip: break
        default: return false
        }
        let window = duplicateWindow
        recentBodies.removeAll { end - $0.at > window }
        if recentBodies.contains(where: { $0.hash == document.bodyHash }) { return true }
        if recentBodies.count >= 32 { recentBodies.removeFirst() }
        recentBodies.append((document.bodyHash, end))
        return false
    }
}
