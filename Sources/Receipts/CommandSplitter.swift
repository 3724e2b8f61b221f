/// Cuts a printer's stream into text and whole commands without interpreting them: for what has to see the commands
/// themselves (answers to a till's status requests, the technician's raw view, masked captures).
///
/// It holds at most one unfinished command.
package struct CommandSplitter: Sendable {
    package enum Piece: Sendable, Hashable {
        /// Printable bytes, never empty. A run may be split anywhere.
        case text([UInt8])
        /// A command or control byte with its payload.
        case command([UInt8])
        /// Two bytes that begin no command.
        case unknown([UInt8])
    }

    private var buffer: [UInt8] = []
    private var needed = 1
    private let isStar: Bool

    /// Dialects without commands have their control characters cut out as commands of one byte, or of what ESC/POS has.
    package init(dialect: Dialect = .escpos) { isStar = dialect == .starLine || dialect == .starPRNT }

    /// Bytes of an unfinished command.
    package var pending: Int { buffer.count }

    /// Takes the next bytes and hands on each piece that they complete.
    package mutating func consume(_ bytes: some Sequence<UInt8>, _ emit: (Piece) -> Void) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= needed { drain(final: false, emit) }
    }

    /// The stream has ended or fallen silent: an unfinished command is handed on as it is.
    package mutating func finish(_ emit: (Piece) -> Void) {
        drain(final: true, emit)
        if !buffer.isEmpty { emit(.command(buffer)) }
        buffer = []
        needed = 1
    }

    private mutating func drain(final: Bool, _ emit: (Piece) -> Void) {
        var start = 0
        needed = 1
        scan: while start < buffer.count {
            if PrintToken.isText(buffer[start]) {
                var end = start + 1
                while end < buffer.count, PrintToken.isText(buffer[end]) { end += 1 }
                emit(.text(Array(buffer[start..<end])))
                start = end
                continue
            }
            let window = CommandWindow(bytes: buffer, start: start, final: final)
            switch isStar ? StarLengths.measure(window) : ESCPOSLengths.measure(window) {
            case .complete(let length):
                emit(.command(Array(buffer[start..<(start + length)])))
                start += length
            case .needs(let count):
                needed = count
                break scan
            case .unknown:
                let end = min(buffer.count, start + 2)
                emit(.unknown(Array(buffer[start..<end])))
                start = end
            }
        }
        buffer.removeFirst(start)
    }
}
