import Subjects

/// What lies between two document boundaries, not yet redacted: it never leaves the decoder.
struct RawDocument: Sendable {
    /// How a document came to its end.
    enum Ending: Sendable {
        /// The paper was cut, or a configured last line was printed.
        case boundary
        /// The next document began, or the line was silent for long.
        case implied
        /// The printer was reset in the middle.
        case reset
        /// The capture or the port ended, or the line broke.
        case broken
    }

    var lines: [PrintedLine] = []
    /// Barcodes and 2-D symbols.
    var symbols: [PrintedSymbol] = []
    /// The transaction as data; then there are no lines.
    var journal: JournalRecord?
    /// Payload bytes of images, which are not kept.
    var rasterBytes = 0
    /// Printable bytes.
    var textBytes = 0
    var known = 0
    var unknown = 0
    var drawerPulses = 0
    /// When the last of them came.
    var pulse: Moment?
    /// Bytes of commands that were given up.
    var truncatedBytes = 0
    /// Listening began in the middle of it, or the line failed.
    var beganLate = false
    var ending = Ending.boundary
    /// It was cut off because it grew too long.
    var overlong = false
    /// Text in a page without a table, or in the till's own glyphs.
    var unreadable = false
    var firstByte: Moment?
    var lastByte: Moment?

    /// Hardly any text beside a large image.
    var isImage: Bool { rasterBytes > 4096 && textBytes < 64 }

    /// Something was printed: text, a symbol or an image; or it came as data.
    var hasContent: Bool { !lines.isEmpty || !symbols.isEmpty || rasterBytes > 0 || journal != nil }
}
