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
    private var recentBodies: [(hash: String, at: Duration)] = []

    /// Throws when one of the configured expressions cannot be used.
    package init(_ configuration: ReceiptDecoderConfiguration) throws(PatternError) {
        let patterns = try CompiledPatterns(configuration.patterns)
        softIdle = configuration.softIdle
        hardIdle = max(configuration.hardIdle, configuration.softIdle)
        duplicateWindow = configuration.duplicateWindow
        reader = ReceiptReader(configuration, patterns: patterns)
        tokeniser = DialectTokeniser(configuration.dialect)
        segmenter = DocumentSegmenter(
            profile: configuration.codePages, begin: patterns.begin, end: patterns.end,
            synchronised: configuration.startsSynchronised)
    }

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
        documents += take(tokeniser.consume(bytes), at: moment)
        return documents
    }

    /// Lets time pass without bytes; returns the documents that silence has ended.
    package mutating func advance(to moment: Moment) -> [Document] {
        guard let last else { return [] }
        let silence = moment.monotonic - last.monotonic
        var documents: [Document] = []
        if silence >= softIdle, !softIdleIsOver {
            softIdleIsOver = true
            documents += take(tokeniser.recover(giveUp: false), at: last)
            if !segmenter.hasContent { segmenter.settle(pulsesSince: lastDocumentEnd.map { $0 + softIdle }) }
        }
        if silence >= hardIdle {
            documents += end(.implied, at: last)
        }
        return documents
    }

    /// When `advance(to:)` should be called next if no bytes come: monotonic time, nil when nothing is in hand.
    package var nextDeadline: Duration? {
        guard let last, segmenter.hasStarted || tokeniser.isInsideCommand else { return nil }
        return last.monotonic + (softIdleIsOver ? hardIdle : softIdle)
    }

    /// The stream has ended: what is in hand is given out as it is.
    package mutating func finish(at moment: Moment) -> [Document] {
        let documents = advance(to: moment)
        return documents + end(.broken, at: last ?? moment)
    }

    /// The line failed (hang-up, port gone): like `finish`, and what comes next begins in the middle of something.
    package mutating func interrupt(at moment: Moment) -> [Document] {
        let documents = finish(at: moment)
        segmenter.lose()
        return documents
    }

    private mutating func end(_ ending: RawDocument.Ending, at moment: Moment) -> [Document] {
        var documents = take(tokeniser.recover(giveUp: true), at: moment)
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
            let closed = segmenter.accept(token, at: moment)
            if !closed.isEmpty { documents += publish(closed) }
        }
        return documents
    }

    private mutating func publish(_ closed: [RawDocument]) -> [Document] {
        closed.map { raw in
            var document = reader.read(raw)
            let end = raw.lastByte?.monotonic ?? .zero
            if isCopy(document, at: end) { document.kind = .reprint }
            lastDocumentEnd = end
            counters.documents += 1
            counters.redactions = counters.redactions + document.redactions
            return document
        }
    }

    /// The same body again within the window. Only what has a price can be a copy: two drinks tickets may be equal.
    private mutating func isCopy(_ document: Document, at end: Duration) -> Bool {
        switch document.kind {
        case .sale, .return, .exchange, .void, .postVoid, .cardSlip: break
        default: return false
        }
        recentBodies.removeAll { end - $0.at > duplicateWindow }
        if recentBodies.contains(where: { $0.hash == document.bodyHash }) { return true }
        if recentBodies.count >= 32 { recentBodies.removeFirst() }
        recentBodies.append((document.bodyHash, end))
        return false
    }
}
