/// What ESC/POS commands say. `ESC = 2` turns to the customer display, whose commands have other lengths.
struct ESCPOSCommands: CommandReader {
    typealias Language = ESCPOSLengths

    /// `ESC = 2`: the bytes are for the customer display and must not enter the receipt.
    private var display = false

    var readsText: Bool { true }
    var printsText: Bool { !display }

    func measure(_ window: CommandWindow) -> CommandLength {
        let measured = ESCPOSLengths.measure(window, display: display)
        guard case .complete(let length) = measured else { return measured }
        return stolen(window, length)
    }

    /// A display's commands are as good a guess as a printer's.
    func lose() {}

    /// Real-time commands may be injected into a counted payload, which then ends three bytes late: when an image holds
    /// `DLE EOT n` and what follows reads clean only three bytes on, those three belong to the image.
    private func stolen(_ window: CommandWindow, _ length: Int) -> CommandLength {
        guard length >= 64, window[0] == ESCPOSLengths.group || window[0] == ESCPOSLengths.escape else {
            return .complete(length)
        }
        var suspicious = false
        for index in 8..<(length - 2)
        where window[index] == ESCPOSLengths.dataLink && window[index + 1] == 0x04
            && (1...4).contains(window[index + 2])
        {
            suspicious = true
            break
        }
        guard suspicious else { return .complete(length) }
        guard window.count >= length + 4 else {
            return window.final ? .complete(length) : .needs(length + 4)
        }
        let starts: Set<UInt8> = [0x1B, 0x1C, 0x1D, 0x0A, 0x0D]
        let follows = (0..<3).contains { offset in
            starts.contains(window[length + offset]) || (0x20...0x7E).contains(window[length + offset])
        }
        return .complete(!follows && starts.contains(window[length + 3]) ? length + 3 : length)
    }

    mutating func token(_ window: CommandWindow, _ length: Int) -> PrintToken {
        if display { return displayToken(window) }
        switch window[0] {
        case 0x0A: return .lineFeed
        case 0x0C: return .pageEnd
        case 0x0D: return .carriageReturn
        case 0x09: return .move
        case 0x07, 0x18: return .command
        case 0x00: return .padding
        case ESCPOSLengths.escape: return escapeToken(window, length)
        case ESCPOSLengths.group: return groupToken(window, length)
        case ESCPOSLengths.file:
            switch window[1] {
            case UInt8(ascii: "&"): return .doubleByte(true)
            case UInt8(ascii: "."): return .doubleByte(false)
            case UInt8(ascii: "C"): return .kanjiCode(window[2])
            default: return .command
            }
        case 0x12 where length == 3: return .command
        case ESCPOSLengths.dataLink: return window[1] == 0x14 && window[2] == 1 ? .drawer : .command
        default: return .unknown
        }
    }

    /// For a display only its deselection matters. A cut is never meant for it, so a lost `ESC = 1` costs one receipt.
    private mutating func displayToken(_ window: CommandWindow) -> PrintToken {
        switch (window[0], window.count > 1 ? window[1] : 0) {
        case (ESCPOSLengths.escape, UInt8(ascii: "=")):
            display = window[2] & 1 == 0
            return .command
        case (ESCPOSLengths.group, UInt8(ascii: "V")):
            display = false
            return .cut
        case (0x00, _): return .padding
        default: return .command
        }
    }

    private mutating func escapeToken(_ window: CommandWindow, _ length: Int) -> PrintToken {
        switch window[1] {
        case UInt8(ascii: "@"): return .initialise
        case UInt8(ascii: "!"): return .style(ESCPOSCommands.printMode(window[2]))
        case UInt8(ascii: "E"), UInt8(ascii: "G"): return .style(.init(emphasised: window[2] & 1 == 1))
        case UInt8(ascii: "-"): return .style(.init(underlined: window[2] & 3 != 0))
        case UInt8(ascii: "a"): return .style(.init(alignment: ESCPOSCommands.alignment(window[2])))
        case UInt8(ascii: "t"): return .codePage(window[2])
        case UInt8(ascii: "R"): return .nationalSet(window[2])
        case UInt8(ascii: "%"): return .ownGlyphs(window[2] & 1 == 1)
        case UInt8(ascii: "i"), UInt8(ascii: "m"): return .cut
        case UInt8(ascii: "p"): return .drawer
        case UInt8(ascii: "d"), UInt8(ascii: "e"), UInt8(ascii: "J"), UInt8(ascii: "K"), 0x0C: return .lineFeed
        case UInt8(ascii: "$"), UInt8(ascii: "\\"): return .move
        case UInt8(ascii: "*"): return .raster(bytes: length - 5)
        case UInt8(ascii: "="):
            display = window[2] & 3 == 2
            return .command
        default: return .command
        }
    }

    private func groupToken(_ window: CommandWindow, _ length: Int) -> PrintToken {
        switch window[1] {
        case UInt8(ascii: "V"): return .cut
        case UInt8(ascii: "!"):
            return .style(.init(width: (window[2] >> 4 & 7) + 1, height: (window[2] & 7) + 1))
        case UInt8(ascii: "B"): return .style(.init(inverse: window[2] & 1 == 1))
        case UInt8(ascii: "$"), UInt8(ascii: "\\"): return .move
        case UInt8(ascii: "k"):
            let counted = window[2] > 6
            return .symbol(
                PrintedSymbol(kind: .barcode, data: window.bytes(counted ? 4 : 3, counted ? length : length - 1)))
        case UInt8(ascii: "("):
            switch window[2] {
            case UInt8(ascii: "V"): return .cut
            case UInt8(ascii: "L"): return .raster(bytes: length - 5)
            case UInt8(ascii: "k") where length > 8 && window[6] == 0x50 && window[7] == 0x30:
                return .symbol(
                    PrintedSymbol(kind: ESCPOSCommands.symbology(window[5]), data: window.bytes(8, length)))
            default: return .command
            }
        case UInt8(ascii: "8"), UInt8(ascii: "v"), UInt8(ascii: "*"), UInt8(ascii: "Q"), UInt8(ascii: "D"):
            return .raster(bytes: length - 8)
        default: return .command
        }
    }

    /// `ESC ! n`: bit 3 emphasised, 4 double height, 5 double width, 7 underlined.
    private static func printMode(_ bits: UInt8) -> PrintStyle.Change {
        PrintStyle.Change(
            width: bits & 0x20 != 0 ? 2 : 1, height: bits & 0x10 != 0 ? 2 : 1, emphasised: bits & 0x08 != 0,
            underlined: bits & 0x80 != 0)
    }

    private static func alignment(_ number: UInt8) -> PrintAlignment {
        switch number {
        case 1, 0x31: .centre
        case 2, 0x32: .right
        default: .left
        }
    }

    /// The symbol types of `GS ( k cn`: Epson's command reference.
    private static func symbology(_ type: UInt8) -> PrintedSymbol.Kind {
        switch type {
        case 0x30: .pdf417
        case 0x31: .qr
        case 0x35: .aztec
        case 0x36: .dataMatrix
        default: .other
        }
    }
}
