/// Counts what a stream consists of in one dialect, without making documents: how well the dialect fits. Nothing of the
/// text is kept.
package struct TokenCount: Sendable {
    package let dialect: Dialect
    package private(set) var bytes = 0
    package private(set) var known = 0
    package private(set) var unknown = 0
    /// Printable bytes.
    package private(set) var text = 0
    package private(set) var cuts = 0
    /// Payload bytes of images.
    package private(set) var raster = 0
    /// Bytes of commands that never came to their end.
    package private(set) var truncated = 0

    package init(dialect: Dialect) { self.dialect = dialect }

    /// Unknown commands among all, 0 to 1; 0 when there are none.
    package var unknownShare: Double { known + unknown > 0 ? Double(unknown) / Double(known + unknown) : 0 }
    /// True when there are too many unknown commands for this dialect, given enough of them.
    package var isWrong: Bool { known + unknown >= DialectMonitor.minimum && unknownShare > DialectMonitor.begins }

    /// Takes a whole capture.
    package mutating func take(_ capture: [UInt8]) {
        var tokeniser = DialectTokeniser(dialect)
        bytes += capture.count
        // In pieces, as a line gives them: the tokens of a large capture need not all be there at once.
        for start in stride(from: 0, to: capture.count, by: 65536) {
            count(tokeniser.consume(capture[start..<min(capture.count, start + 65536)]))
        }
        count(tokeniser.recover(giveUp: true))
    }

    private mutating func count(_ tokens: [PrintToken]) {
        for token in tokens {
            switch token {
            case .text(let run): text += run.count
            case .unknown: unknown += 1
            case .truncated(let bytes): truncated += bytes
            case .raster(let bytes):
                raster += bytes
                known += 1
            case .cut:
                cuts += 1
                known += 1
            default: known += token.isKnownCommand ? 1 : 0
            }
        }
    }

    /// One line for a person.
    package var summary: String {
        let percent = Int((unknownShare * 100).rounded())
        let fits = isWrong ? "wrong dialect?" : "fits \(dialect.rawValue)"
        return
            "\(bytes) bytes: \(text) of text, \(raster) of images, \(known) commands known, \(unknown) unknown (\(percent) %), "
            + "\(cuts) cuts, \(truncated) bytes given up: \(fits)"
    }
}
