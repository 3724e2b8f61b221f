/// What commands of Star Line Mode and StarPRNT say.
///
/// Between `ESC * r A` and `ESC * r B` the printer takes raster lines (`b nL nH data`, `k nL nH data`): the Star Graphic
/// mode of receipts without text.
struct StarCommands: CommandReader {
    typealias Language = StarLengths

    private var raster = false

    /// In raster mode there is no text: what stands between its lines is none of its commands.
    var readsText: Bool { !raster }
    var printsText: Bool { true }

    func measure(_ window: CommandWindow) -> CommandLength {
        guard raster, PrintToken.isText(window[0]) else { return StarLengths.measure(window) }
        guard StarCommands.isRasterLine(window[0]) else { return .complete(1) }
        guard window.count >= 3 else { return .needs(3) }
        let length = 3 + window.word(1)
        return window.count >= length ? .complete(length) : .needs(length)
    }

    mutating func lose() { raster = false }

    private static func isRasterLine(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "b") || byte == UInt8(ascii: "k")
    }

    mutating func token(_ window: CommandWindow, _ length: Int) -> PrintToken {
        switch window[0] {
        case 0x0A, 0x0B: return .lineFeed
        case 0x0C: return .pageEnd
        case 0x0D: return .carriageReturn
        case 0x09: return .move
        case 0x00: return .padding
        // BEL, FS, EM and SUB pulse the drawers.
        case 0x07, 0x1C, 0x19, 0x1A: return .drawer
        // SO and DC4: double width for the line, and its end; SI and DC2: upside down.
        case 0x0E: return .style(.init(width: 2))
        case 0x14: return .style(.init(width: 1))
        // EOT, ENQ, ACK, SI, DC1, DC2, DC3, ETB, CAN, RS: status, selection and buzzer.
        case 0x04, 0x05, 0x06, 0x0F, 0x11, 0x12, 0x13, 0x17, 0x18, 0x1E: return .command
        case StarLengths.escape: return escapeToken(window, length)
        case let byte where StarCommands.isRasterLine(byte) && length >= 3: return .raster(bytes: length - 3)
        default: return .unknown
        }
    }

    private mutating func escapeToken(_ window: CommandWindow, _ length: Int) -> PrintToken {
        switch window[1] {
        case UInt8(ascii: "@"):
            raster = false
            return .initialise
        case UInt8(ascii: "d"): return .cut
        case UInt8(ascii: "i"): return .style(.init(width: multiple(window[3]), height: multiple(window[2])))
        case UInt8(ascii: "W"): return .style(.init(width: multiple(window[2])))
        case UInt8(ascii: "h"): return .style(.init(height: multiple(window[2])))
        case 0x0E: return .style(.init(height: 2))
        case 0x14: return .style(.init(height: 1))
        case UInt8(ascii: "E"): return .style(.init(emphasised: true))
        case UInt8(ascii: "F"): return .style(.init(emphasised: false))
        case UInt8(ascii: "-"): return .style(.init(underlined: window[2] & 1 == 1))
        case UInt8(ascii: "4"): return .style(.init(inverse: true))
        case UInt8(ascii: "5"): return .style(.init(inverse: false))
        case UInt8(ascii: "R"): return .nationalSet(window[2] >= 0x30 ? window[2] - 0x30 : window[2])
        case UInt8(ascii: "p"), UInt8(ascii: "q"): return .doubleByte(window[1] == UInt8(ascii: "p"))
        case UInt8(ascii: "$"): return .kanjiCode(window[2] & 1)
        case UInt8(ascii: "a"), UInt8(ascii: "J"), UInt8(ascii: "I"), UInt8(ascii: "j"): return .lineFeed
        case 0x0C: return raster ? .command : .pageEnd
        case UInt8(ascii: "b"):
            return .symbol(PrintedSymbol(kind: .barcode, data: window.bytes(6, length - 1)))
        case UInt8(ascii: "K"), UInt8(ascii: "L"), UInt8(ascii: "X"), UInt8(ascii: "k"):
            return .raster(bytes: length - 4)
        case UInt8(ascii: "^"): return .raster(bytes: length - 5)
        case UInt8(ascii: "*"):
            if window[3] == UInt8(ascii: "A") { raster = true }
            if window[3] == UInt8(ascii: "B") { raster = false }
            // Feeds in raster mode are blank rows of an image; without any there would be no document.
            return window[3] == UInt8(ascii: "Y") ? .raster(bytes: 1) : .command
        case StarLengths.group: return groupToken(window, length)
        default: return .command
        }
    }

    private func groupToken(_ window: CommandWindow, _ length: Int) -> PrintToken {
        switch window[2] {
        case UInt8(ascii: "t"): return .codePage(window[3])
        case UInt8(ascii: "a"):
            let alignments: [PrintAlignment] = [.left, .centre, .right]
            let number = Int(window[3] & 0x0F)
            return .style(.init(alignment: number < 3 ? alignments[number] : .left))
        case UInt8(ascii: "A"), UInt8(ascii: "R"): return .move
        case UInt8(ascii: "S"): return .raster(bytes: length - 9)
        case UInt8(ascii: "y") where window[3] == UInt8(ascii: "D"):
            let header = window[4] == 0x31 ? 8 : 9
            return .symbol(PrintedSymbol(kind: .qr, data: length > header ? window.bytes(header, length) : []))
        case UInt8(ascii: "x") where window[3] == UInt8(ascii: "D"):
            return .symbol(PrintedSymbol(kind: .pdf417, data: window.bytes(6, length)))
        default: return .command
        }
    }

    /// Parameters are digits in either form: 1 or "1". 0 is plain, 1 double, up to six times.
    private func multiple(_ parameter: UInt8) -> UInt8 {
        let number = parameter >= 0x30 ? parameter - 0x30 : parameter
        return number <= 5 ? number + 1 : 1
    }
}
