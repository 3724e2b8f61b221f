import Foundation

/// Tells several tills on one feed apart by how each line begins, before anything is cut into documents.
///
/// A line ends with LF, CR, CR LF or FF. The prefix is taken off. Lines of nobody are counted and dropped; blank ones go
/// to whom the line before belonged. It holds at most one line.
struct PrefixDemultiplexer: Sendable {
    /// A line that is longer was never a line; it is handed on in pieces.
    static let lineLimit = 8192

    private let prefixes: [Prefix]
    private var line: [UInt8] = []
    /// Whose line the pieces of a long line belong to.
    private var continues = false
    private var current: Int?
    private var afterReturn = false
    /// Lines that began like those of no till.
    private(set) var strangeLines = 0

    /// Of a line, only so many bytes are looked at for a prefix.
    static let prefixLimit = 256

    private struct Prefix: Sendable {
        /// ICU reports progress every 10,000 steps of its matcher; a prefix takes a few. One that backtracks without end has
        /// not matched.
        private static let reports = 5
        let expression: NSRegularExpression

        /// How many characters the prefix takes at the start of `text`, nil when it does not match.
        func length(in text: String, _ range: NSRange) -> Int? {
            var length: Int?
            var reports = 0
            expression.enumerateMatches(in: text, options: [.anchored, .reportProgress], range: range) {
                result, flags, stop in
                if let result {
                    length = result.range.length
                    stop.pointee = true
                } else if flags.contains(.progress) {
                    reports += 1
                    if reports > Prefix.reports { stop.pointee = true }
                }
            }
            return length
        }
    }

    /// One regular expression (ICU) a till; it must match at the start of a line.
    /// - Throws: what NSRegularExpression says about one that is none.
    init(_ patterns: [String]) throws {
        prefixes = try patterns.map { Prefix(expression: try NSRegularExpression(pattern: $0)) }
    }

    /// True while a line without its end is held.
    var isInsideLine: Bool { !line.isEmpty }

    /// Takes the next bytes; `emit` gets the till's index and the line with its end, without its prefix.
    mutating func consume(_ bytes: some Sequence<UInt8>, _ emit: (Int, [UInt8]) -> Void) {
        for byte in bytes {
            if afterReturn {
                afterReturn = false
                if byte == 0x0A {
                    line.append(byte)
                    finish(ended: true, emit)
                    continue
                }
                finish(ended: true, emit)
            }
            line.append(byte)
            switch byte {
            case 0x0A, 0x0C: finish(ended: true, emit)
            case 0x0D: afterReturn = true
            default: if line.count >= PrefixDemultiplexer.lineLimit { finish(ended: false, emit) }
            }
        }
    }

    /// The line has been silent: what is in hand is handed on as it is.
    mutating func flush(_ emit: (Int, [UInt8]) -> Void) {
        if !line.isEmpty { finish(ended: true, emit) }
        afterReturn = false
    }

    private mutating func finish(ended: Bool, _ emit: (Int, [UInt8]) -> Void) {
        defer {
            line.removeAll(keepingCapacity: true)
            continues = !ended
        }
        if continues || line.allSatisfy({ $0 == 0x0D || $0 == 0x0A || $0 == 0x20 }) {
            if let current { emit(current, line) }
            return
        }
        // One character a byte, so that places in the text are places in the bytes.
        let head = line.prefix(PrefixDemultiplexer.prefixLimit)
        let text = String(String.UnicodeScalarView(head.map { Unicode.Scalar($0) }))
        let whole = NSRange(location: 0, length: head.count)
        for (index, prefix) in prefixes.enumerated() {
            if let length = prefix.length(in: text, whole) {
                current = index
                emit(index, Array(line[length...]))
                return
            }
        }
        current = nil
        strangeLines += 1
    }
}
