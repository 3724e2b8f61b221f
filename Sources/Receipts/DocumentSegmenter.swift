import Foundation
import Subjects

/// Finds where one document ends and the next begins: a cut, a printer reset, a configured first or last line, a long
/// silence. No single mark is relied on, because a lost byte can take any of them away.
struct DocumentSegmenter: Sendable {
    /// Lines, text and symbols of one document that are kept; a longer one is closed and said to be overlong.
    static let lineLimit = SegmentationSettings().lineLimit
    static let textLimit = 128 * 1024
    static let symbolLimit = 32
    static let symbolBytes = 2048

    private var assembler: LineAssembler
    private let begin: BoundaryMatcher
    private let end: BoundaryMatcher
    private let extraLines: Int
    private let lineLimit: Int
    private let pageLimit: Int
    private let resetEnds: Bool
    private var document = RawDocument()
    private var lineIsDirty = false
    private var pages = 0
    /// Lines that the document still takes after its last line was found; nil before that.
    private var extraLeft: Int?
    /// Listening began in the middle of something, and nothing yet says of what.
    private var unsynchronised: Bool

    /// `pageLimit` is what holds when the settings say nothing.
    init(
        profile: CodePageProfile, begin: BoundaryMatcher, end: BoundaryMatcher, settings: SegmentationSettings,
        pageLimit: Int, synchronised: Bool
    ) {
        assembler = LineAssembler(profile: profile)
        self.begin = begin
        self.end = end
        extraLines = min(max(0, settings.extraLines), 10)
        lineLimit = min(max(1, settings.lineLimit), DocumentSegmenter.lineLimit)
        self.pageLimit = settings.pageLimit ?? pageLimit
        resetEnds = settings.resetEnds
        unsynchronised = !synchronised
        document.beganLate = unsynchronised
    }

    /// Something of a document is in hand.
    var hasContent: Bool { document.hasContent || !assembler.isEmpty }
    /// Any token has come since the last boundary.
    var hasStarted: Bool { document.firstByte != nil || !assembler.isEmpty }

