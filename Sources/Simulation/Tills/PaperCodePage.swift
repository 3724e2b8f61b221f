import Foundation

/// The characters of a simulated printer, encoded by tables of its own so that the decoder's are tested by others.
enum PaperCodePage: Sendable, Hashable {
    case cp437
    case cp858
    case windows1252
    case iso885915
    case shiftJIS

    /// The parameter of `ESC t` (Epson TM series); nil where the characters need none.
    var epsonNumber: UInt8? {
        switch self {
        case .cp437: 0
        case .cp858: 19
        case .windows1252: 16
        case .iso885915: 40
        case .shiftJIS: nil
        }
    }

    /// The parameter of `ESC GS t` (Star Line Mode specification, appendix on character tables).
    var starNumber: UInt8? {
        switch self {
        case .cp437: 1
        case .cp858: 4
        case .windows1252, .iso885915: 32
        case .shiftJIS: nil
        }
    }

    /// The bytes of `text`; a character that the page does not have becomes `?`.
    func encode(_ text: String) -> [UInt8] {
        switch self {
        case .shiftJIS: return Array(text.data(using: .shiftJIS, allowLossyConversion: true) ?? Data())
        default: return text.unicodeScalars.map { byte($0) ?? UInt8(ascii: "?") }
        }
    }

    private func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        if (0x20...0x7E).contains(scalar.value) { return UInt8(scalar.value) }
        switch self {
        case .cp437: return scalar == "€" ? nil : Self.dos[scalar]
        case .cp858: return Self.dos[scalar] ?? Self.latinDOS[scalar]
        case .windows1252, .iso885915:
            if scalar == "€" { return self == .windows1252 ? 0x80 : 0xA4 }
            return (0xA0...0xFF).contains(scalar.value) ? UInt8(scalar.value) : nil
        case .shiftJIS: return nil
        }
    }

    /// What code pages 437 and 858 have in common.
    private static let dos: [Unicode.Scalar: UInt8] = [
        "Ç": 0x80, "ü": 0x81, "é": 0x82, "â": 0x83, "ä": 0x84, "à": 0x85, "å": 0x86, "ç": 0x87, "ê": 0x88, "ë": 0x89,
        "è": 0x8A, "ï": 0x8B, "î": 0x8C, "Ä": 0x8E, "Å": 0x8F, "É": 0x90, "ô": 0x93, "ö": 0x94, "û": 0x96, "ù": 0x97,
        "Ö": 0x99, "Ü": 0x9A, "£": 0x9C, "á": 0xA0, "í": 0xA1, "ó": 0xA2, "ú": 0xA3, "ñ": 0xA4, "º": 0xA7, "ß": 0xE1,
        "°": 0xF8, "\u{A0}": 0xFF,
    ]
    private static let latinDOS: [Unicode.Scalar: UInt8] = [
        "ã": 0xC6, "Ã": 0xC7, "À": 0xB7, "È": 0xD4, "Ê": 0xD2, "€": 0xD5, "õ": 0xE4, "Õ": 0xE5, "Á": 0xB5, "Í": 0xD6,
        "Ó": 0xE0, "Ú": 0xE9,
    ]
}
