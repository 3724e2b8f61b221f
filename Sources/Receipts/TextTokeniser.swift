/// Cuts plain text into tokens: what a journal printer, a serial display or a file of a till's journal holds. CR, LF and
/// CRLF end lines, FF ends a page, TAB leaves a gap. Other control characters are unknown and counted.
package struct TextTokeniser: Sendable, Tokeniser {
    package init() {}

    /// Nothing is ever held: a text has no commands.
    package var isInsideCommand: Bool { false }

    package mutating func consume(_ bytes: some Sequence<UInt8>, _ emit: (PrintToken) -> Void) {
        var run: [UInt8] = []
        for byte in bytes {
            if PrintToken.isText(byte) {
                run.append(byte)
                continue
            }
            if !run.isEmpty {
                emit(.text(run))
                run.removeAll(keepingCapacity: true)
            }
            switch byte {
            case 0x0A: emit(.lineFeed)
            case 0x0D: emit(.carriageReturn)
            case 0x0C: emit(.pageEnd)
            case 0x09: emit(.move)
            // Fill bytes, XON and XOFF, and the end-of-file mark of DOS.
            case 0x00, 0x11, 0x13, 0x1A, 0x7F: emit(.padding)
            default: emit(.unknown)
            }
        }
        if !run.isEmpty { emit(.text(run)) }
    }

    package mutating func recover(giveUp: Bool, _ emit: (PrintToken) -> Void) {}
}
