/// The bytes of a command as far as they are known; index 0 is the prefix.
struct CommandWindow {
    let bytes: [UInt8]
    let start: Int
    /// No more bytes will come: take the shorter reading where the next byte would decide.
    let final: Bool

    var count: Int { bytes.count - start }
    subscript(index: Int) -> UInt8 { bytes[start + index] }
    /// A little-endian number of 16 bits, as all printers write them.
    func word(_ index: Int) -> Int { Int(self[index]) | Int(self[index + 1]) << 8 }

    /// The bytes from one offset to another.
    func bytes(_ from: Int, _ to: Int) -> [UInt8] { Array(bytes[(start + from)..<(start + max(from, to))]) }
}

/// What the first bytes of a command say about its length, prefix included.
enum CommandLength: Equatable {
    /// The command is complete and so many bytes long.
    case complete(Int)
    /// At least so many bytes in all are needed before more can be said.
    case needs(Int)
    /// No such command.
    case unknown

    /// The longest command that is believed. A raster of 576 dots by 14,000 rows is 1 MB: more is a damaged length.
    static let limit = 1 << 20

    /// The length held against the limit and against what is there.
    func bounded(by window: CommandWindow) -> CommandLength {
        switch self {
        case .complete(let length) where length > CommandLength.limit: .unknown
        case .complete(let length) where length > window.count: .needs(length)
        case .needs(let length) where length > CommandLength.limit: .unknown
        default: self
        }
    }

    /// The length that `table` has for the second byte, else what `variable` says.
    static func sized(_ window: CommandWindow, table: [UInt8], variable: (CommandWindow) -> CommandLength)
        -> CommandLength
    {
        guard window.count > 1 else { return .needs(2) }
        let length = Int(table[Int(window[1])])
        return length > 0 ? .complete(length) : variable(window)
    }

    /// 256 lengths, 0 where the command has none or a variable one.
    static func table(_ lengths: [(String, UInt8)], _ bytes: [(UInt8, UInt8)] = []) -> [UInt8] {
        var table = [UInt8](repeating: 0, count: 256)
        for (characters, length) in lengths {
            for character in characters.utf8 { table[Int(character)] = length }
        }
        for (byte, length) in bytes { table[Int(byte)] = length }
        return table
    }
}

/// A printer's command language as far as staying in step with it goes.
protocol CommandLanguage {
    /// Measures the command at the start of `window`.
    static func measure(_ window: CommandWindow) -> CommandLength
    /// The bytes that commands begin with, beside line ends.
    static var anchors: Set<UInt8> { get }
    /// True for a complete command that cuts the paper or resets the printer.
    static func endsOrBegins(_ window: CommandWindow) -> Bool
}
