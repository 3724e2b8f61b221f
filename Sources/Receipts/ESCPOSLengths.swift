/// How long each ESC/POS command is, prefix included: all that a tokeniser needs to stay in step.
///
/// The lengths are those of Epson's command reference and the public table of kunif/EscPosUtils (zlib licence), with its
/// `ESC *` modes corrected to 32 and 33, and of common clones.
enum ESCPOSLengths: CommandLanguage {
    static let escape: UInt8 = 0x1B
    static let group: UInt8 = 0x1D
    static let file: UInt8 = 0x1C
    static let dataLink: UInt8 = 0x10
    static let unit: UInt8 = 0x1F

    /// Measures the command at the start of `window`. `display` is true while the bytes go to a customer display.
    static func measure(_ window: CommandWindow, display: Bool) -> CommandLength {
        let measure: CommandLength
        switch window[0] {
        case escape:
            measure = CommandLength.sized(
                window, table: display ? escapeDisplayTable : escapeTable, variable: escapeVariable)
        case group: measure = CommandLength.sized(window, table: groupTable, variable: groupVariable)
        case file: measure = CommandLength.sized(window, table: fileTable, variable: fileVariable)
        case dataLink: measure = CommandLength.sized(window, table: dataLinkTable, variable: dataLinkVariable)
        // Seiko's status request; nobody else gives DC2 a meaning.
        case 0x12:
            guard window.count > 1 else { return window.final ? .complete(1) : .needs(2) }
            measure = window[1] == UInt8(ascii: "q") ? .complete(3) : .complete(1)
        case unit where display: measure = CommandLength.sized(window, table: unitTable, variable: unitVariable)
        default: return .complete(1)
        }
        return measure.bounded(by: window)
    }

    private static let escapeTable = CommandLength.table(
        [
            ("2<@LSimv0", 2), (" !%-3=?CEFGJKMRTUVadertu{AHINQ", 3), ("\\$Bcf", 4), ("p", 5), ("W", 10), ("q", 2),
        ], [(0x0C, 2)])
    /// A display has its own window command, whose length depends on its third byte.
    private static let escapeDisplayTable: [UInt8] = {
        var table = escapeTable
        table[Int(UInt8(ascii: "W"))] = 0
        return table
    }()
    private static let groupTable = CommandLength.table([
        (":c", 2), ("!/BEHITabfhjrw", 3), ("$LPW\\", 4), ("^z", 5),
    ])
    private static let fileTable = CommandLength.table([("&.Lbc", 2), ("!-CW", 3), ("?Sp", 4)])
    private static let dataLinkTable = CommandLength.table([], [(0x05, 3)])
    private static let unitTable = CommandLength.table(
        [(":@BU", 2), ("#$T^", 4), (",.;CEXrv", 3)], [(0x01, 2), (0x02, 2), (0x03, 2), (0x0A, 2), (0x0D, 2)])

    /// `prefix ( fn pL pH` and p bytes.
    private static func parenthesis(_ window: CommandWindow) -> CommandLength {
        window.count < 5 ? .needs(5) : .complete(5 + window.word(3))
    }

    private static func escapeVariable(_ window: CommandWindow) -> CommandLength {
        switch window[1] {
        case UInt8(ascii: "("): return parenthesis(window)
        case UInt8(ascii: "*"):
            guard window.count >= 5 else { return .needs(5) }
            switch window[2] {
            case 0, 1: return .complete(5 + window.word(3))
            case 32, 33: return .complete(5 + 3 * window.word(3))
            default: return .unknown
            }
        case UInt8(ascii: "4"), UInt8(ascii: "5"):
            // Italics in clones: some have a parameter 0 or 1, some have none, and then text follows.
            guard window.count >= 3 else { return window.final ? .complete(2) : .needs(3) }
            return .complete(window[2] <= 1 ? 3 : 2)
        case UInt8(ascii: "D"): return tabStops(window)
        case UInt8(ascii: "&"): return ownCharacters(window)
        case UInt8(ascii: "W"):
            guard window.count >= 4 else { return .needs(4) }
            return .complete(window[3] == 0 || window[3] == 0x30 ? 4 : 8)
        default: return .unknown
        }
    }

    /// `ESC D n1...nk NUL`: at most 32 growing columns; a value that does not grow is the next command.
    private static func tabStops(_ window: CommandWindow) -> CommandLength {
        var previous: UInt8 = 0
        for index in 2..<35 {
            guard index < window.count else { return window.final ? .complete(index) : .needs(index + 1) }
            let column = window[index]
            if column == 0 { return .complete(index + 1) }
            if column <= previous || index == 34 { return .complete(index) }
            previous = column
        }
        return .unknown
    }

    /// `ESC & y c1 c2`, then for each character its width x and y times x bytes.
    private static func ownCharacters(_ window: CommandWindow) -> CommandLength {
        guard window.count >= 5 else { return .needs(5) }
        guard window[4] >= window[3] else { return .complete(5) }
        var length = 5
        for _ in window[3]...window[4] {
            guard window.count > length else { return .needs(length + 1) }
            length += 1 + Int(window[2]) * Int(window[length])
        }
        return .complete(length)
    }

