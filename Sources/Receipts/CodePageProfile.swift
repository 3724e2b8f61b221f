/// What a printer means by `ESC t n`. The numbers differ between makers (for 78 of 105 of them two printers disagree), so
/// the profile is a setting of the feed.
package struct CodePageProfile: Sendable, Hashable {
    /// `epson`, or the name of the one page that is used whatever the till selects.
    package let name: String
    /// The page after a reset.
    let initial: CodePage
    /// The page of `FS &` text; nil when the printer has none.
    let multibyte: CodePage?
    private let follows: Bool

    /// Epson's numbers (TM series command reference), starting with page 437.
    package static let epson = CodePageProfile(name: "epson", initial: epsonPage(0), multibyte: nil, follows: true)

    /// `epson`, or any of `CodePage.names` for a till that prints in one page only; nil for another name.
    package init?(name: String) {
        let name = name.lowercased()
        if name == "epson" {
            self = .epson
        } else if let page = CodePage(name: name) {
            var multibyte: CodePage?
            if case .multibyte = page { multibyte = page }
            self.init(name: name, initial: page, multibyte: multibyte, follows: false)
        } else {
            return nil
        }
    }

    private init(name: String, initial: CodePage, multibyte: CodePage?, follows: Bool) {
        self.name = name
        self.initial = initial
        self.multibyte = multibyte
        self.follows = follows
    }

    /// All names that `init(name:)` takes.
    package static var names: [String] { ["epson"] + CodePage.names }

    /// The page that `ESC t number` selects.
    func page(_ number: UInt8) -> CodePage { follows ? CodePageProfile.epsonPages[Int(number)] : initial }

    private static let epsonPages: [CodePage] = (0...255).map { epsonPage(UInt8($0)) }

    private static func epsonPage(_ number: UInt8) -> CodePage {
        epsonNames[number].flatMap { CodePage(name: $0) } ?? .untabled(number: number)
    }

    private static let epsonNames: [UInt8: String] = [
        0: "cp437", 1: "katakana", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737",
        15: "iso-8859-7", 16: "windows-1252", 17: "cp866", 18: "cp852", 19: "cp858", 21: "tis-620", 32: "cp720",
        33: "cp775", 34: "cp855", 35: "cp861", 36: "cp862", 37: "cp864", 38: "cp869", 39: "iso-8859-2",
        40: "iso-8859-15", 44: "cp1125", 45: "windows-1250", 46: "windows-1251", 47: "windows-1253",
        48: "windows-1254", 49: "windows-1255", 50: "windows-1256", 51: "windows-1257", 52: "windows-1258",
    ]
}
