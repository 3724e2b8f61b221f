import Foundation
import Subjects

/// Finds where one document ends and the next begins: a cut, a printer reset, a configured first or last line, a long
/// silence. No single mark is relied on, because a lost byte can take any of them away.
struct DocumentSegmenter: Sendable {
    /// Lines, text and symbols of one document that are kept; a longer one is closed and said to be overlong.
    static let lineLimit = 4000
    static let textLimit = 128 * 1024
    static let symbolLimit = 32
    static let symbolBytes = 2048

    private var assembler: LineAssembler
    private let begin: [NSRegularExpression]
    private let end: [NSRegularExpression]
    private var document = RawDocument()
    private var lineIsDirty = false
    /// Listening began in the middle of something, and nothing yet says of what.
    private var unsynchronised: Bool

    init(profile: CodePageProfile, begin: [NSRegularExpression], end: [NSRegularExpression], synchronised: Bool) {
        assembler = LineAssembler(profile: profile)
        self.begin = begin
        self.end = end
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
        if case .initialise = token {
            closed += close(.implied)
        }
        count(token, at: moment)
        switch token {
        case .text(let bytes):
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(max(1, assembler.room))
                rest = rest.dropFirst(piece.count)
                closed += assemble(.text(Array(piece)), at: moment)
            }
        case .cut: closed += close(.boundary)
        case .symbol(_, let data):
            if document.symbols.count < DocumentSegmenter.symbolLimit {
                document.symbols.append(String(decoding: data.prefix(DocumentSegmenter.symbolBytes), as: UTF8.self))
            }
        case .raster(let bytes): document.rasterBytes += bytes
        case .drawer:
            document.drawerPulses += 1
            document.pulse = moment
        default: closed += assemble(token, at: moment)
        }
        return closed
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
        if document.lines.count >= DocumentSegmenter.lineLimit || document.textBytes >= DocumentSegmenter.textLimit {
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
        if !document.lines.isEmpty, begin.contains(where: { $0.matches(line.text) }) {
            // Its bytes came with the line that begins the next document; the counts stay where they were counted.
            closed += close(.implied)
            document.firstByte = moment
            document.lastByte = moment
        }
        document.lines.append(line)
        if end.contains(where: { $0.matches(line.text) }) { closed += close(.boundary) }
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
