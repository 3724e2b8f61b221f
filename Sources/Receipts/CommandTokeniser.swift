/// What a printer's commands say, and what of the stream's state changes how they are read.
protocol CommandReader: Sendable {
    associatedtype Language: CommandLanguage

    init()
    /// Whether printable bytes are text; else each of them is measured like a command.
    var readsText: Bool { get }
    /// Whether text goes to the paper.
    var printsText: Bool { get }
    /// How long the command at the start of `window` is.
    func measure(_ window: CommandWindow) -> CommandLength
    /// What the whole command of `length` bytes at the start of `window` says.
    mutating func token(_ window: CommandWindow, _ length: Int) -> PrintToken
    /// Bytes were given up: the state that they may have begun is not believed.
    mutating func lose()
}

/// Cuts a printer's byte stream into tokens, by lengths. Bytes may come in pieces of any size: the tokens are the same,
/// but for where runs of text are split.
///
/// It holds at most one unfinished command (`CommandLength.limit`). An unknown command costs its prefix and one
/// byte and is counted; nothing else is lost.
struct CommandTokeniser<Reader: CommandReader>: Tokeniser {
    private var buffer: [UInt8] = []
    /// The buffer need not be looked at again before it holds so many bytes.
    private var needed = 1
    private var reader = Reader()
    /// The length at which a search for an anchor last found nothing.
    private var searched = 0

    init() {}

    var isInsideCommand: Bool { !buffer.isEmpty }

    mutating func consume(_ bytes: some Sequence<UInt8>, _ emit: (PrintToken) -> Void) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= needed { drain(final: false, emit) }
    }

    /// Called when the line has been silent inside a command. A payload whose declared length was too long has
    /// swallowed the text behind it: the first place in it from where everything reads clean is taken up again.
    /// With `giveUp` (a long silence, the end of the stream) what does not read clean is dropped.
    mutating func recover(giveUp: Bool, _ emit: (PrintToken) -> Void) {
        guard !buffer.isEmpty else { return }
        if giveUp { drain(final: true, emit) }
        while !buffer.isEmpty, giveUp || buffer.count != searched {
            if let anchor = CommandAnchor<Reader.Language>.find(in: buffer) {
                reader.lose()
                emit(.truncated(bytes: anchor))
                buffer.removeFirst(anchor)
                drain(final: giveUp, emit)
            } else if giveUp {
                emit(.truncated(bytes: buffer.count))
                buffer.removeAll(keepingCapacity: false)
            } else {
                searched = buffer.count
            }
        }
        if buffer.isEmpty { reset() }
    }

    private mutating func reset() {
        needed = 1
        searched = 0
        if buffer.capacity > 65536 { buffer = [] }
    }

    private mutating func drain(final: Bool, _ emit: (PrintToken) -> Void) {
        var start = 0
        scan: while start < buffer.count {
            if reader.readsText, PrintToken.isText(buffer[start]) {
                var end = start + 1
                while end < buffer.count, PrintToken.isText(buffer[end]) { end += 1 }
                if reader.printsText { emit(.text(Array(buffer[start..<end]))) }
                start = end
                continue
            }
            let window = CommandWindow(bytes: buffer, start: start, final: final)
            switch reader.measure(window) {
            case .complete(let length):
                emit(reader.token(window, length))
                start += length
            case .needs(let count):
                needed = count
                break scan
            case .unknown:
                emit(.unknown)
                start += 2
            }
        }
        if start > 0 {
            buffer.removeFirst(min(start, buffer.count))
            searched = 0
        }
        if buffer.isEmpty { reset() }
    }
}
