import Foundation

/// Reads item lines: a text, perhaps a quantity, and an amount at the end.
struct ItemReader: Sendable {
    static let limit = 500
    let currency: String

    func items(_ lines: [String], folded: [FoldedLine], amounts: [[PrintedAmount]], until end: Int) -> [Document.Item] {
        var items: [Document.Item] = []
        for index in lines.indices.prefix(max(0, end)) {
            guard items.count < ItemReader.limit, let amount = amounts[index].last, isAtEnd(amount, of: lines[index]),
                !folded[index].containsAny(ReceiptWords.notItem)
            else { continue }
            var head = String(lines[index][..<amount.range.lowerBound])
            var quantity: Double?
            if ItemReader.mayHoldTimes(head.utf8), let match = ItemReader.match(ItemReader.times, head) {
                // `2 x 6.50`: the quantity, and the price of one.
                quantity = ItemReader.number(match.text)
                head = match.before
            }
            if !head.contains(where: \.isLetter) {
                // The text stands in the line above.
                guard index > 0, amounts[index - 1].isEmpty, folded[index - 1].words.count <= 8 else { continue }
                head = lines[index - 1]
            }
            if quantity == nil, ItemReader.mayLead(head.utf8), let match = ItemReader.match(ItemReader.leading, head) {
                quantity = ItemReader.number(match.text)
                head = match.after
            }
            if quantity == nil, ItemReader.mayTrail(head.utf8), let match = ItemReader.match(ItemReader.trailing, head)
            {
                quantity = ItemReader.number(match.text)
                head = match.before
            }
            let text = head.split(separator: " ").joined(separator: " ")
            guard text.count(where: \.isLetter) >= 2 else { continue }
            items.append(
                Document.Item(
                    text: text, quantity: quantity,
                    amount: Money(minor: amount.minor, currency: amount.currency ?? currency)))
        }
        return items
    }

    /// Behind the amount of an item stands at most a tax class.
    private func isAtEnd(_ amount: PrintedAmount, of line: String) -> Bool {
        let rest = line[amount.range.upperBound...].filter { !$0.isWhitespace }
        return rest.count <= 3 && !rest.contains { $0 == ":" || $0 == "/" }
    }

    private static let leading = compiled(
        #"^\s*(\d{1,3}(?:[.,]\d{1,3})?)\s*(?:[xX×*]\s*|(?:stk|pcs?|pz|st|ud|un|kg)\.?\s+|\s)(?=\S*\p{L})"#)
    private static let times = compiled(
        #"(?:^|\s)(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:kg|g|l|stk|pcs?|st)?\s*[xX×*@]\s*(?:[€£$]?\s?\d{1,6}[.,]\d{2,3}\s*(?:/\s?\w+)?|\w{1,3})?\s*=?\s*$"#
    )
    private static let trailing = compiled(#"\s(\d{1,3}(?:[.,]\d{1,3})?)\s*(?:stk|pcs?|pz|st|ud|un|kg)?\s*$"#)

    /// A digit, perhaps a unit, and a sign of multiplication: what `times` needs.
    private static func mayHoldTimes(_ head: String.UTF8View) -> Bool {
        var digitIsNear = false
        for byte in head {
            switch byte {
            case 0x30...0x39, 0x80...:
                if digitIsNear, byte == 0xC3 { return true }
                digitIsNear = true
            case 0x58, 0x78, 0x2A, 0x40:
                if digitIsNear { return true }
            case 0x09...0x0D, 0x20, 0x41...0x5A, 0x61...0x7A: break
            default: digitIsNear = false
            }
        }
        return false
    }

    /// A digit first.
    private static func mayLead(_ head: String.UTF8View) -> Bool {
        guard let first = head.first(where: { $0 != 0x20 && !(0x09...0x0D).contains($0) }) else { return false }
        return (0x30...0x39).contains(first) || first >= 0x80
    }

    /// A digit last, but for a unit.
    private static func mayTrail(_ head: String.UTF8View) -> Bool {
        for byte in head.reversed() {
            switch byte {
            case 0x30...0x39, 0x80...: return true
            case 0x09...0x0D, 0x20, 0x41...0x5A, 0x61...0x7A, 0x2E: continue
            default: return false
            }
        }
        return false
    }

    private static func compiled(_ pattern: String) -> NSRegularExpression? {
        try? NSRegularExpression(pattern: pattern, options: [.caseInsensitive])
    }

    private static func number(_ text: Substring) -> Double? {
        Double(text.replacing(",", with: "."))
    }

    private static func match(
        _ expression: NSRegularExpression?, _ text: String
    ) -> (text: Substring, before: String, after: String)? {
        guard let match = expression?.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)),
            let whole = Range(match.range, in: text), let group = Range(match.range(at: 1), in: text)
        else { return nil }
        return (text[group], String(text[..<whole.lowerBound]), String(text[whole.upperBound...]))
    }
}