    /// Takes one token, read at `moment`; returns the documents that it ended.
    mutating func accept(_ token: PrintToken, at moment: Moment) -> [RawDocument] {
        var closed: [RawDocument] = []
        if case .initialise = token, resetEnds || unsynchronised {
            closed += close(.reset)
        }
        if case .journal = token {} else { count(token, at: moment) }
        switch token {
        case .text(let bytes):
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(max(1, assembler.room))
                rest = rest.dropFirst(piece.count)
                closed += assemble(.text(Array(piece)), at: moment)
            }
        case .cut: closed += close(.boundary)
        case .symbol(var symbol):
            if document.symbols.count < DocumentSegmenter.symbolLimit {
                if symbol.data.count > DocumentSegmenter.symbolBytes {
                    symbol.data.removeSubrange(DocumentSegmenter.symbolBytes...)
                }
                document.symbols.append(symbol)
            }
        case .journal(let record):
            closed += close(.implied)
            count(token, at: moment)
            document.journal = record
            closed += close(.boundary)
        case .raster(let bytes): document.rasterBytes += bytes
        case .drawer:
            document.drawerPulses += 1
            document.pulse = moment
        case .pageEnd:
            closed += assemble(token, at: moment)
            pages += 1
            if pageLimit > 0, pages >= pageLimit { closed += close(.boundary) }
        default: closed += assemble(token, at: moment)
        }
        return closed
    }

    /// A raw pattern begins a document: what is in hand is the one before.
    mutating func begins() -> [RawDocument] {
        close(.implied)
    }

    /// A raw pattern ends the document in hand, after as many further lines as the settings say.
    mutating func ends() -> [RawDocument] {
        guard hasContent else { return [] }
        // The line in hand holds the pattern itself.
        guard extraLines > 0 else { return close(.boundary) }
        extraLeft = extraLines + (assembler.isEmpty ? 0 : 1)
        return []
    }

    /// Ends the document in hand. Without content there is none: its commands count for the next one.
    mutating func close(_ ending: RawDocument.Ending) -> [RawDocument] {
        let unreadable = assembler.unreadable
        if let line = assembler.take() {
            document.unreadable = document.unreadable || unreadable
            if keep() { document.lines.append(line) }
        }
        lineIsDirty = false
        unsynchronised = false
        pages = 0
        // A document whose last line was seen is whole, however it is closed.
        let ending = extraLeft == nil ? ending : .boundary
        extraLeft = nil
        guard document.hasContent else {
            document.beganLate = false
            return []
        }
        defer { document = RawDocument() }
        document.ending = ending
        return [document]
    }

    /// The line has fallen silent and nothing was printed since the last document: its trailing commands are forgotten,
    /// and so are drawer pulses up to the monotonic time `end`, which belong to it.
    mutating func settle(pulsesSince end: Duration?) {
        guard !hasContent else { return }
        let pulses = document.drawerPulses
        let pulse = document.pulse
        document = RawDocument()
        document.beganLate = unsynchronised
        guard let pulse, pulse.monotonic > end ?? pulse.monotonic - .seconds(1) else { return }
        document.known = pulses
        document.drawerPulses = pulses
        document.pulse = pulse
        document.firstByte = pulse
        document.lastByte = pulse
    }

    /// What is left without a document: the pulses of the cash drawer, if any.
    mutating func takeRemainder() -> RawDocument? {
        guard document.drawerPulses > 0, !document.hasContent else { return nil }
        defer {
            document = RawDocument()
            document.beganLate = unsynchronised
        }
        return document
    }

    private mutating func assemble(_ token: PrintToken, at moment: Moment) -> [RawDocument] {
        let unreadable = assembler.unreadable
        guard let line = assembler.accept(token) else { return [] }
        document.unreadable = document.unreadable || unreadable
        var closed = add(line, at: moment)
        if document.lines.count >= lineLimit || document.textBytes >= DocumentSegmenter.textLimit {
            document.overlong = true
            closed += close(.implied)
        }
        return closed
    }

    /// The line failed or was opened again: what follows begins in the middle of something.
    mutating func lose() {
        unsynchronised = true
        document.beganLate = true
    }

    private mutating func count(_ token: PrintToken, at moment: Moment) {
        switch token {
        case .unknown:
            document.unknown += 1
            lineIsDirty = true
        case .truncated(let bytes):
            document.truncatedBytes += bytes
            lineIsDirty = true
        case .text(let bytes): document.textBytes += bytes.count
        case .padding: return
        default: document.known += 1
        }
        if document.firstByte == nil { document.firstByte = moment }
        document.lastByte = moment
    }

    private mutating func add(_ line: PrintedLine, at moment: Moment) -> [RawDocument] {
        var closed: [RawDocument] = []
        guard keep() else { return [] }
        if !document.lines.isEmpty, begin.matches(line.text) {
            // Its bytes came with the line that begins the next document; the counts stay where they were counted.
            closed += close(.implied)
            document.firstByte = moment
            document.lastByte = moment
        }
        document.lines.append(line)
        if let left = extraLeft {
            extraLeft = left - 1
            if left <= 1 { closed += close(.boundary) }
        } else if end.matches(line.text) {
            if extraLines > 0 { extraLeft = extraLines } else { closed += close(.boundary) }
        }
        return closed
    }

    /// False for lines of an unknown beginning that hold what is left of a command or an image.
    private mutating func keep() -> Bool {
        let dirty = lineIsDirty
        lineIsDirty = false
        return !(unsynchronised && dirty && document.lines.isEmpty)
    }
}

extension NSRegularExpression {
    /// True when the expression is found anywhere in `text`.
    func matches(_ text: String) -> Bool {
        firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
    }
}
