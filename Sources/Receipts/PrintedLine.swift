/// One printed line. Unredacted ones never leave the decoder.
struct PrintedLine: Sendable, Hashable {
    /// A part of the line that was printed in one style.
    struct Run: Sendable, Hashable {
        /// Offsets of characters (grapheme clusters) of the line's text.
        var range: Range<Int>
        var style: PrintStyle
    }

    var text: String
    /// In order, without gaps, together the whole text; empty when nothing is known of the style.
    var runs: [Run] = []
    var alignment = PrintAlignment.left

    /// Any of it was printed in double width or double height, as totals often are.
    var large: Bool { runs.contains { $0.style.isLarge } }
    /// Any of it was printed bold.
    var emphasised: Bool { runs.contains { $0.style.emphasised } }
    /// The style of its first character.
    var style: PrintStyle { runs.first?.style ?? PrintStyle() }

    init(text: String, runs: [Run] = [], alignment: PrintAlignment = .left) {
        self.text = text
        self.runs = runs
        self.alignment = alignment
    }

    /// The same line with its text redacted. Runs keep their offsets as far as the new text goes; the last one takes what
    /// the text has grown by.
    func with(text: String) -> PrintedLine {
        guard text != self.text, !runs.isEmpty else { return PrintedLine(text: text, runs: runs, alignment: alignment) }
        let count = text.count
        var kept: [Run] = []
        for run in runs where run.range.lowerBound < count {
            kept.append(Run(range: run.range.lowerBound..<min(run.range.upperBound, count), style: run.style))
        }
        if let last = kept.indices.last { kept[last].range = kept[last].range.lowerBound..<count }
        return PrintedLine(text: text, runs: kept, alignment: alignment)
    }

    /// The text of a run; empty when its range does not lie in the text.
    func text(of run: Run) -> Substring {
        text.dropFirst(run.range.lowerBound).prefix(run.range.count)
    }
}
