/// Joins runs of text into lines, in the code page and national set that the stream selects.
struct LineAssembler: Sendable {
    /// A line that is longer was never printed on paper; it is broken here, so that memory stays bounded.
    static let lineLimit = 1024

    private struct Run: Sendable {
        var page: CodePage
        var national: NationalSet
        var bytes: [UInt8]
    }

    private let profile: CodePageProfile
    private var page: CodePage
    private var national = NationalSet(0)
    private var doubleByte: Bool
    private var ownGlyphs = false
    private var large = false

    private var runs: [Run] = []
    private var length = 0
    private var lineIsLarge = false
    private var moved = false
    private var afterReturn = false
    /// The line in hand holds text in a page without a table, or in the till's own glyphs.
    private(set) var unreadable = false

    init(profile: CodePageProfile) {
        self.profile = profile
        page = profile.initial
        doubleByte = profile.multibyte != nil
    }

    var isEmpty: Bool { length == 0 }

    /// Bytes that the line in hand still takes; more must not be given at once.
    var room: Int { max(0, LineAssembler.lineLimit - length) }

    /// Takes a token; returns the line that it ended, if it held more than blanks.
    mutating func accept(_ token: PrintToken) -> PrintedLine? {
        switch token {
        case .text(let bytes):
            afterReturn = false
            append(bytes)
            return room == 0 ? take() : nil
        case .lineFeed:
            // CR LF is one line end.
            defer { afterReturn = false }
            return afterReturn ? nil : take()
        case .carriageReturn:
            afterReturn = true
            return take()
        case .move:
            if length > 0 { moved = true }
        case .style(let large): self.large = large
        case .codePage(let number): page = profile.page(number)
        case .nationalSet(let number): national = NationalSet(number)
        case .doubleByte(let on): doubleByte = on && profile.multibyte != nil
        case .ownGlyphs(let on): ownGlyphs = on
        case .initialise: reset()
        default: break
        }
        return nil
    }

    /// The line in hand, if it holds more than blanks; the next one is empty.
    mutating func take() -> PrintedLine? {
        defer {
            runs.removeAll(keepingCapacity: true)
            length = 0
            lineIsLarge = false
            moved = false
            unreadable = false
        }
        guard length > 0 else { return nil }
        var text = ""
        for run in runs { text += run.page.text(run.bytes, national: run.national) }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text.isEmpty ? nil : PrintedLine(text: text, large: lineIsLarge)
    }

    private mutating func append(_ bytes: [UInt8]) {
        // Columns that are placed by position need something between them.
        let gap: [UInt8] = moved ? [0x20, 0x20] : []
        moved = false
        lineIsLarge = lineIsLarge || large
        let current = doubleByte ? profile.multibyte ?? page : page
        if ownGlyphs { unreadable = true }
        if case .untabled = current, bytes.contains(where: { $0 >= 0x80 }) { unreadable = true }
        let bytes = gap + bytes
        length += bytes.count
        if let last = runs.indices.last, runs[last].page == current, runs[last].national == national {
            runs[last].bytes += bytes
        } else {
            runs.append(Run(page: current, national: national, bytes: bytes))
        }
    }

    private mutating func reset() {
        page = profile.initial
        national = NationalSet(0)
        doubleByte = profile.multibyte != nil
        ownGlyphs = false
        large = false
    }
}
