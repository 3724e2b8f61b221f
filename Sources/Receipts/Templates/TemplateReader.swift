/// Reads a document by its template.
struct TemplateReader {
    /// What the template found.
    struct Reading {
        /// Only what the template found; nil and empty where it has no rule or found nothing.
        var facts = DocumentFacts()
        /// Names of the fields that were found.
        var found: Set<String> = []
        /// Required fields that are missing, in the template's order.
        var missing: [String] = []
        /// Lines among the items that fit none of its patterns.
        var unreadItems = 0
        var extras: [String: String] = [:]
    }

    let template: CompiledTemplate
    let amounts: AmountReader
    let times: PrintedTimeReader
    let currency: String

    private typealias Field = CompiledTemplate.Field

    /// `read` are the texts of the lines.
    func read(_ lines: [PrintedLine], read texts: [ReadLine]) -> Reading {
        var reading = Reading()
        let block = itemBlock(texts)
        if let block { readItems(texts, block, &reading) }
        let total = template.fields.first { $0.template.name == "total" }
        if let total { read(total, lines, texts, block, &reading) }
        for field in template.fields where field.template.name != "total" {
            read(field, lines, texts, block, &reading)
        }
        readTenders(texts, from: block?.upperBound ?? 0, &reading)
        if let originalNumber = reading.facts.originalNumber, originalNumber == reading.facts.number,
            template.fields.filter({ $0.template.name == "number" }).count == 1
        {
            // One pattern found both: the number of the other receipt is not this one's.
            reading.facts.number = nil
            reading.found.remove("number")
        }
        reading.missing = template.template.required.filter { !reading.found.contains($0) }
        return reading
    }

    // MARK: Fields

    private func read(
        _ field: Field, _ lines: [PrintedLine], _ texts: [ReadLine], _ block: Range<Int>?, _ reading: inout Reading
    ) {
        let name = field.template.name
        // The same name may stand several times: the first that finds something counts.
        guard !reading.found.contains(name) else { return }
        let zone = zone(field.template, count: lines.count, block, total: reading.facts.totalLine)
        let order = field.template.pick == .first ? Array(zone) : zone.reversed()
        for index in order where fits(lines[index], field.template.style) {
            guard let text = field.expression.match(texts[index])?.value?.trimmed, !text.isEmpty,
                text.count <= 100, take(text, of: field, line: index, &reading)
            else { continue }
            reading.found.insert(name)
            return
        }
    }

    private func zone(
        _ field: ReceiptTemplate.Field, count: Int, _ block: Range<Int>?, total: Int?
    ) -> Range<Int> {
        switch field.zone {
        case .anywhere: 0..<count
        case .header: 0..<min(count, field.lines)
        case .beforeItems: 0..<min(count, block?.lowerBound ?? total ?? count)
        case .items: block ?? 0..<0
        case .afterTotal: min(count, (total ?? block.map { $0.upperBound - 1 } ?? -1) + 1)..<count
        case .last: max(0, count - field.lines)..<count
        }
    }

    private func fits(_ line: PrintedLine, _ style: ReceiptTemplate.Style) -> Bool {
        switch style {
        case .any: true
        case .large: line.large
        case .emphasised: line.emphasised || line.large
        }
    }

    /// Puts a value where it belongs; false when the text is not of the field's kind.
    private func take(_ text: String, of field: Field, line: Int, _ reading: inout Reading) -> Bool {
        switch field.template.name {
        case "number": reading.facts.number = text
        case "original_number": reading.facts.originalNumber = text
        case "till": reading.facts.till = text
        case "issued_at":
            guard let time = time(text, field.formats), time.date != nil else { return false }
            let second = time.second ?? reading.facts.timeOfDay
            reading.facts.time = time.date
            reading.facts.time?.second = second
        case "date":
            guard let date = time(text, field.formats)?.date else { return false }
            let second = reading.facts.time?.second ?? reading.facts.timeOfDay
            reading.facts.time = date
            reading.facts.time?.second = second
        case "time":
            guard let second = time(text, field.formats, dated: false)?.second else { return false }
            reading.facts.timeOfDay = second
            reading.facts.time?.second = second
        case "total":
            guard let amount = money(text) else { return false }
            reading.facts.total = amount
            reading.facts.totalLine = line
        case "subtotal", "tax", "rounding", "tip", "change":
            guard let amount = money(text) else { return false }
            switch field.template.name {
            case "subtotal": reading.facts.subtotal = amount.minor
            case "tax": reading.facts.taxes = amount.minor
            case "rounding": reading.facts.rounding = amount.minor
            case "tip": reading.facts.tip = amount.minor
            default: reading.facts.change = amount.minor
            }
        default:
            guard let value = own(text, field) else { return false }
            reading.extras[field.template.name] = value
        }
        return true
    }

