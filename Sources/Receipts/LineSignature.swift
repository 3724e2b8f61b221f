/// Which short sequences of bytes stand in a line, as a small set without misses: enough to say quickly that a word does
/// not stand there.
///
/// Letters of ASCII are folded to small ones. What an expression that ignores case also takes for ASCII letters is folded
/// to them: the long s, the sign of kelvin, the sharp s. One pass over the line, whatever the number of words that are looked for.
struct LineSignature: Sendable {
    /// Bits of the set: a line of forty characters fills a tenth of it.
    private static let bits = 2048

    private var words = [UInt64](repeating: 0, count: LineSignature.bits / 64)
    /// Characters that some script may read as digits: ASCII digits, and everything beyond ASCII.
    private(set) var digits = 0
    /// It holds a character that stands for several ASCII letters, so that nothing can be ruled out.
    private(set) var isOpaque = false

    init(_ line: String) {
        var line = line
        let isASCII = line.withUTF8 { bytes in
            for byte in bytes where byte >= 0x80 { return false }
            add(bytes)
            return true
        }
        if isASCII { return }
        var folded: [UInt8] = []
        folded.reserveCapacity(line.utf8.count + 4)
        for scalar in line.unicodeScalars {
            switch scalar.value {
            case 0...0x7F: folded.append(UInt8(scalar.value))
            case 0x17F:
                folded.append(0x73)
                digits += 1
            case 0x212A:
                folded.append(0x6B)
                digits += 1
            case 0xDF, 0x1E9E:
                folded += [0x73, 0x73]
                digits += 1
            // Letters whose full case folding (CaseFolding.txt, status F) has ASCII letters, and combining marks.
            case 0x130, 0x131, 0x149, 0x1F0, 0x300...0x36F, 0x1E96...0x1E9A, 0xFB00...0xFB06: isOpaque = true
            default:
                folded += Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                digits += 1
            }
        }
        folded.withUnsafeBufferPointer { add($0) }
    }

    private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        var before: UInt32 = 0x20
        var last: UInt32 = 0x20
        for index in bytes.indices {
            let byte = LineSignature.folded(bytes[index])
            if byte & 0xF0 == 0x30, byte <= 0x39 { digits += 1 }
            insert(LineSignature.single(byte))
            if index > 0 { insert(LineSignature.pair(last, byte)) }
            if index > 1 { insert(LineSignature.triple(before, last, byte)) }
            if index > 0, !LineSignature.isWord(index > 1 ? before : 0x20) { insert(LineSignature.start(last, byte)) }
            if index > 1, !LineSignature.isWord(byte) { insert(LineSignature.end(before, last)) }
            before = last
            last = byte
        }
        if bytes.count > 1 { insert(LineSignature.end(before, last)) }
    }

    private mutating func insert(_ bit: UInt16) { words[Int(bit >> 6)] |= 1 << UInt64(bit & 63) }

    func holds(_ bit: UInt16) -> Bool { words[Int(bit >> 6)] & (1 << UInt64(bit & 63)) != 0 }

    /// Whether of each group one sequence may stand in the line; laid out as in `PatternNeeds`.
    func holdsOne(ofEach groups: [UInt16]) -> Bool {
        words.withUnsafeBufferPointer { words in
            groups.withUnsafeBufferPointer { groups in
                var at = 0
                while at < groups.count {
                    var left = groups[at]
                    at += 1
                    var found = false
                    while left > 0 {
                        left -= 1
                        let end = at + 1 + Int(groups[at])
                        at += 1
                        if !found {
                            found = true
                            while at < end {
                                let bit = groups[at]
                                guard words[Int(bit >> 6)] & (1 << UInt64(bit & 63)) != 0 else {
                                    found = false
                                    break
                                }
                                at += 1
                            }
                        }
                        at = end
                    }
                    guard found else { return false }
                }
                return true
            }
        }
    }

    // MARK: Sequences

    static func folded(_ byte: UInt8) -> UInt32 { UInt32((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }

    /// A letter, digit or underscore of ASCII. What is beyond ASCII counts as the end of a word here: that lets more through.
    static func isWord(_ byte: UInt32) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
    }

    static func single(_ first: UInt32) -> UInt16 { bit(first) }
    static func pair(_ first: UInt32, _ second: UInt32) -> UInt16 { bit(0x1_0000 | first << 8 | second) }
    /// Two bytes at the start of a word.
    static func start(_ first: UInt32, _ second: UInt32) -> UInt16 { bit(0x2_0000 | first << 8 | second) }
    /// Two bytes at the end of a word.
    static func end(_ first: UInt32, _ second: UInt32) -> UInt16 { bit(0x3_0000 | first << 8 | second) }
    static func triple(_ first: UInt32, _ second: UInt32, _ third: UInt32) -> UInt16 {
        bit(0x100_0000 | first << 16 | second << 8 | third)
    }

    /// Fibonacci hashing to a bit of the set.
    private static func bit(_ key: UInt32) -> UInt16 { UInt16(truncatingIfNeeded: (key &* 0x9E37_79B1) >> 21) }
}
