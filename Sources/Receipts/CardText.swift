/// The scalars of a document's lines as one text, in which digits can be masked where they stand.
struct CardText {
    private var scalars: [Unicode.Scalar] = []
    /// Where each line begins.
    private var starts: [Int] = []
    /// The lines as they came, and which of them changed since.
    private let originals: [String]
    private var changed: Set<Int> = []
    private static let mask: Unicode.Scalar = "*"

    init(_ lines: [String]) {
        originals = lines
        for (index, line) in lines.enumerated() {
            if index > 0 { scalars.append("\n") }
            starts.append(scalars.count)
            // A line end in a line would make one line two.
            guard line.utf8.contains(0x0A) else {
                scalars.append(contentsOf: line.unicodeScalars)
                continue
            }
            scalars += line.unicodeScalars.map { $0 == "\n" ? " " : $0 }
            changed.insert(index)
        }
    }

    var lines: [String] {
        var lines = originals
        for index in changed {
            let end = index + 1 < starts.count ? starts[index + 1] - 1 : scalars.count
            lines[index] = String(String.UnicodeScalarView(scalars[starts[index]..<end]))
        }
        return lines
    }

    /// The line, counted from 0, in which a position lies.
    func line(of position: Int) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= position { low = middle } else { high = middle }
        }
        return low
    }

    /// Masks the digits at `positions` but for the last four.
    mutating func maskAllButLastFour(_ positions: [Int]) {
        for position in positions.dropLast(4) { mask(position) }
    }

    /// Every run of digit groups in the text.
    func digitRuns() -> [DigitRun] {
        var runs: [DigitRun] = []
        var run = DigitRun()
        var group = DigitRun.Group()
        var blanks = 0
        var marks = 0
        var letters = 0
        var lineEnds = 0
        for (position, scalar) in scalars.enumerated() {
            if let digit = CardText.digit(scalar) {
                if blanks + marks + letters + lineEnds > 0, !group.digits.isEmpty {
                    run.groups.append(group)
                    group = DigitRun.Group(divider: letters > 0 ? .letter : marks > 0 ? .mark : .blank)
                }
                group.digits.append(digit)
                group.positions.append(position)
                (blanks, marks, letters, lineEnds) = (0, 0, 0, 0)
                continue
            }
            switch scalar {
            case "\n": lineEnds += 1
            case "-", "\u{AD}", "\u{2010}"..."\u{2015}", "\u{2212}", "(", ")", "[", "]": blanks += 1
            case ".", ",", "/", "\\", "|", "_", "*", ":", "+", "'", "\u{2019}", "\u{B7}": marks += 1
            default:
                if CardText.isBlank(scalar) { blanks += 1 } else { letters += 1 }
            }
            if marks + letters > 1 || lineEnds > 2 || blanks > 64 {
                if !group.digits.isEmpty { run.groups.append(group) }
                if !run.groups.isEmpty { runs.append(run) }
                run = DigitRun()
                group = DigitRun.Group()
                (blanks, marks, letters, lineEnds) = (0, 0, 0, 0)
            }
        }
        if !group.digits.isEmpty { run.groups.append(group) }
        if !run.groups.isEmpty { runs.append(run) }
        return runs
    }

    /// Digits that stand together in one line, with at most one blank or dash between them.
    struct Cell {
        var column: Int
        var digits: [UInt8] = []
        /// Where the digits stand in the text.
        var positions: [Int] = []
    }

    /// The cells of each line, left to right.
    func cells() -> [[Cell]] {
        var lines: [[Cell]] = [[]]
        var start = 0
        var cell: Cell?
        var divided = 0
        func close(_ cell: inout Cell?) {
            if let done = cell { lines[lines.count - 1].append(done) }
            cell = nil
        }
        for (position, scalar) in scalars.enumerated() {
            if let digit = CardText.digit(scalar) {
                if divided > 1 { close(&cell) }
                if cell == nil { cell = Cell(column: position - start) }
                cell?.digits.append(digit)
                cell?.positions.append(position)
                divided = 0
            } else if scalar == "\n" {
                close(&cell)
                lines.append([])
                start = position + 1
            } else if scalar == " " || scalar == "-" {
                divided += 1
            } else {
                close(&cell)
            }
        }
        close(&cell)
        return lines
    }

    /// The first cell of a line that begins at `column` or right beside it. Searched by halves: a line may hold thousands.
    static func cell(in line: [Cell], near column: Int) -> Cell? {
        ReadingSteps.step()
        var low = 0
        var high = line.count
        while low < high {
            let middle = (low + high) / 2
            if line[middle].column < column - 1 { low = middle + 1 } else { high = middle }
        }
        return low < line.count && line[low].column <= column + 1 ? line[low] : nil
    }

    /// Masks magnetic stripe data (ISO/IEC 7813): track 1 `%B<number>^<name>^<date...>?` and track 2
    /// `;<number>=<date...>?`, with or without their first and last characters, and chip's `<number>D<date...>`. `number`
    /// is given each number.
    mutating func maskTracks(_ number: (ArraySlice<UInt8>) -> Void) -> Int {
        var found = 0
        var index = 0
        while index < scalars.count {
            defer { index += 1 }
            guard CardText.digit(scalars[index]) != nil, index == 0 || CardText.digit(scalars[index - 1]) == nil else {
                continue
            }
            var end = index
            var digits = 0
            while end < scalars.count, digits <= 19,
                CardText.digit(scalars[end]) != nil || CardText.isBreak(scalars[end])
            {
                digits += CardText.digit(scalars[end]) == nil ? 0 : 1
                end += 1
            }
            guard (12...19).contains(digits), end < scalars.count else { continue }
            let separator = scalars[end]
            var tail = end + 1
            switch separator {
            case "^": tail = trackOneEnd(from: tail)
            case "=", "D", "d": tail = trackTwoEnd(from: tail)
            default: continue
            }
            guard tail > end + 1 else { continue }
            number(scalars[index..<end].compactMap { CardText.digit($0) }[...])
            mask(index..<tail)
            index = tail
            found += 1
        }
        return found
    }

    /// Masks what is left readable of numbers that the till cut short itself, such as first six and last four.
    mutating func maskTruncated() -> Int {
        var found = 0
        var index = 0
        while index < scalars.count {
            guard CardText.digit(scalars[index]) != nil || CardText.isMask(scalars[index]) else {
                index += 1
                continue
            }
            var end = index
            // Digits before the last mask character, and the group right behind it: the last four.
            var leading: [Int] = []
            var trailing: [Int] = []
            var masks = 0
            while end < scalars.count, leading.count + trailing.count + masks < 20 {
                if CardText.digit(scalars[end]) != nil {
                    trailing.append(end)
                } else if CardText.isMask(scalars[end]) {
                    masks += 1
                    leading += trailing
                    trailing = []
                } else if scalars[end] != " " && scalars[end] != "-" {
                    break
                } else if masks > 0 && !trailing.isEmpty || end > index && scalars[end - 1] == " " {
                    break
                }
                end += 1
            }
            let total = leading.count + trailing.count + masks
            let hidden = leading + trailing.dropLast(4)
            if masks >= 4, (12...20).contains(total), !hidden.isEmpty {
                for position in hidden { mask(position) }
                found += 1
            }
            index = max(end, index + 1)
        }
        return found
    }

    private mutating func mask(_ range: Range<Int>) {
        for position in range where !CardText.isBlank(scalars[position]) { mask(position) }
    }

    private mutating func mask(_ position: Int) {
        scalars[position] = CardText.mask
        changed.insert(line(of: position))
    }

    /// Name, date and the rest up to the end sentinel; the name is text, so only the field separators and a length of at
    /// most 79 characters tell its end.
    private func trackOneEnd(from start: Int) -> Int {
        let limit = min(scalars.count, start + 96)
        var separators = 0
        var end = start
        while end < limit {
            if scalars[end] == "?" { return end + 1 }
            if scalars[end] == "^" { separators += 1 }
            if separators > 0, scalars[end] == "\n", end + 1 < limit, CardText.digit(scalars[end + 1]) == nil { break }
            end += 1
        }
        return separators > 0 ? end : start
    }

    private func trackTwoEnd(from start: Int) -> Int {
        var end = start
        var digits = 0
        while end < scalars.count, end < start + 48 {
            if scalars[end] == "?" { return digits >= 4 ? end + 1 : start }
            if CardText.digit(scalars[end]) != nil {
                digits += 1
            } else if scalars[end] != "\n", scalars[end] != "=", scalars[end] != "F", scalars[end] != "f" {
                break
            }
            end += 1
        }
        return digits >= 4 ? end : start
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" }

    private static func isMask(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "*" || scalar == "X" || scalar == "x" || scalar == "#" || scalar == "\u{2022}"
    }

    /// Unicode's tables are slow, and nearly everything that tills print is ASCII.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return scalar == " " || (0x09...0x0D).contains(scalar.value) }
        return scalar.properties.isWhitespace || scalar == "\u{200B}"
    }

    /// The digits of any script: ASCII, full-width, Arabic-Indic and so on.
    @inline(__always)
    private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        let value = scalar.value
        if value < 0x80 { return value >= 0x30 && value <= 0x39 ? UInt8(truncatingIfNeeded: value - 0x30) : nil }
        guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue else { return nil }
        return UInt8(exactly: value)
    }
}
