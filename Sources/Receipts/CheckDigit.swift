/// How the last digits of a code guard the others.
package enum CheckDigit: String, Sendable, Hashable, Codable, CaseIterable {
    case none
    /// ISO/IEC 7812-1 annex B.
    case luhn
    /// GS1 General Specifications 7.9: weights 3 and 1 from the right, as in EAN-13.
    case mod10
    /// ISO/IEC 7064 MOD 97-10: two digits; letters count 10 to 35.
    case mod97

    /// Whether the code is whole. Blanks and hyphens between its characters mean nothing.
    package func accepts(_ code: String) -> Bool {
        guard self != .none else { return true }
        let characters = code.uppercased().utf8.filter { $0 != 0x20 && $0 != 0x2D }
        guard characters.count >= 3 else { return false }
        if self == .mod97 {
            var remainder = 0
            for byte in characters {
                switch byte {
                case 0x30...0x39: remainder = (remainder * 10 + Int(byte - 0x30)) % 97
                case 0x41...0x5A: remainder = (remainder * 100 + Int(byte - 0x41) + 10) % 97
                default: return false
                }
            }
            return remainder == 1
        }
        var sum = 0
        for (place, byte) in characters.reversed().enumerated() {
            guard (0x30...0x39).contains(byte) else { return false }
            let digit = Int(byte - 0x30)
            if place.isMultiple(of: 2) {
                sum += digit
            } else if self == .mod10 {
                sum += digit * 3
            } else {
                sum += digit * 2 > 9 ? digit * 2 - 9 : digit * 2
            }
        }
        return sum.isMultiple(of: 10)
    }
}

/// Where a customer's or a document's code stands and what makes it one.
package struct CodePattern: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case loyalty, coupon, order, survey
    }

    package var kind: Kind
    /// A regular expression (ICU syntax, letter case ignored) with one group around the code. Data of a barcode or QR
    /// code is searched as a line that begins with `symbol: `.
    package var pattern: String
    package var check: CheckDigit

    package init(kind: Kind, pattern: String, check: CheckDigit = .none) {
        self.kind = kind
        self.pattern = pattern
        self.check = check
    }
}
