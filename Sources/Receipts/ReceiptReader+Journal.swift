import Subjects

extension ReceiptReader {
    /// A transaction that came as data: no print to read, but redacted like print, because people type anything anywhere.
    func read(_ record: JournalRecord, _ raw: RawDocument) -> Document {
        var redactions = Redactions()
        let currency = record.currency.map { $0.uppercased() }.flatMap { Currency.isCode($0) ? $0 : nil }
        var facts = record.facts(currency: currency ?? extractor.currency ?? Currency.none)
        let arithmetic = ReceiptArithmetic(facts, fiscal: nil)
        facts.weighAsJournal()
        arithmetic.weigh(&facts.evidence)
        facts.warnings += arithmetic.warnings
        var texts = cards.redact(facts.items.map(\.text), counts: &redactions)
        texts = personal.redact(texts, counts: &redactions)
        let items = zip(facts.items, texts).map { item, text in
            Document.Item(text: text, quantity: item.quantity, amount: item.amount)
        }
        func codes(_ kind: HashKind, _ values: [String]) -> [Document.Key] {
            var found: [Document.Key] = []
            for value in values.prefix(ReceiptKeys.limit) where !cards.holdsCard(value) {
                let key = keys.key(kind, value)
                if !found.contains(key) { found.append(key) }
            }
            return found
        }
        // A number that is a card's is no receipt number.
        func plain(_ value: String?) -> String? { value.flatMap { cards.holdsCard($0) ? nil : $0 } }
        let lines =
            items.map { "\($0.text)  \($0.amount.decimal)" } + (facts.total.map { ["TOTAL  \($0.decimal)"] } ?? [])
        if plain(facts.number) == nil { facts.evidence[.number] = nil }
        if plain(facts.originalNumber) == nil { facts.evidence[.originalNumber] = nil }
        return Document(
            kind: record.documentKind(facts),
            till: till ?? record.till.map { TillID($0) },
            number: plain(facts.number),
            originalNumber: plain(facts.originalNumber),
            issuedAt: facts.time?.dateTime,
            issuedDate: record.businessDate.flatMap { PrintedTime(iso: $0)?.date } ?? facts.time?.date,
            total: facts.total,
            tenders: facts.tenders,
            items: items,
            loyalty: codes(.loyalty, record.loyalty),
            coupons: codes(.coupon, record.coupons),
            orders: codes(.order, record.orders),
            evidence: facts.evidence,
            arithmetic: arithmetic.score,
            cashier: record.cashier.flatMap { keys.hasher?.hash(.cashier, $0) },
            lines: lines,
            commands: .init(known: raw.known, unknown: raw.unknown),
            complete: !raw.beganLate && raw.truncatedBytes == 0,
            redactions: redactions,
            warnings: facts.warnings + conditions(raw, redactions),
            firstByte: raw.firstByte,
            lastByte: raw.lastByte,
            bodyHash: BodyHash.of([plain(facts.number) ?? "", facts.time?.dateTime ?? ""] + lines))
    }
}

extension JournalRecord {
    /// The record in the words of extraction. Amounts that are no decimal numbers are left out and said.
    func facts(currency: String) -> DocumentFacts {
        var facts = DocumentFacts()
        func money(_ text: String?, _ name: String) -> Money? {
            guard let text else { return nil }
            guard let money = Money(decimal: text, currency: currency) else {
                facts.warnings.append("the journal's \(name) is no amount of \(currency)")
                return nil
            }
            return money
        }
        for item in items {
            guard var amount = money(item.amount, "item amount") else { continue }
            if item.isReturn { amount.minor = -abs(amount.minor) }
            facts.items.append(
                Document.Item(text: item.text, quantity: item.quantity.flatMap { Double($0) }, amount: amount))
        }
        for tender in tenders {
            guard let amount = money(tender.amount, "tender amount") else { continue }
            if tender.isChange {
                facts.change = (facts.change ?? 0) + abs(amount.minor)
            } else {
                facts.tenders.append(Document.Tender(type: JournalRecord.tenderType(tender.type), amount: amount))
            }
        }
        facts.total = money(total, "total")
        facts.taxes = taxes.compactMap { money($0, "tax")?.minor }.reduce(0, +)
        facts.number = number
        facts.originalNumber = originalNumber
        facts.till = till
        facts.time = (end ?? begin).flatMap { PrintedTime(iso: $0) }
        facts.amountLines = items.count
        return facts
    }

