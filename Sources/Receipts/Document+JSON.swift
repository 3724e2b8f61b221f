import Foundation

extension Document: Encodable {
    private enum CodingKeys: String, CodingKey {
        case kind, till, number
        case issuedAt = "issued_at"
        case total, tenders, items, loyalty, coupons, lines, commands, complete, redactions, warnings
        case orders, surveys, extras, fields, template, arithmetic, fiscal
        case originalNumber = "original_number"
    }

    /// The object of `footbridge decode receipt`. What is unknown is null; `loyalty` is null, one code, or a list when
    /// different codes are printed. The members from `original_number` on are there only when they say something.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(till, forKey: .till)
        try container.encode(number, forKey: .number)
        try container.encode(issuedAt, forKey: .issuedAt)
        try container.encode(total, forKey: .total)
        try container.encode(tenders, forKey: .tenders)
        try container.encode(items.map(ItemObject.init), forKey: .items)
        if loyalty.count > 1 {
            try container.encode(loyalty.map(\.text), forKey: .loyalty)
        } else {
            try container.encode(loyalty.first?.text, forKey: .loyalty)
        }
        try container.encode(coupons.map(\.text), forKey: .coupons)
        try container.encode(lines, forKey: .lines)
        try container.encode(commands, forKey: .commands)
        try container.encode(complete, forKey: .complete)
        try container.encode(redactions, forKey: .redactions)
        try container.encode(warnings, forKey: .warnings)
        try container.encodeIfPresent(originalNumber, forKey: .originalNumber)
        if !orders.isEmpty { try container.encode(orders.map(\.text), forKey: .orders) }
        if !surveys.isEmpty { try container.encode(surveys.map(\.text), forKey: .surveys) }
        if !extras.isEmpty { try container.encode(extras, forKey: .extras) }
        if !evidence.isEmpty {
            let fields = Dictionary(uniqueKeysWithValues: evidence.map { ($0.rawValue, $1) })
            try container.encode(fields, forKey: .fields)
        }
        try container.encodeIfPresent(template, forKey: .template)
        try container.encodeIfPresent(arithmetic, forKey: .arithmetic)
        try container.encodeIfPresent(fiscal, forKey: .fiscal)
    }

    /// The object as one line of JSON, keys sorted, without a line end.
    package func jsonLine() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// An item with an explicit null for an unknown quantity.
    private struct ItemObject: Encodable {
        let item: Item

        enum CodingKeys: String, CodingKey {
            case text, quantity, amount
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(item.text, forKey: .text)
            try container.encode(item.quantity, forKey: .quantity)
            try container.encode(item.amount, forKey: .amount)
        }
    }
}
