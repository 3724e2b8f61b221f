import Foundation

/// What tells the first or the last line of a document.
package enum BoundaryPattern: Sendable, Hashable {
    /// The whole line, but for blanks around and between its words.
    case exact(String)
    /// The whole line with `*` for anything and `?` for one character.
    case wildcard(String)
    /// Found anywhere in the line (ICU syntax).
    case regex(String)
    /// These raw bytes anywhere in the stream, commands included.
    case hex([UInt8])

    /// The longest hex pattern: as many bytes may be held back while they could still become a match.
    package static let hexLimit = 64

    /// The bytes of `1B 40`, `1b40` or `0x1B,0x40`; nil for anything else, for none, and for more than `hexLimit`.
    package static func bytes(hex text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for part in text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == ":" }) {
            var digits = part
            if digits.hasPrefix("0x") || digits.hasPrefix("0X") { digits = digits.dropFirst(2) }
            guard !digits.isEmpty, digits.count.isMultiple(of: 2), digits.allSatisfy(\.isHexDigit) else { return nil }
            while !digits.isEmpty {
                guard let byte = UInt8(digits.prefix(2), radix: 16) else { return nil }
                bytes.append(byte)
                digits = digits.dropFirst(2)
            }
        }
        return bytes.isEmpty || bytes.count > hexLimit ? nil : bytes
    }
}

/// How documents are told apart on one feed, beside cuts and resets.
package struct SegmentationSettings: Sendable, Hashable {
    /// The first line of a document: it ends the one before.
    package var begin: [BoundaryPattern] = []
    /// The last line of a document.
    package var end: [BoundaryPattern] = []
    /// Lines that still belong to the document after its last line was found, 0 to 10.
    package var extraLines = 0
    /// Capitals and small letters differ.
    package var caseSensitive = false
    /// Lines after which a document is closed and said to be overlong, 10 to 4000.
    package var lineLimit = 4000
    /// Form feeds that end a document; nil is 1 in plain text and none elsewhere, 0 is none.
    package var pageLimit: Int?
    /// A reset of the printer ends a document. Some tills reset between the parts of one receipt.
    package var resetEnds = true
    /// Slips with the same number within this time become one document, which is given out when the time is over; nil
    /// gives out each at once.
    package var joinWithin: Duration?

    package init() {}
}

/// The line patterns of one side, ready for use.
struct BoundaryMatcher: Sendable {
    private let expressions: [LinePattern]
    /// The raw patterns, which are found in the byte stream instead (`RawMarks`).
    let raw: [[UInt8]]

    var isEmpty: Bool { expressions.isEmpty }

    /// `more` are expressions that were compiled elsewhere. Throws for a regular expression that cannot be used.
    init(
        _ patterns: [BoundaryPattern], field: String, caseSensitive: Bool, more: [LinePattern]
    ) throws(PatternError) {
        var expressions = more
        var raw: [[UInt8]] = []
        for (index, pattern) in patterns.enumerated() {
            let text: String
            switch pattern {
            case .exact(let line): text = BoundaryMatcher.whole(line) { NSRegularExpression.escapedPattern(for: $0) }
            case .wildcard(let line):
                text = BoundaryMatcher.whole(line) { word in
                    word.map { character in
                        switch character {
                        case "*": ".*"
                        case "?": "."
                        default: NSRegularExpression.escapedPattern(for: String(character))
                        }
                    }.joined()
                }
            case .regex(let expression): text = expression
            case .hex(let bytes):
                raw.append(bytes)
                continue
            }
            guard let expression = LinePattern(text, caseSensitive: caseSensitive) else {
                throw PatternError(field: field, position: index + 1, pattern: text)
            }
            expressions.append(expression)
        }
        self.expressions = expressions
        self.raw = raw
    }

    func matches(_ line: String) -> Bool {
        guard !expressions.isEmpty else { return false }
        let line = ReadLine(line)
        return expressions.contains { $0.matches(line) }
    }

    /// An expression for the whole line with any blanks between its words.
    private static func whole(_ line: String, _ escape: (String) -> String) -> String {
        let words = line.split(whereSeparator: \.isWhitespace).map { escape(String($0)) }
        return #"^\s*"# + words.joined(separator: #"\s+"#) + #"\s*$"#
    }
}
