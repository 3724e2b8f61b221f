/// Hexadecimal text, in and out.
package enum Hexadecimal {
    /// The value of one hex digit in ASCII (either case), or nil.
    package static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Two lower-case digits.
    package static func digits(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
    }

    /// Two lower-case digits a byte, nothing between them.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes { text.append(digits(byte)) }
        return text
    }

    /// The bytes of hex text; white space, `:` and `-` between bytes are skipped. Nil on any other character or on half
    /// a byte.
    package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var half: UInt8?
        for byte in text.utf8 {
            if let value = nibble(byte) {
                if let first = half {
                    bytes.append(first << 4 | value)
                    half = nil
                } else {
                    half = value
                }
            } else {
                let separator = byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x3a || byte == 0x2d
                guard separator, half == nil else { return nil }
            }
        }
        return half == nil ? bytes : nil
    }
}
