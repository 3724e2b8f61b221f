/// JSON (RFC 8259), stepped over without being decoded: grammar, UTF-8, escapes and depth are checked in one pass over the bytes, because
/// what the platform takes it keeps and hands on as it came. `JSONDecoder` alone reads only the members that it is asked for.
enum JSONText {
    struct Failure: Error, Hashable {
        /// Of the byte in the text.
        let position: Int
        let reason: String
    }

    /// One member of an object, as positions in the text.
    struct Member: Hashable {
        /// With its quotes, escapes as they came.
        let name: Range<Int>
        let value: Range<Int>
    }

    /// Nesting that no event of this contract needs; deeper is an attack on the decoder behind.
    static let maximumDepth = 64

    /// The members of an object that is the whole text.
    static func members(of object: [UInt8]) throws(Failure) -> [Member] {
        let text = object.span
        var position = 0
        var members: [Member] = []
        skipSpace(text, &position)
        try skipObject(text, &position, depth: 0) { members.append($0) }
        skipSpace(text, &position)
        guard position == text.count else { throw Failure(position: position, reason: "something follows the object") }
        return members
    }

    static func skipSpace(_ text: Span<UInt8>, _ position: inout Int) {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// Steps over the object that begins here.
    ///
    /// - Parameters:
    ///   - depth: how many arrays and objects it stands in.
    ///   - found: called with each of its own members.
    static func skipObject(
        _ text: Span<UInt8>, _ position: inout Int, depth: Int, _ found: (Member) -> Void = { _ in }
    ) throws(Failure) {
        try expect(UInt8(ascii: "{"), "an object", text, &position)
        try check(depth, position)
        skipSpace(text, &position)
        if skip(UInt8(ascii: "}"), text, &position) { return }
        while true {
            let start = position
            try skipString(text, &position)
            let name = start..<position
            skipSpace(text, &position)
            try expect(UInt8(ascii: ":"), "a colon", text, &position)
            skipSpace(text, &position)
            let value = position
            try skipValue(text, &position, depth: depth + 1)
            found(Member(name: name, value: value..<position))
            skipSpace(text, &position)
            if skip(UInt8(ascii: "}"), text, &position) { return }
            try expect(UInt8(ascii: ","), "a comma or }", text, &position)
            skipSpace(text, &position)
        }
    }

    private static func skipArray(_ text: Span<UInt8>, _ position: inout Int, depth: Int) throws(Failure) {
        position += 1
        try check(depth, position)
        skipSpace(text, &position)
        if skip(UInt8(ascii: "]"), text, &position) { return }
        while true {
            try skipValue(text, &position, depth: depth + 1)
            skipSpace(text, &position)
            if skip(UInt8(ascii: "]"), text, &position) { return }
            try expect(UInt8(ascii: ","), "a comma or ]", text, &position)
            skipSpace(text, &position)
        }
    }

    private static func check(_ depth: Int, _ position: Int) throws(Failure) {
        guard depth < maximumDepth else {
            throw Failure(position: position - 1, reason: "nested deeper than \(maximumDepth)")
        }
    }

    private static func skipValue(_ text: Span<UInt8>, _ position: inout Int, depth: Int) throws(Failure) {
        guard position < text.count else { throw Failure(position: position, reason: "the text ends too early") }
        switch text[position] {
        case UInt8(ascii: "\""): try skipString(text, &position)
        case UInt8(ascii: "{"): try skipObject(text, &position, depth: depth)
        case UInt8(ascii: "["): try skipArray(text, &position, depth: depth)
        case UInt8(ascii: "t"): try skipWord("true", text, &position)
        case UInt8(ascii: "f"): try skipWord("false", text, &position)
        case UInt8(ascii: "n"): try skipWord("null", text, &position)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber(text, &position)
        default: throw Failure(position: position, reason: "no JSON value begins so")
        }
    }

    private static func skipWord(_ word: StaticString, _ text: Span<UInt8>, _ position: inout Int) throws(Failure) {
        for offset in 0..<word.utf8CodeUnitCount {
            guard position < text.count, text[position] == word.utf8Start[offset] else {
                throw Failure(position: position, reason: "\(word) was expected")
            }
            position += 1
        }
    }

    /// Section 6: no leading zero, no sign but a minus, digits on both sides of the point.
    private static func skipNumber(_ text: Span<UInt8>, _ position: inout Int) throws(Failure) {
        _ = skip(UInt8(ascii: "-"), text, &position)
        if !skip(UInt8(ascii: "0"), text, &position) { try skipDigits(text, &position) }
        if skip(UInt8(ascii: "."), text, &position) { try skipDigits(text, &position) }
        guard skip(UInt8(ascii: "e"), text, &position) || skip(UInt8(ascii: "E"), text, &position) else { return }
        if !skip(UInt8(ascii: "-"), text, &position) { _ = skip(UInt8(ascii: "+"), text, &position) }
        try skipDigits(text, &position)
    }

    private static func skipDigits(_ text: Span<UInt8>, _ position: inout Int) throws(Failure) {
        let start = position
        while position < text.count, text[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        guard position > start else { throw Failure(position: position, reason: "a digit was expected") }
    }

    private static func skipString(_ text: Span<UInt8>, _ position: inout Int) throws(Failure) {
        try expect(UInt8(ascii: "\""), "a string", text, &position)
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return
            } else if byte == UInt8(ascii: "\\") {
                try skipEscape(text, &position)
            } else if byte >= 0x80 {
                try skipScalar(text, &position)
            } else if byte >= 0x20 {
                position += 1
            } else {
                throw Failure(position: position, reason: "a control character stands in a string")
            }
        }
        throw Failure(position: position, reason: "a string does not end")
    }

