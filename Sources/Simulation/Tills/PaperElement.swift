/// One thing that a till tells its printer, before it is bytes of a dialect.
enum PaperElement: Sendable, Hashable {
    struct Style: Sendable, Hashable {
        var wide = false
        var high = false
        var emphasised = false
        var centred = false

        static let plain = Style()
        static let heading = Style(wide: true, high: true, centred: true)
        static let banner = Style(emphasised: true, centred: true)
        static let centre = Style(centred: true)
    }

    /// One printed line.
    case line(String, Style)
    /// A CODE128 barcode.
    case barcode(String)
    case qr(String)
    /// A logo or a whole page as dots: bytes of width, lines of height.
    case image(width: Int, height: Int)
    case drawer
    case cut
}

extension String {
    /// Columns on the paper: East Asian wide characters take two (Unicode Standard Annex 11, the blocks that tills print).
    var printedColumns: Int {
        unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF01...0xFF60, 0xFFE0...0xFFE6:
                sum + 2
            default: sum + 1
            }
        }
    }
}