    private static func groupVariable(_ window: CommandWindow) -> CommandLength {
        let count = window.count
        switch window[1] {
        case UInt8(ascii: "("): return parenthesis(window)
        case UInt8(ascii: "V"):
            guard count >= 3 else { return .needs(3) }
            switch window[2] {
            case 0x41, 0x42, 0x61, 0x62, 0x67, 0x68: return .complete(4)
            default: return .complete(3)
            }
        case UInt8(ascii: "k"): return barcode(window)
        case UInt8(ascii: "v"):
            guard count >= 8 else { return .needs(count < 3 ? 3 : 8) }
            return window[2] == 0x30 ? .complete(8 + window.word(4) * window.word(6)) : .unknown
        case UInt8(ascii: "8"):
            guard count >= 7 else { return .needs(count < 3 ? 3 : 7) }
            return .complete(7 + window.word(3) + window.word(5) << 16)
        case UInt8(ascii: "*"): return count < 4 ? .needs(4) : .complete(4 + 8 * Int(window[2]) * Int(window[3]))
        case UInt8(ascii: "g"):
            guard count >= 3 else { return .needs(3) }
            return [0x00, 0x02, 0x30, 0x32].contains(window[2]) ? .complete(6) : .unknown
        case UInt8(ascii: "e"):
            // Presenters of clones: `GS e n`, and `GS e 20h m t`.
            return count < 3 ? .needs(3) : .complete(window[2] == 0x20 ? 5 : 3)
        case UInt8(ascii: "C"): return counter(window)
        case UInt8(ascii: "Q"):
            guard count >= 8 else { return .needs(count < 3 ? 3 : 8) }
            return window[2] == 0x30 ? .complete(8 + window.word(4) * window.word(6)) : .unknown
        case UInt8(ascii: "D"):
            // A Windows bitmap: its own header says how long it is.
            guard count >= 15 else { return .needs(15) }
            guard window[9] == UInt8(ascii: "B"), window[10] == UInt8(ascii: "M") else { return .unknown }
            return .complete(9 + window.word(11) + window.word(13) << 16)
        default: return .unknown
        }
    }

    /// `GS k m`: to NUL for m 0...6, counted for m 65...79.
    private static func barcode(_ window: CommandWindow) -> CommandLength {
        guard window.count >= 4 else { return .needs(4) }
        switch window[2] {
        case 0...6:
            for index in 3..<min(window.count, 259) where window[index] == 0 { return .complete(index + 1) }
            return window.count >= 259 ? .unknown : .needs(window.count + 1)
        case 0x41...0x4F: return .complete(4 + Int(window[3]))
        default: return .unknown
        }
    }

    /// `GS C 0|1|2` are counted, `GS C ;` is text up to its fifth further semicolon.
    private static func counter(_ window: CommandWindow) -> CommandLength {
        guard window.count >= 3 else { return .needs(3) }
        switch window[2] {
        case 0x00, 0x30, 0x02, 0x32: return .complete(5)
        case 0x01, 0x31: return .complete(9)
        case UInt8(ascii: ";"):
            var semicolons = 0
            for index in 3..<min(window.count, 64) where window[index] == UInt8(ascii: ";") {
                semicolons += 1
                if semicolons == 5 { return .complete(index + 1) }
            }
            return window.count >= 64 ? .unknown : .needs(window.count + 1)
        default: return .unknown
        }
    }

    private static func fileVariable(_ window: CommandWindow) -> CommandLength {
        let count = window.count
        switch window[1] {
        case UInt8(ascii: "("): return parenthesis(window)
        case UInt8(ascii: "2"): return .complete(4 + 72)
        case UInt8(ascii: "q"):
            guard count >= 3 else { return .needs(3) }
            var length = 3
            for _ in 0..<window[2] {
                guard count >= length + 4 else { return .needs(length + 4) }
                length += 4 + window.word(length) * window.word(length + 2) * 8
                if length > CommandLength.limit { return .unknown }
            }
            return .complete(length)
        case UInt8(ascii: "g"):
            guard count >= 10 else { return .needs(count < 3 ? 3 : 10) }
            switch window[2] {
            case 0x31: return .complete(10 + window.word(8))
            case 0x32: return .complete(10)
            default: return .unknown
            }
        case UInt8(ascii: "a"):
            return count < 3 ? .needs(3) : .complete(window[2] == 0x30 ? 4 : 3)
        case UInt8(ascii: "}"):
            guard count >= 3 else { return .needs(3) }
            return window[2] == 0x60 ? .complete(4) : .unknown
        default: return .unknown
        }
    }

    private static func dataLinkVariable(_ window: CommandWindow) -> CommandLength {
        guard window.count >= 3 else { return .needs(3) }
        switch (window[1], window[2]) {
        case (0x04, 0x00), (0x04, 0x07), (0x04, 0x08), (0x04, 0x12): return .complete(4)
        case (0x04, _): return .complete(3)
        case (0x14, 1), (0x14, 2): return .complete(5)
        case (0x14, 3): return .complete(8)
        case (0x14, 7): return .complete(4)
        case (0x14, 8): return .complete(10)
        default: return .unknown
        }
    }

    private static func unitVariable(_ window: CommandWindow) -> CommandLength {
        window[1] == UInt8(ascii: "(") ? parenthesis(window) : .unknown
    }

    static func measure(_ window: CommandWindow) -> CommandLength { measure(window, display: false) }

    static let anchors: Set<UInt8> = [escape, group, file]

    static func endsOrBegins(_ window: CommandWindow) -> Bool {
        switch (window[0], window[1]) {
        case (group, UInt8(ascii: "V")): [0x00, 0x01, 0x30, 0x31, 0x41, 0x42].contains(window[2])
        case (escape, UInt8(ascii: "@")): true
        default: false
        }
    }
}