    /// Section 7. Half a surrogate pair is no character, and other readers refuse it.
    private static func skipEscape(_ text: Span<UInt8>, _ position: inout Int) throws(Failure) {
        let start = position
        guard position + 1 < text.count else { throw Failure(position: position, reason: "a string does not end") }
        position += 2
        switch text[position - 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            let unit = try hexUnit(text, &position)
            guard (0xD800..<0xE000).contains(unit) else { return }
            if unit < 0xDC00, skip(UInt8(ascii: "\\"), text, &position), skip(UInt8(ascii: "u"), text, &position),
                (0xDC00..<0xE000).contains(try hexUnit(text, &position))
            {
                return
            }
            throw Failure(position: start, reason: "half a surrogate pair")
        default: throw Failure(position: start, reason: "there is no such escape")
        }
    }

    private static func hexUnit(_ text: Span<UInt8>, _ position: inout Int) throws(Failure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard position < text.count, let digit = Hex.nibble(text[position]) else {
                throw Failure(position: position, reason: "\\u has four hex digits")
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }

    /// A character of several bytes, by table 3-7 of the Unicode Standard: no overlong form, no surrogate, nothing above U+10FFFF.
    private static func skipScalar(_ text: Span<UInt8>, _ position: inout Int) throws(Failure) {
        let second: ClosedRange<UInt8>
        let length: Int
        switch text[position] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw Failure(position: position, reason: "not UTF-8")
        }
        guard position + length <= text.count, second.contains(text[position + 1]) else {
            throw Failure(position: position, reason: "not UTF-8")
        }
        for offset in 2..<max(2, length) where text[position + offset] & 0xC0 != 0x80 {
            throw Failure(position: position, reason: "not UTF-8")
        }
        position += length
    }

    /// Steps over the byte if it is this one.
    private static func skip(_ byte: UInt8, _ text: Span<UInt8>, _ position: inout Int) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    private static func expect(
        _ byte: UInt8, _ what: StaticString, _ text: Span<UInt8>, _ position: inout Int
    ) throws(Failure) {
        guard skip(byte, text, &position) else {
            throw Failure(
                position: position,
                reason: position < text.count ? "\(what) was expected" : "the text ends too early")
        }
    }
}
