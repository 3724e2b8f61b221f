package import Foundation
package import Subjects

/// The settings of one till's feed.
package struct ReceiptDecoderConfiguration: Sendable {
    package var dialect = Dialect.escpos
    package var codePages = CodePageProfile.epson
    /// ISO 4217 code of the store; nil reads it from the document.
    package var currency: String?
    package var decimals = DecimalStyle.automatic
    /// 3/4 is the third of April. Never guessed.
    package var dayFirst = false
    package var patterns = ReceiptPatterns.standard
    /// How documents are told apart, beside cuts, resets and silence.
    package var segmentation = SegmentationSettings()
    /// Silence after which a broken payload is searched for what it swallowed.
    package var softIdle = Duration.seconds(3)
    /// Silence that ends a document. A printer without paper makes a till wait, so it is long.
    package var hardIdle = Duration.seconds(60)
    /// Two documents with the same body within this time are one and its copy.
    package var duplicateWindow = Duration.seconds(120)
    /// Hashes customers' codes; without one they stay plain (the command line).
    package var hasher: KeyedHasher?
    package var till: TillID?
    /// The stream starts at a document's start (a capture file), not in the middle of one (a line just attached).
    package var startsSynchronised = false
    /// Layouts of this till's receipts.
    package var templates: [ReceiptTemplate] = []
    /// The retailer's codes. Those of a kind take the place of the standard patterns of that kind.
    package var codes: [CodePattern] = []
    /// Turns the UTC times of German signatures into the store's time; without it they are only compared in minutes.
    package var timeZone: TimeZone?
    /// Leading digits of the retailer's own cards, which are not payment cards.
    package var ownCardPrefixes: [String] = []

    package init() {}

    /// The settings of `footbridge decode receipt` by the names of its options. `currency` is an ISO 4217 code.
    package init(
        dialectName: String, codePagesName: String = "epson", currency: String? = nil, dayFirst: Bool = false
    ) throws(ReceiptOptionError) {
        guard let dialect = Dialect(rawValue: dialectName.lowercased()) else {
            throw .unknownDialect(dialectName)
        }
        guard let profile = CodePageProfile(name: codePagesName) else {
            throw .unknownCodePages(codePagesName)
        }
        if let currency, !Currency.isCode(currency.uppercased()) {
            throw .notACurrency(currency)
        }
        self.dialect = dialect
        codePages = profile
        self.currency = currency?.uppercased()
        self.dayFirst = dayFirst
    }
}

/// An option or setting with a name that does not exist.
package enum ReceiptOptionError: Error, Hashable, CustomStringConvertible {
    case unknownDialect(String)
    case unknownCodePages(String)
    case notACurrency(String)

    package var description: String {
        switch self {
        case .unknownDialect(let name):
            "dialect \(name): not known; use \(Dialect.allCases.map(\.rawValue).joined(separator: ", "))"
        case .unknownCodePages(let name):
            "code pages \(name): not known; use one of \(CodePageProfile.names.joined(separator: ", "))"
        case .notACurrency(let name):
            "currency \(name): not an ISO 4217 code; use three letters such as EUR"
        }
    }
}
