/// What a printer line says, free of any dialect: one printed run, one control or one command.
package enum PrintToken: Sendable, Hashable {
    /// Printable bytes in the code page that is in force, never empty. A run may be split anywhere.
    case text([UInt8])
    /// The end of a printed line (LF, paper feeds).
    case lineFeed
    /// The end of a page (FF).
    case pageEnd
    /// CR: ends a line unless an LF follows.
    case carriageReturn
    /// The next text starts elsewhere on the same line (tabs, absolute and relative positions).
    case move
    /// Printer reset to its defaults: the usual start of a document.
    case initialise
    /// The paper was cut: the end of a document.
    case cut
    /// A cash drawer pulse.
    case drawer
    /// Size, emphasis or alignment of what follows.
    case style(PrintStyle.Change)
    /// The printer's number of a code page (`ESC t n`).
    case codePage(UInt8)
    /// The national set that replaces twelve ASCII characters (`ESC R n`).
    case nationalSet(UInt8)
    /// Double-byte characters on or off (`FS &`, `FS .`).
    case doubleByte(Bool)
    /// Which code double-byte characters are in (`FS C n`): 0 JIS, 1 Shift_JIS.
    case kanjiCode(UInt8)
    /// Characters drawn by the till itself on or off (`ESC % n`): their bytes say nothing.
    case ownGlyphs(Bool)
    /// A barcode or 2-D symbol.
    case symbol(PrintedSymbol)
    /// A whole transaction as data.
    indirect case journal(JournalRecord)
    /// An image of so many payload bytes.
    case raster(bytes: Int)
    /// Any other known command, of no consequence for the text.
    case command
    /// A command or control byte that the dialect does not have.
    case unknown
    /// Bytes that mean nothing and are no command, such as NUL padding; not counted.
    case padding
    /// A declared payload that never came, or a command broken off: `bytes` were given up.
    case truncated(bytes: Int)

    /// True for what counts as a known command of the dialect in `Document.commands`.
    var isKnownCommand: Bool {
        switch self {
        case .text, .unknown, .padding, .truncated: false
        default: true
        }
    }

    /// True for bytes that print; whether they do so alone or in pairs is the code page's matter.
    static func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F }
}
