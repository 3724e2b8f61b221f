/// A way to turn the high bytes of printed text into characters.
package enum CodePage: Sendable, Hashable {
    /// One byte a character; the 128 characters of 80h to FFh.
    case table(name: String, characters: [Unicode.Scalar])
    /// One or more bytes a character, by an iconv name such as `GB18030`.
    case multibyte(name: String)
    /// A page of the printer that has no public table: high bytes read as U+FFFD.
    case untabled(number: UInt8)

    /// The page of that name (`cp858`, `windows-1252`, `iso-8859-15`, `gb18030`, `utf-8` ...), nil when there is none.
    package init?(name: String) {
        let name = name.lowercased()
        if let table = CodePage.tables[name] {
            self = .table(name: name, characters: table)
        } else if CodePage.multibyteNames.contains(name) {
            self = .multibyte(name: name)
        } else {
            return nil
        }
    }

    /// All names that `init(name:)` takes, sorted.
    package static var names: [String] { (Array(tables.keys) + multibyteNames).sorted() }

    /// `jis` is JIS X 0208 in 7 bits, as `FS &` printers take it.
    static let multibyteNames = ["gb18030", "big5", "euc-kr", "shift_jis", "jis", "utf-8"]

    /// True when text of the page can be read on this system.
    package var isAvailable: Bool {
        guard case .multibyte(let name) = self, name != "utf-8" else { return true }
        return MultibyteText.isAvailable(name)
    }

    private static let tables: [String: [Unicode.Scalar]] = {
        var tables = dosTables.merging(windowsTables) { first, _ in first }
            .merging(furtherTables) { first, _ in first }.mapValues { Array($0.unicodeScalars) }
        tables["iso-8859-1"] = (0x80...0xFF).map { Unicode.Scalar($0) }
        return tables
    }()

    /// ASCII bytes are no ASCII characters in it.
    private var isJIS: Bool {
        if case .multibyte(let name) = self { name != "utf-8" } else { false }
    }

    /// The text of `bytes`, which are printable bytes of one run. `national` replaces twelve ASCII characters.
    func text(_ bytes: [UInt8], national: NationalSet) -> String {
        if national.isPlain, bytes.allSatisfy({ $0 < 0x80 }), !isJIS { return String(decoding: bytes, as: UTF8.self) }
        switch self {
        case .table(_, let characters):
            var scalars = String.UnicodeScalarView()
            for byte in bytes {
                if byte < 0x80 {
                    scalars.append(national.character(byte))
                } else {
                    let index = Int(byte) - 0x80
                    scalars.append(index < characters.count ? characters[index] : "\u{FFFD}")
                }
            }
            return String(scalars)
        case .untabled:
            var scalars = String.UnicodeScalarView()
            for byte in bytes { scalars.append(byte < 0x80 ? national.character(byte) : "\u{FFFD}") }
            return String(scalars)
        case .multibyte(let name):
            if name == "utf-8" { return String(decoding: bytes, as: UTF8.self) }
            return MultibyteText.decode(bytes, encoding: name)
        }
    }
}