    /// A field of the retailer's own, in the one form that its kind has.
    private func own(_ text: String, _ field: Field) -> String? {
        switch field.template.kind {
        case .text: return text
        case .number:
            return text.wholeMatch(of: /[0-9]{1,15}(?:[.,][0-9]{1,6})?/) == nil
                ? nil : text.replacing(",", with: ".")
        case .money: return money(text).map { String($0.minor) }
        case .code: return text.wholeMatch(of: /[\p{L}0-9._\/\-]{1,64}/) == nil ? nil : text
        case .dateTime:
            guard let time = time(text, field.formats), var date = time.date else { return nil }
            date.second = time.second ?? date.second
            return date.dateTime ?? date.date
        }
    }

    private func money(_ text: String) -> Money? {
        let found = amounts.amounts(in: text)
        guard found.count == 1, let amount = found.first else { return nil }
        return Money(minor: amount.minor, currency: amount.currency ?? currency)
    }

    private func time(_ text: String, _ formats: [PrintedTimeFormat], dated: Bool = true)
        -> (date: PrintedTime?, second: Int?)?
    {
        guard formats.isEmpty else { return formats.lazy.compactMap { $0.parse(text) }.first }
        guard dated else { return times.timeOfDay(in: text).map { (nil, $0) } }
        // Against the till's setting a date is not read: a template knows its layout.
        guard let finding = times.read(text), !finding.againstSetting else { return nil }
        return (finding.time, finding.time.second)
    }

    // MARK: Items and payments

    private func itemBlock(_ lines: [ReadLine]) -> Range<Int>? {
        guard let items = template.items else { return nil }
        var start = 0
        if let after = items.after {
            guard let line = lines.firstIndex(where: { after.matches($0) }) else { return nil }
            start = line + 1
        }
        guard let end = lines[start...].firstIndex(where: { items.until.matches($0) }) else { return nil }
        return start..<end
    }

    private func readItems(_ lines: [ReadLine], _ block: Range<Int>, _ reading: inout Reading) {
        guard let items = template.items else { return }
        var lead: (text: String?, quantity: Double?)?
        func first(_ expressions: [BoundedExpression], _ line: ReadLine) -> BoundedExpression.Match? {
            expressions.lazy.compactMap { $0.match(line) }.first
        }
        for index in block {
            let line = lines[index]
            if items.skip.contains(where: { $0.matches(line) }) { continue }
            if let match = first(items.line, line), let amount = match.group("amount").flatMap(money),
                let text = (match.group("text") ?? lead?.text)?.collapsed, !text.isEmpty,
                reading.facts.items.count < ItemReader.limit
            {
                let quantity = match.group("quantity").flatMap(number) ?? lead?.quantity
                reading.facts.items.append(Document.Item(text: text, quantity: quantity, amount: amount))
                if let price = match.group("price").flatMap(money), let quantity,
                    !multiplies(price.minor, quantity, amount.minor)
                {
                    reading.unreadItems += 1
                }
                lead = nil
            } else if let match = first(items.continuation, line), let last = reading.facts.items.indices.last {
                if let more = match.group("amount").flatMap(money) {
                    reading.facts.items[last].amount.minor += more.minor
                }
                if let quantity = match.group("quantity").flatMap(number) {
                    reading.facts.items[last].quantity = quantity
                }
                if let text = match.group("text")?.collapsed, !text.isEmpty {
                    reading.facts.items[last].text += " " + text
                }
            } else if let match = first(items.lead, line) {
                lead = (match.group("text") ?? lead?.text, match.group("quantity").flatMap(number) ?? lead?.quantity)
            } else if line.text.contains(where: { $0.isLetter || $0.isNumber }) {
                reading.unreadItems += 1
            }
        }
        if !reading.facts.items.isEmpty { reading.found.insert("items") }
    }

    /// Quantity times price is the amount, but for rounding and the sign of returned goods.
    private func multiplies(_ price: Int64, _ quantity: Double, _ amount: Int64) -> Bool {
        abs(abs(Double(price) * quantity) - abs(Double(amount))) <= 1
    }

    private func number(_ text: String) -> Double? {
        let value = text.trimmed.replacing(",", with: ".")
        guard value.wholeMatch(of: /[\-−]?[0-9]{1,9}(?:\.[0-9]{1,4})?/) != nil else { return nil }
        return Double(value.replacing("−", with: "-"))
    }

    private func readTenders(_ lines: [ReadLine], from start: Int, _ reading: inout Reading) {
        for line in lines[min(start, lines.count)...] where reading.facts.tenders.count < 16 {
            for rule in template.tenders {
                guard let match = rule.expression.match(line),
                    let amount = amounts.amounts(in: match.group("amount") ?? match.firstGroup ?? line.text).last
                else { continue }
                reading.facts.tenders.append(
                    Document.Tender(
                        type: rule.type, amount: Money(minor: amount.minor, currency: amount.currency ?? currency)))
                reading.found.insert("tenders")
                break
            }
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...].drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// Without blanks around it and with one between words.
    fileprivate var collapsed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
