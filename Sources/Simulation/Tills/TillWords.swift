/// What a till prints beside numbers and names: one entry for each label and heading of a receipt.
enum TillWord: String, CaseIterable, Sendable {
    case shop, address, taxNumber
    case number, date, time, till, cashier, server, table, guests, pump, original
    case subtotal, total, rounding, discount, savings, itemCount
    case tax, net, gross, taxIncluded
    case cash, card, change, tip
    case loyalty, coupon, order, survey, surveyCode
    case article, size, prescription
    case thanks, policy
    case returned, exchange, void, postVoid, reprint, training, noSale, xReport, zReport, payIn, payOut
    case amount, reason, turnover, transactions
    case slip, merchantCopy, customerCopy, terminal, authorisation, approved, contactless
    case kitchen, couponHeading, couponOffer, validUntil
}

/// The words of one language, each in one or more wordings: tills of different makers say the same thing differently.
struct TillWords: Sendable {
    private let wordings: [TillWord: [String]]

    /// One entry a line: `total: TOTAL | Amount due`, the wordings divided by bars.
    init(_ table: String) {
        var wordings: [TillWord: [String]] = [:]
        for line in table.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":"),
                let word = TillWord(rawValue: String(line[..<colon].filter { $0 != " " }))
            else { continue }
            wordings[word] = line[line.index(after: colon)...].split(separator: "|").map { Self.trimmed($0) }
        }
        self.wordings = wordings
    }

    /// The wording that the maker number `variant` uses; empty for a word that the table does not have.
    subscript(word: TillWord, variant: Int) -> String {
        guard let choices = wordings[word], !choices.isEmpty else { return "" }
        return choices[variant % choices.count]
    }

    /// Words without an entry; a test holds that no table has any.
    var missing: [TillWord] { TillWord.allCases.filter { wordings[$0]?.isEmpty ?? true } }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
