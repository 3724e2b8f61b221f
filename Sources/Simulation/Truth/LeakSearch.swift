/// Searches bytes for `LeakNeedles` in every form in which a program could have written them: binary in either byte order,
/// hexadecimal in either case, with colons or hyphens between the bytes, and base64 at any alignment.
package struct LeakSearch: Sendable {
    package enum Form: String, Sendable, CaseIterable {
        case binary, hexadecimal, separated, base64, text
    }

    package struct Finding: Hashable, Sendable {
        package var form: Form
        /// Where in the bytes; what was found is not said again.
        package var offset: Int
    }

    private let fragments: Set<UInt64>
    private let texts: [Int: Set<[UInt8]>]
    /// The first bytes of the texts, so that most offsets cost one look.
    private let firstBytes: Set<UInt8>
    /// A bit for each value of a hash of 20 bits: nearly all windows are refused by one look at this.
    private let sieve: [UInt64]

    package init(_ needles: LeakNeedles) {
        fragments = needles.fragments
        texts = Dictionary(grouping: needles.texts, by: \.count).mapValues(Set.init)
        firstBytes = Set(needles.texts.compactMap(\.first))
        var sieve = [UInt64](repeating: 0, count: 1 << 14)
        for fragment in needles.fragments {
            let slot = Self.slot(fragment)
            sieve[slot >> 6] |= 1 << UInt64(slot & 63)
        }
        self.sieve = sieve
    }

    /// All findings, at most `limit` and a few more from the last byte. One pass: each form is a window that moves along.
    package func findings(in bytes: [UInt8], limit: Int = 100) -> [Finding] {
        var findings: [Finding] = []
        var binary: UInt64 = 0
        var (digits, digitRun): (UInt64, Int) = (0, 0)
        var (sextets, sextetRun): (UInt64, Int) = (0, 0)
        var offset = 0
        while offset < bytes.count, findings.count < limit {
            let byte = bytes[offset]
            binary = (binary << 8 | UInt64(byte)) & Self.mask
            if offset >= 5, contains(binary) { findings.append(Finding(form: .binary, offset: offset - 5)) }
            let nibble = Self.nibbles[Int(byte)]
            digits = (digits << 4 | UInt64(nibble & 0x0F)) & Self.mask
            digitRun = nibble == 255 ? 0 : digitRun + 1
            if digitRun >= 12, contains(digits) { findings.append(Finding(form: .hexadecimal, offset: offset - 11)) }
            let sextet = Self.sextets[Int(byte)]
            sextets = (sextets << 6 | UInt64(sextet & 0x3F)) & Self.mask
            sextetRun = sextet == 255 ? 0 : sextetRun + 1
            if sextetRun >= 8, contains(sextets) { findings.append(Finding(form: .base64, offset: offset - 7)) }
            if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-"), offset >= 2,
                let value = Self.separated(bytes, at: offset - 2), contains(value)
            {
                findings.append(Finding(form: .separated, offset: offset - 2))
            }
            if firstBytes.contains(byte) { findings += textFindings(in: bytes, at: offset) }
            offset += 1
        }
        return findings
    }

    private func textFindings(in bytes: [UInt8], at offset: Int) -> [Finding] {
        var findings: [Finding] = []
        for (length, known) in texts where offset + length <= bytes.count {
            if known.contains(Array(bytes[offset..<(offset + length)])) {
                findings.append(Finding(form: .text, offset: offset))
            }
        }
        return findings
    }

    private static let mask: UInt64 = 0xFFFF_FFFF_FFFF

    private func contains(_ value: UInt64) -> Bool {
        let slot = Self.slot(value)
        return sieve[slot >> 6] & (1 << UInt64(slot & 63)) != 0 && fragments.contains(value)
    }

    private static func slot(_ value: UInt64) -> Int {
        Int((value &* 0x9E37_79B9_7F4A_7C15) >> 44)
    }

    /// Six bytes of two digits with colons or hyphens between them.
    private static func separated(_ bytes: [UInt8], at offset: Int) -> UInt64? {
        guard offset + 17 <= bytes.count,
            bytes[offset + 2] == UInt8(ascii: ":") || bytes[offset + 2] == UInt8(ascii: "-")
        else { return nil }
        var value: UInt64 = 0
        for index in 0..<6 {
            let place = offset + 3 * index
            if index > 0, bytes[place - 1] != bytes[offset + 2] { return nil }
            let (high, low) = (nibbles[Int(bytes[place])], nibbles[Int(bytes[place + 1])])
            guard high != 255, low != 255 else { return nil }
            value = value << 8 | UInt64(high << 4 | low)
        }
        return value
    }

    /// The value of each hexadecimal digit; 255 for other bytes.
    private static let nibbles: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, character) in "0123456789abcdef".utf8.enumerated() { table[Int(character)] = UInt8(value) }
        for (value, character) in "ABCDEF".utf8.enumerated() { table[Int(character)] = UInt8(10 + value) }
        return table
    }()

    /// The value of each character of base64 and base64url; 255 for the others.
    private static let sextets: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        for (value, character) in alphabet.utf8.enumerated() { table[Int(character)] = UInt8(value) }
        for character in "+-".utf8 { table[Int(character)] = 62 }
        for character in "/_".utf8 { table[Int(character)] = 63 }
        return table
    }()
}
