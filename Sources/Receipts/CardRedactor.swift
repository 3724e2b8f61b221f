/// Takes card data out of a document's text, in memory, before anything else sees it.
///
/// It works on all lines at once: digits may be divided by blanks, dashes and line ends. Only a card's last four digits
/// stay; every other digit becomes `*`, so that the lines keep their shape. It fails safe: about one in fifteen random
/// numbers of 16 digits goes too.
struct CardRedactor: Sendable {
    /// Leading digits of the retailer's own card numbers (loyalty cards with a check digit), which are not payment cards.
    let ownPrefixes: [[UInt8]]

    init(ownPrefixes: [String] = []) {
        self.ownPrefixes = ownPrefixes.map { $0.utf8.map { $0 &- 0x30 } }.filter { !$0.isEmpty }
    }

    /// The lines without card data; `counts` says what was found.
    func redact(_ lines: [String], counts: inout Redactions) -> [String] {
        var sightings = CardSightings()
        return redact(lines, counts: &counts, sightings: &sightings)
    }

    /// The same for lines that are read already; `sightings` also tells the long numbers that stand where payments stand.
    func redact(_ lines: [ReadLine], counts: inout Redactions, sightings: inout CardSightings) -> [ReadLine] {
        let texts = redact(lines.map { $0.text }, counts: &counts, sightings: &sightings)
        return zip(lines, texts).map { $0.text.utf8.elementsEqual($1.utf8) ? $0 : ReadLine($1) }
    }

    private func redact(_ lines: [String], counts: inout Redactions, sightings: inout CardSightings) -> [String] {
        guard !lines.isEmpty else { return [] }
        var page = Page(lines)
        counts.track += page.text.maskTracks { digits in
            if CardNumber.isPossible(digits), !isOwn(digits) { page.sightings.note(digits, isCard: true) }
        }
        counts.pan += maskNumbers(in: &page)
        counts.pan += maskColumns(in: &page)
        counts.pan += page.text.maskTruncated()
        sightings = page.sightings
        return page.text.lines
    }

    /// A document's text while it is searched.
    private struct Page {
        var text: CardText
        var payments: PaymentLines
        var sightings = CardSightings()

        init(_ lines: [String]) {
            text = CardText(lines)
            payments = PaymentLines(lines)
        }

        /// Whether a payment by card may stand where these digits do.
        mutating func isPayment(at positions: [Int]) -> Bool {
            guard let first = positions.first, let last = positions.last else { return false }
            return payments.isNear(text.line(of: first)) || payments.isNear(text.line(of: last))
        }
    }

    /// True when any digits of `text` could be a payment card's number.
    func holdsCard(_ text: String) -> Bool {
        var counts = Redactions()
        _ = redact([text], counts: &counts)
        return counts.pan + counts.track > 0
    }

    private func maskNumbers(in page: inout Page) -> Int {
        var found = 0
        for run in page.text.digitRuns() {
            // Every start is tried, also inside what was found: digits before a number may make a false one with its
            // first groups, and the true one must not be left half readable.
            var covered = -1
            for first in run.groups.indices {
                if let last = lastGroup(of: run, from: first) {
                    page.text.maskAllButLastFour(run.positions(first...last))
                    if first > covered {
                        found += 1
                        note(run, first...last, isCard: true, on: &page)
                    }
                    covered = max(covered, last)
                } else if first > covered {
                    found += maskWithin(run.groups[first], in: &page)
                    note(run, first...(run.endOfCardShape(from: first) ?? first), isCard: false, on: &page)
                }
            }
        }
        return found
    }

    /// Tells of a long number, if it stands as card numbers do: in their grouping, or as one group where payments stand.
    private func note(_ run: DigitRun, _ range: ClosedRange<Int>, isCard: Bool, on page: inout Page) {
        let digits = run.groups[range].flatMap(\.digits)
        guard (13...19).contains(digits.count), !isOwn(digits[...]) else { return }
        guard
            run.endOfCardShape(from: range.lowerBound) == range.upperBound
                || (range.count == 1 || isCard) && page.isPayment(at: run.positions(range))
        else { return }
        page.sightings.note(digits, isCard: isCard)
    }

    /// The last of the groups from `first` on that together are a card number.
    private func lastGroup(of run: DigitRun, from first: Int) -> Int? {
        var digits: [UInt8] = []
        var match: Int?
        for index in first..<run.groups.count {
            digits += run.groups[index].digits
            if digits.count > 19 { break }
            guard digits.count >= 12, run.mayJoin(first...index), !isOwn(digits[...]) else { continue }
            let whole = index == first
            let plausible =
                whole || run.isCardShaped(first...index)
                ? CardNumber.isPossible(digits[...]) : CardNumber.isCommon(digits[...])
            if plausible { match = index }
        }
        return match
    }

    /// Card numbers inside one longer group of digits.
    private func maskWithin(_ group: DigitRun.Group, in page: inout Page) -> Int {
        guard group.digits.count > 12, !isOwn(group.digits[...]) else { return 0 }
        // Where payments stand, any scheme is looked for at any length; elsewhere too many receipt numbers would be hit.
        let isPayment = page.isPayment(at: group.positions)
        let shortest = 12
        var found = 0
        var covered = 0
        // A false number may lie across the start of the true one, so every start is tried.
        for start in 0...(group.digits.count - shortest) {
            for length in stride(from: min(19, group.digits.count - start), through: shortest, by: -1) {
                let window = group.digits[start..<(start + length)]
                guard isPayment ? CardNumber.isPossible(window) : CardNumber.isUsual(window), !isOwn(window) else {
                    continue
                }
                page.text.maskAllButLastFour(Array(group.positions[start..<(start + length)]))
                if start >= covered { found += 1 }
                covered = max(covered, start + length)
                break
            }
        }
        return found
    }

    /// Numbers that stand below each other, a part in each of two to five lines, whatever stands beside them.
    private func maskColumns(in page: inout Page) -> Int {
        var found = 0
        let lines = page.text.cells()
        for (index, line) in lines.enumerated() {
            for cell in line where (4...12).contains(cell.digits.count) {
                var digits = cell.digits
                var positions = cell.positions
                for below in lines.dropFirst(index + 1).prefix(4) {
                    guard
                        let part = CardText.cell(in: below, near: cell.column), (1...12).contains(part.digits.count)
                    else { break }
                    digits += part.digits
                    positions += part.positions
                    guard digits.count <= 19 else { break }
                    guard digits.count >= 12, !isOwn(digits[...]) else { continue }
                    // The longest one counts: a part of a long number may pass for a shorter one.
                    if CardNumber.isUsual(digits[...])
                        || CardNumber.isPossible(digits[...]) && page.isPayment(at: positions)
                    {
                        page.text.maskAllButLastFour(positions)
                        found += 1
                    }
                    // A single digit may only end a number, such as 17 digits in fours: quantities stand in columns, too.
                    if part.digits.count == 1 { break }
                }
            }
        }
        return found
    }

    private func isOwn(_ digits: ArraySlice<UInt8>) -> Bool {
        ownPrefixes.contains { digits.starts(with: $0) }
    }
}
