/// How long each command of Star Line Mode and StarPRNT is, prefix included. Both have the same lengths; StarPRNT only has
/// more commands.
///
/// The lengths are those of Star's "Line Mode Command Specifications" and "StarPRNT Command Specifications", checked
/// against streams that receiptline generates.
enum StarLengths: CommandLanguage {
    static let escape: UInt8 = 0x1B
    static let group: UInt8 = 0x1D
    static let anchors: Set<UInt8> = [escape]

    static func measure(_ window: CommandWindow) -> CommandLength {
        guard window[0] == escape else { return .complete(1) }
        return CommandLength.sized(window, table: escapeTable, variable: escapeVariable).bounded(by: window)
    }

    static func endsOrBegins(_ window: CommandWindow) -> Bool {
        switch window[1] {
        case UInt8(ascii: "d"): [0, 1, 2, 3, 0x30, 0x31, 0x32, 0x33].contains(window[2])
        case UInt8(ascii: "@"): true
        default: false
        }
    }

    private static let escapeTable = CommandLength.table(
        [
            ("@MP:g67450EFO12pq", 2), ("Wh-_R/ azJjIA3ylQdNU%$", 3), ("is", 4),
        ],
        [
            // ESC SO and ESC DC4: double height on and off; ESC SI and ESC DC2: upside down.
            (0x0E, 2), (0x0F, 2), (0x12, 2), (0x14, 2),
            // ESC ACK SOH and ESC ACK CAN: status.
            (0x06, 3),
            // ESC BEL n1 n2: pulse width. ESC RS x n. ESC FF NUL, EOT, EM: page ends.
            (0x07, 4), (0x1E, 4), (0x0C, 3),
        ])

    private static func escapeVariable(_ window: CommandWindow) -> CommandLength {
        switch window[1] {
        case group: return groupCommand(window)
        case UInt8(ascii: "C"):
            // Page length in lines; with NUL before it, in inches.
            guard window.count >= 3 else { return .needs(3) }
            return .complete(window[2] == 0 ? 4 : 3)
        case UInt8(ascii: "b"): return barcode(window)
        case UInt8(ascii: "K"), UInt8(ascii: "L"): return image(window, bytesAColumn: 1)
        case UInt8(ascii: "X"): return image(window, bytesAColumn: 3)
        case UInt8(ascii: "k"): return window.count < 4 ? .needs(4) : .complete(4 + 24 * Int(window[2]))
        case UInt8(ascii: "^"): return window.count < 5 ? .needs(5) : .complete(5 + 2 * window.word(3))
        case UInt8(ascii: "D"), UInt8(ascii: "B"): return tabStops(window)
        case UInt8(ascii: "*"): return rasterCommand(window)
        case 0x1C:
            guard window.count >= 3 else { return .needs(3) }
            switch window[2] {
            case UInt8(ascii: "p"): return .complete(5)
            case UInt8(ascii: "q"): return logos(window)
            default: return .unknown
            }
        default: return .unknown
        }
    }

    /// `ESC K|L|X n1 n2` and n columns.
    private static func image(_ window: CommandWindow, bytesAColumn: Int) -> CommandLength {
        window.count < 4 ? .needs(4) : .complete(4 + bytesAColumn * window.word(2))
    }

    /// `ESC b n1 n2 n3 n4 data RS`.
    private static func barcode(_ window: CommandWindow) -> CommandLength {
        guard window.count > 6 else { return .needs(7) }
        for index in 6..<min(window.count, 262) where window[index] == 0x1E { return .complete(index + 1) }
        return window.count >= 262 ? .unknown : .needs(window.count + 1)
    }

    /// `ESC D n1...nk NUL`: at most 16 growing columns.
    private static func tabStops(_ window: CommandWindow) -> CommandLength {
        var previous: UInt8 = 0
        for index in 2..<19 {
            guard index < window.count else { return window.final ? .complete(index) : .needs(index + 1) }
            let column = window[index]
            if column == 0 { return .complete(index + 1) }
            if column <= previous || index == 18 { return .complete(index) }
            previous = column
        }
        return .unknown
    }

    /// `ESC * r A|B|C|R`, and `ESC * r x digits NUL`.
    private static func rasterCommand(_ window: CommandWindow) -> CommandLength {
        guard window.count >= 4 else { return .needs(4) }
        guard window[2] == UInt8(ascii: "r") else { return .unknown }
        if [UInt8(ascii: "A"), UInt8(ascii: "B"), UInt8(ascii: "C"), UInt8(ascii: "R")].contains(window[3]) {
            return .complete(4)
        }
        for index in 4..<min(window.count, 12) {
            if window[index] == 0 { return .complete(index + 1) }
            guard (0x30...0x39).contains(window[index]) else { return .unknown }
        }
        return window.count >= 12 ? .unknown : .needs(window.count + 1)
    }