    /// What the record is: what it says itself, else what its goods say.
    func documentKind(_ facts: DocumentFacts) -> DocumentKind {
        if let kind { return kind }
        let returned = items.contains(where: \.isReturn)
        let bought = items.contains { !$0.isReturn }
        if returned { return bought ? .exchange : .return }
        if let total = facts.total, total.minor < 0 { return .return }
        return facts.total == nil && facts.items.isEmpty ? .unknown : .sale
    }

    /// POSLog's `TenderType` in the words of `Document.Tender`.
    private static func tenderType(_ type: String) -> String {
        switch type.lowercased() {
        case "cash", "foreigncurrency": "cash"
        case "creditdebit", "credit", "debit", "card", "creditcard", "debitcard": "card"
        case "voucher", "storedvalue": "voucher"
        case "giftcard", "giftcertificate": "gift_card"
        case "mobile", "mobilepayment", "ewallet": "mobile"
        case "check", "cheque", "travelerscheck": "cheque"
        case "customeraccount", "account", "houseaccount": "account"
        default: "other"
        }
    }
}

extension Money {
    /// `-12.95` as minor units: a point for decimals, no grouping, no more decimals than the currency has (further zeros
    /// are allowed). Nil for anything else.
    init?(decimal: String, currency: String) {
        var digits = Substring(decimal.drop(while: \.isWhitespace))
        while digits.last?.isWhitespace == true { digits.removeLast() }
        let negative = digits.first == "-"
        if negative || digits.first == "+" { digits.removeFirst() }
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, whole.count <= 12,
            whole.allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        let exponent = Currency.exponent(currency)
        var fraction = parts.count > 1 ? parts[1] : ""
        guard fraction.count <= 12, fraction.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        while fraction.count > exponent {
            guard fraction.last == "0" else { return nil }
            fraction.removeLast()
        }
        let padded = String(whole) + fraction + String(repeating: "0", count: exponent - fraction.count)
        guard let minor = Int64(padded) else { return nil }
        self.init(minor: negative ? -minor : minor, currency: currency)
    }

    /// `12.95`, as many decimals as the currency has.
    var decimal: String {
        let exponent = Currency.exponent(currency)
        var digits = String(minor.magnitude)
        if exponent > 0 {
            digits = String(repeating: "0", count: max(0, exponent + 1 - digits.count)) + digits
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -exponent))
        }
        return minor < 0 ? "-" + digits : digits
    }
}

extension PrintedTime {
    /// `YYYY-MM-DD`, or that with `THH:MM[:SS]`; fractions and an offset behind it are ignored, because a printed time is
    /// local. Nil for anything else.
    init?(iso: String) {
        let bytes = Array(iso.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard bytes.count >= 10, bytes[4] == 0x2D, bytes[7] == 0x2D, let year = number(0..<4),
            let month = number(5..<7),
            let day = number(8..<10), (1990...2099).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        self.init(year: year, month: month, day: day)
        guard bytes.count >= 16, bytes[10] == UInt8(ascii: "T") || bytes[10] == 0x20, bytes[13] == 0x3A,
            let hour = number(11..<13), let minute = number(14..<16), hour < 24, minute < 60
        else { return }
        let seconds = bytes.count >= 19 && bytes[16] == 0x3A ? number(17..<19) ?? 0 : 0
        second = hour * 3600 + minute * 60 + min(seconds, 59)
    }
}
