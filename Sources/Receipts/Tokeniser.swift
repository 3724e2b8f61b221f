/// Cuts the byte stream of one feed into tokens. Bytes may come in pieces of any size: the tokens are the same, but for
/// where runs of text are split.
protocol Tokeniser: Sendable {
    init()
    /// True while bytes of something unfinished are held.
    var isInsideCommand: Bool { get }
    /// Takes the next bytes and hands on every token that they complete.
    mutating func consume(_ bytes: some Sequence<UInt8>, _ emit: (PrintToken) -> Void)
    /// Called when the line has been silent inside something unfinished. With `giveUp` (a long silence, the end of the
    /// stream) nothing is held afterwards.
    mutating func recover(giveUp: Bool, _ emit: (PrintToken) -> Void)
}
