/// The lines of a document on which a payment by card may stand: those with a scheme's or a card's word, and the lines right
/// above and below them.
struct PaymentLines {
    private let lines: [String]
    private var known: [Bool?]

    init(_ lines: [String]) {
        self.lines = lines
        known = Array(repeating: nil, count: lines.count)
    }

    mutating func isNear(_ line: Int) -> Bool {
        for index in max(0, line - 1)...(line + 1) where index < lines.count {
            if known[index] == nil { known[index] = PaymentLines.speaksOfCards(lines[index]) }
            if known[index] == true { return true }
        }
        return false
    }

    static func speaksOfCards(_ line: String) -> Bool {
        let folded = FoldedLine(line)
        if folded.words.contains(where: { words.contains($0) }) || folded.containsAny(phrases) { return true }
        // Japanese and Chinese lines have no blanks between words.
        return line.utf8.contains { $0 >= 0x80 }
            && scripts.contains { script in folded.words.contains { $0.contains(script) } }
    }

    private static let phrases = Phrases(
        ReceiptWords.tenders.filter { $0.type == "card" }.flatMap(\.phrases.all))

    /// Beside the words of tenders: how slips label the number itself, and schemes that receipts name there only.
    private static let words: Set<String> = [
        "PAN", "MC", "MCARD", "JCB", "DINERS", "UNIONPAY", "CUP", "VPAY", "RUPAY", "MIR", "ELO", "INTERAC", "DANKORT",
        "CARDNO", "CARDNR", "CARDNUMBER", "CARDNUM", "CARDS", "CRDNO", "KARTENNR", "KARTENNUMMER", "KARTENNO",
        "KARTENR",
        "BANKKARTE", "DEBITKARTE", "GELDKARTE", "CARTES", "NCARTE", "KAART", "KAARTNR", "KAARTNUMMER", "PINPAS",
        "KORTNR",
        "KORTNUMMER", "KARTA", "KARTY", "KARTĄ", "KREDITKORT", "DEBITKORT", "CREDITO", "DEBITO", "CREDITCARD",
        "DEBITCARD",
    ]

    private static let scripts = ["カード", "クレシット", "クレジット", "会員番号", "银联", "銀聯", "卡号", "卡號"].map {
        FoldedLine($0).words.joined()
    }
}
