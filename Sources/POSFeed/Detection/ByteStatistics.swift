/// What the bytes of a line look like: enough to tell text from a wrong speed. Shares are of `count`.
///
/// The thresholds that use them are from measurements on a simulated UART with a real receipt: at the right speed 0.61 of the
/// bytes are `common` and 0.98 printable; at a wrong one at most 0.23 are common.
struct ByteStatistics: Hashable, Sendable {
    private(set) var count = 0
    /// Without bit 7: a space, a digit, a point or one of etaoinsrlhdc in either case.
    private var common = 0
    /// Without bit 7: 20h to 7Eh, line ends, and the prefixes of printers' commands.
    private var printable = 0
    private var high = 0
    private var null = 0
    /// Without blanks, which are most of a receipt: all, and those with an even number of ones.
    private var inked = 0
    private var even = 0
    /// Without bit 7: digits, spaces and line ends, which every script uses.
    private var neutral = 0
    /// Of trailing zeros 0 to 7; NUL is not among them.
    private var trailing = [Int](repeating: 0, count: 8)
    /// Runs of equal bits inside of bytes, with a change on both sides, by their length.
    private var runs = [Int](repeating: 0, count: 8)
    private var seen: Set<UInt8> = []

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            count += 1
            let low = byte & 0x7F
            seen.insert(low)
            if byte == 0 { null += 1 } else { trailing[byte.trailingZeroBitCount] += 1 }
            if byte >= 0x80 { high += 1 }
            if low != 0x20 {
                inked += 1
                if byte.nonzeroBitCount % 2 == 0 { even += 1 }
            }
            countRuns(byte)
            if (0x30...0x39).contains(low) || [0x20, 0x0A, 0x0D].contains(low) { neutral += 1 }
            if (0x20...0x7E).contains(low) || [0x0A, 0x0D, 0x1B, 0x1D].contains(low) { printable += 1 }
            if ByteStatistics.commonBytes.contains(low) { common += 1 }
        }
    }

    private static let commonBytes = Set(" .0123456789etaoinsrlhdcETAOINSRLHDC".utf8)

    var commonShare: Double { share(common) }
    var printableShare: Double { share(printable) }
    var highShare: Double { share(high) }
    var nullShare: Double { share(null) }
    /// Of the bytes that are no blanks; 0.5 while there are too few to tell a parity.
    var evenShare: Double { inked < 20 ? 0.5 : Double(even) / Double(inked) }
    var neutralShare: Double { share(neutral) }
    /// Different bytes, without bit 7: rows of blanks or dashes say little.
    var variety: Int { seen.count }

    private func share(_ part: Int) -> Double { count == 0 ? 0 : Double(part) / Double(count) }

    private mutating func countRuns(_ byte: UInt8) {
        let changes = byte ^ (byte >> 1)
        var last: Int?
        for bit in 0..<7 where changes >> UInt8(bit) & 1 == 1 {
            if let last { runs[bit - last] += 1 }
            last = bit
        }
    }

    /// How many times too fast the receiver is: then every run of equal bits is so many bits long, or a multiple. 1 when
    /// nothing says so.
    func oversampling(among ratios: [Int]) -> Int {
        let inside = runs.reduce(0, +)
        if inside * 7 >= count, inside >= 12 {
            // Noise breaks some runs up.
            return ratios.sorted(by: >).first { ratio in
                let multiples = runs.indices.filter { $0 % ratio == 0 }.reduce(0) { $0 + runs[$1] }
                return Double(multiples) >= 0.75 * Double(inside)
            } ?? 1
        }
        // Too few for a ratio below 6. Then each byte begins at a falling edge, and one with z trailing zeros began with z + 1
        // low bits.
        let total = trailing.reduce(0, +)
        guard total >= 12 else { return 1 }
        for ratio in ratios.sorted(by: >) where (3...8).contains(ratio) {
            let fitting = trailing.indices.filter { ($0 + 1) % ratio == 0 }.reduce(0) { $0 + trailing[$1] }
            if Double(fitting) >= 0.85 * Double(total) { return ratio }
        }
        return 1
    }
}
