/// What a printer line says, free of any dialect: one printed run, one control or one command.
package enum PrintToken: Sendable, Hashable {
    /// Printable bytes in the code page that is in force, never empty. A run may be split anywhere.
    case text([UInt8])
    /// The end of a printed line (LF, FF, paper feeds).
    case lineFeed
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
    /// Character size or emphasis; `large` is double width or double height.
    case style(large: Bool)
    /// The printer's number of a code page (`ESC t n`).
    case codePage(UInt8)
    /// The national set that replaces twelve ASCII characters (`ESC R n`).
    case nationalSet(UInt8)
    /// Double-byte characters on or off (`FS &`, `FS .`).
    case doubleByte(Bool)
    /// Characters drawn by the till itself on or off (`ESC % n`): their bytes say nothing.
    case ownGlyphs(Bool)
    /// A 1-D barcode (`matrix` false) or a 2-D symbol with its data bytes.
    case symbol(matrix: Bool, data: [UInt8])
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
}
