/// Finds raw byte patterns in the stream before it is tokenised, and divides it there. Bytes that may be the start of a
/// pattern are held back until it is decided: at most `BoundaryPattern.hexLimit`.
struct RawMarks: Sendable {
    enum Piece: Equatable {
        case bytes([UInt8])
        /// The next bytes begin a document.
        case begin([UInt8])
        /// These bytes end a document.
        case end([UInt8])
    }

    private let begin: [[UInt8]]
    private let end: [[UInt8]]
    private var held: [UInt8] = []

    init(begin: [[UInt8]], end: [[UInt8]]) {
        // The longest first: it says more.
        self.begin = begin.sorted { $0.count > $1.count }
        self.end = end.sorted { $0.count > $1.count }
    }

    var isEmpty: Bool { begin.isEmpty && end.isEmpty }
    var isHolding: Bool { !held.isEmpty }

    mutating func take(_ bytes: some Collection<UInt8>) -> [Piece] {
        var pieces: [Piece] = []
        var rest = held[...]
        rest += bytes
        held = []
        var plain: [UInt8] = []
        func flush() {
            if !plain.isEmpty { pieces.append(.bytes(plain)) }
            plain.removeAll(keepingCapacity: true)
        }
        scan: while let first = rest.first {
            var mayFollow = false
            for (patterns, isBegin) in [(begin, true), (end, false)] {
                for pattern in patterns where pattern[0] == first {
                    if rest.starts(with: pattern) {
                        // A longer pattern that has begun here is still awaited.
                        if mayFollow { break }
                        flush()
                        pieces.append(isBegin ? .begin(pattern) : .end(pattern))
                        rest = rest.dropFirst(pattern.count)
                        continue scan
                    }
                    if pattern.count > rest.count, pattern.starts(with: rest) { mayFollow = true }
                }
            }
            if mayFollow { break }
            plain.append(first)
            rest = rest.dropFirst()
        }
        flush()
        held = Array(rest)
        return pieces
    }

    /// The line is silent: what was held back is no pattern. A complete shorter pattern in it is still found.
    mutating func release() -> [Piece] {
        var pieces: [Piece] = []
        while let first = held.first {
            let found = (begin.map { ($0, true) } + end.map { ($0, false) }).first { held.starts(with: $0.0) }
            if let (pattern, isBegin) = found {
                pieces.append(isBegin ? .begin(pattern) : .end(pattern))
                held.removeFirst(pattern.count)
            } else {
                pieces.append(.bytes([first]))
                held.removeFirst()
            }
        }
        return pieces
    }
}
