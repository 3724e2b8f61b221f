package import Receipts

/// The raw view of a printer line for a person: one line a command or run of text, text masked. Pure.
package struct CommandListing: Sendable {
    private var splitter: CommandSplitter
    private var mask: CaptureMask
    private var text: [UInt8] = []

    package init(dialect: Dialect) {
        mask = CaptureMask(dialect: dialect)
        splitter = CommandSplitter(dialect: dialect)
    }

    /// The lines that the next bytes complete.
    package mutating func consume(_ bytes: [UInt8]) -> [String] {
        // Masked first: what is listed cannot show more than a masked recording.
        let masked = mask.consume(bytes)
        var pieces: [CommandSplitter.Piece] = []
        splitter.consume(masked) { pieces.append($0) }
        return pieces.flatMap { list($0) }
    }

    private mutating func list(_ piece: CommandSplitter.Piece) -> [String] {
        switch piece {
        case .text(let bytes):
            text += bytes
            guard text.count >= 160 else { return [] }
            return flush()
        case .command(let bytes): return flush() + [CommandListing.line(bytes, "")]
        case .unknown(let bytes): return flush() + [CommandListing.line(bytes, "  unknown: another dialect, or noise?")]
        }
    }

    private mutating func flush() -> [String] {
        defer { text = [] }
        guard !text.isEmpty else { return [] }
        let shown = text.map { $0 < 0x80 ? Character(Unicode.Scalar($0)) : "x" }
        return ["  \"\(String(shown))\""]
    }

    private static func line(_ bytes: [UInt8], _ note: String) -> String {
        let names: [UInt8: String] = [
            0x09: "HT", 0x0A: "LF", 0x0C: "FF", 0x0D: "CR", 0x10: "DLE", 0x18: "CAN", 0x1B: "ESC", 0x1C: "FS",
            0x1D: "GS", 0x1E: "RS", 0x05: "ENQ", 0x07: "BEL", 0x0E: "SO", 0x0F: "SI", 0x12: "DC2", 0x14: "DC4",
        ]
        let hex = bytes.prefix(12).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "0" + digits : digits
        }.joined(separator: " ")
        var name = bytes.first.flatMap { names[$0] } ?? ""
        if bytes.count > 1, (0x21...0x7E).contains(bytes[1]) { name += " \(Character(Unicode.Scalar(bytes[1])))" }
        let rest = bytes.count > 12 ? " ... (\(bytes.count) bytes)" : ""
        return name.isEmpty ? "\(hex)\(rest)\(note)" : "\(name)  \(hex)\(rest)\(note)"
    }
}