    /// `ESC FS q n` and n times `xL xH yL yH` with x times y times 8 bytes.
    private static func logos(_ window: CommandWindow) -> CommandLength {
        guard window.count >= 4 else { return .needs(4) }
        var length = 4
        for _ in 0..<window[3] {
            guard window.count >= length + 4 else { return .needs(length + 4) }
            length += 4 + window.word(length) * window.word(length + 2) * 8
            if length > CommandLength.limit { return .unknown }
        }
        return .complete(length)
    }

    /// `ESC GS x ...`.
    private static func groupCommand(_ window: CommandWindow) -> CommandLength {
        let count = window.count
        guard count >= 3 else { return .needs(3) }
        switch window[2] {
        // Code page, alignment.
        case UInt8(ascii: "t"), UInt8(ascii: "a"): return .complete(4)
        // Absolute and relative position, reverse printing, logo, document marks.
        case UInt8(ascii: "A"), UInt8(ascii: "R"), UInt8(ascii: "4"), UInt8(ascii: "5"), UInt8(ascii: "g"):
            return .complete(5)
        // Document mark, buzzer.
        case 0x03, 0x07: return .complete(6)
        case 0x19:
            guard count >= 4 else { return .needs(4) }
            return window[3] == 0x11 ? .complete(7) : window[3] == 0x12 ? .complete(5) : .unknown
        // `ESC GS ) B pL pH` and p bytes.
        case UInt8(ascii: "("), UInt8(ascii: ")"): return count < 6 ? .needs(6) : .complete(6 + window.word(4))
        // StarPRNT raster: `ESC GS S m xL xH yL yH n` and x times y bytes.
        case UInt8(ascii: "S"): return count < 9 ? .needs(9) : .complete(9 + window.word(4) * window.word(6))
        case UInt8(ascii: "P"): return pageMode(window)
        case UInt8(ascii: "y"): return qrCode(window)
        case UInt8(ascii: "x"): return pdf417(window)
        case UInt8(ascii: "#"):
            // Memory switches, up to LF NUL.
            for index in 4..<min(count, 16) where window[index] == 0 && window[index - 1] == 0x0A {
                return .complete(index + 1)
            }
            return count >= 16 ? .unknown : .needs(count + 1)
        default: return .unknown
        }
    }

    private static func pageMode(_ window: CommandWindow) -> CommandLength {
        guard window.count >= 4 else { return .needs(4) }
        switch window[3] {
        case 0x30, 0x31, 0x36, 0x37, 0x38: return .complete(4)
        case 0x32: return .complete(5)
        case 0x33: return .complete(12)
        case 0x34, 0x35: return .complete(6)
        default: return .unknown
        }
    }

    /// `ESC GS y S n m`, `ESC GS y D 1 m nL nH data`, `ESC GS y D 2 a` with blocks of `m nL nH data`, `ESC GS y P|I`.
    private static func qrCode(_ window: CommandWindow) -> CommandLength {
        guard window.count >= 4 else { return .needs(4) }
        switch window[3] {
        case UInt8(ascii: "S"): return .complete(6)
        case UInt8(ascii: "P"), UInt8(ascii: "I"): return .complete(4)
        case UInt8(ascii: "D"):
            guard window.count >= 6 else { return .needs(6) }
            switch window[4] {
            case 0x31: return window.count < 8 ? .needs(8) : .complete(8 + window.word(6))
            case 0x32:
                var length = 6
                for _ in 0..<window[5] {
                    guard window.count >= length + 3 else { return .needs(length + 3) }
                    length += 3 + window.word(length + 1)
                    if length > CommandLength.limit { return .unknown }
                }
                return .complete(length)
            default: return .unknown
            }
        default: return .unknown
        }
    }

    /// `ESC GS x S 0 n p1 p2`, `ESC GS x S 1|2|3 n`, `ESC GS x D nL nH data`, `ESC GS x P|I`.
    private static func pdf417(_ window: CommandWindow) -> CommandLength {
        guard window.count >= 4 else { return .needs(4) }
        switch window[3] {
        case UInt8(ascii: "S"): return window.count < 5 ? .needs(5) : .complete(window[4] == 0x30 ? 8 : 6)
        case UInt8(ascii: "P"), UInt8(ascii: "I"): return .complete(4)
        case UInt8(ascii: "D"): return window.count < 6 ? .needs(6) : .complete(6 + window.word(4))
        default: return .unknown
        }
    }
}
