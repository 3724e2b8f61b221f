/// Joins runs of text into lines, in the code page and national set that the stream selects.
struct LineAssembler: Sendable {
    /// A line that is longer was never printed on paper; it is broken here, so that memory stays bounded.
    static let lineLimit = 1024

    private struct Run: Sendable {
        var page: CodePage
        var national: NationalSet
        var style: PrintStyle
        var bytes: [UInt8]
    }

    private let profile: CodePageProfile
    private var page: CodePage
    private var national = NationalSet(0)
    private var doubleByte: Bool
    /// `FS &` was sent, so that double-byte text is not merely the printer's default.
    private var doubleByteAsked = false
    private var kanjiCode: UInt8?
    private var ownGlyphs = false
    private var style = PrintStyle()
    private var alignment = PrintAlignment.left

    private var runs: [Run] = []
    private var length = 0
    private var lineAlignment = PrintAlignment.left
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
        case .lineFeed, .pageEnd:
            // CR LF is one line end.
            defer { afterReturn = false }
            return afterReturn ? nil : take()
        case .carriageReturn:
            afterReturn = true
            return take()
        case .move:
            if length > 0 { moved = true }
        case .style(let change):
            style.apply(change)
            alignment = change.alignment ?? alignment
        case .codePage(let number): page = profile.page(number)
        case .nationalSet(let number): national = NationalSet(number)
        case .doubleByte(let on):
            doubleByte = on && profile.multibyte != nil
            doubleByteAsked = doubleByte
        case .kanjiCode(let code): kanjiCode = code & 0x0F
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
            moved = false
            unreadable = false
        }
        guard length > 0 else { return nil }
        return printed()
    }

    private func printed() -> PrintedLine? {
        var text = ""
        var styles: [PrintedLine.Run] = []
        for run in runs {
            let from = text.count
            text += run.page.text(run.bytes, national: run.national)
            let to = text.count
            guard to > from else { continue }
            if let last = styles.indices.last, styles[last].style == run.style {
                styles[last].range = styles[last].range.lowerBound..<to
            } else {
                styles.append(PrintedLine.Run(range: from..<to, style: run.style))
            }
        }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        guard !text.isEmpty else { return nil }
        let count = text.count
        if styles.last.map({ $0.range.upperBound > count }) ?? false {
            styles = styles.filter { $0.range.lowerBound < count }
            if let last = styles.indices.last {
                styles[last].range = styles[last].range.lowerBound..<min(count, styles[last].range.upperBound)
            }
        }
        return PrintedLine(text: text, runs: styles, alignment: lineAlignment)
    }

    private mutating func append(_ bytes: [UInt8]) {
        // Columns that are placed by position need something between them.
        let gap: [UInt8] = moved ? [0x20, 0x20] : []
        moved = false
        if length == 0 { lineAlignment = alignment }
        let current = page(for: bytes)
        if ownGlyphs { unreadable = true }
        if case .untabled = current, bytes.contains(where: { $0 >= 0x80 }) { unreadable = true }
        let bytes = gap + bytes
        length += bytes.count
        if let last = runs.indices.last, runs[last].page == current, runs[last].national == national,
            runs[last].style == style
        {
            runs[last].bytes += bytes
        } else {
            runs.append(Run(page: current, national: national, style: style, bytes: bytes))
        }
    }

    /// Japanese printers take JIS after `FS &` and Shift_JIS after `FS C 1`, and some drivers send the one and mean the
    /// other: JIS has no high bytes.
    private func page(for bytes: [UInt8]) -> CodePage {
        guard let multibyte = profile.multibyte else { return page }
        guard case .multibyte(let name) = multibyte, name == "shift_jis" else { return doubleByte ? multibyte : page }
        if kanjiCode == 1 { return multibyte }
        if doubleByteAsked, bytes.allSatisfy({ $0 < 0x80 }) { return .multibyte(name: "jis") }
        return doubleByte ? multibyte : page
    }

    private mutating func reset() {
        page = profile.initial
        national = NationalSet(0)
        doubleByte = profile.multibyte != nil
        doubleByteAsked = false
        kanjiCode = nil
        ownGlyphs = false
        style = PrintStyle()
        alignment = .left
    }
}
