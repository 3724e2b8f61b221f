/// What a printer means by `ESC t n`. The numbers differ between makers (for 78 of 105 of them two printers disagree), so
/// the profile is a setting of the feed.
package struct CodePageProfile: Sendable, Hashable {
    /// A maker's name (`PrinterProfiles`), or the name of the one page that is used whatever the till selects.
    package let name: String
    /// The page after a reset.
    let initial: CodePage
    /// The page of double-byte text (`FS &`); nil when the printer has none.
    let multibyte: CodePage?
    /// By number; empty when there is one page for all.
    private let pages: [CodePage]

    /// Epson's numbers (TM series command reference), starting with page 437.
    package static let epson = CodePageProfile("epson", PrinterProfiles.entries["epson"] ?? .init())

    /// Journals are UTF-8 whatever the printer is.
    static let utf8 = CodePageProfile(name: "utf-8", initial: .multibyte(name: "utf-8"), multibyte: nil, pages: [])

    /// A maker's name, or any of `CodePage.names` for a till that prints in one page only; nil for another name.
    package init?(name: String) {
        let name = name.lowercased()
        if let entry = PrinterProfiles.entries[name] {
            self.init(name, entry)
        } else if let page = CodePage(name: name) {
            var multibyte: CodePage?
            if case .multibyte = page { multibyte = page }
            self.init(name: name, initial: page, multibyte: multibyte, pages: [])
        } else {
            return nil
        }
    }

    private init(_ name: String, _ entry: PrinterProfiles.Entry) {
        let pages = (0...255).map { number -> CodePage in
            entry.pages[UInt8(number)].flatMap { CodePage(name: $0) } ?? .untabled(number: UInt8(number))
        }
        self.init(name: name, initial: pages[0], multibyte: entry.kanji.flatMap { CodePage(name: $0) }, pages: pages)
    }

    private init(name: String, initial: CodePage, multibyte: CodePage?, pages: [CodePage]) {
        self.name = name
        self.initial = initial
        self.multibyte = multibyte
        self.pages = pages
    }

    /// The same profile with other pages for some numbers: a printer that no profile describes.
    package func replacing(_ numbers: [UInt8: CodePage]) -> CodePageProfile {
        var pages = pages.isEmpty ? (0...255).map { _ in initial } : pages
        for (number, page) in numbers { pages[Int(number)] = page }
        return CodePageProfile(name: name, initial: numbers[0] ?? initial, multibyte: multibyte, pages: pages)
    }

    /// All names that `init(name:)` takes: makers first.
    package static var names: [String] { PrinterProfiles.entries.keys.sorted() + CodePage.names }

    /// The page that `ESC t number` selects.
    func page(_ number: UInt8) -> CodePage { pages.isEmpty ? initial : pages[Int(number)] }
}
