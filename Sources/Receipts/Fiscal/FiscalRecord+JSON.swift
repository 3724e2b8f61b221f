import Subjects

extension FiscalRecord: Encodable {
    private enum CodingKeys: String, CodingKey {
        case scheme, form, till, number, transaction, type, nature, total, tax, rates, cash
        case signatureCounter = "signature_counter"
        case issuedAt = "issued_at"
        case issuedDate = "issued_date"
        case finishedAt = "finished_at"
        case startedAt = "started_at"
        case nonCash = "non_cash"
    }

    /// Members that the scheme does not have are absent. Amounts are minor units of the euro; `finished_at` and
    /// `started_at` are UTC, `issued_at` is local.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(scheme, forKey: .scheme)
        try container.encode(form, forKey: .form)
        try container.encodeIfPresent(till, forKey: .till)
        try container.encodeIfPresent(number, forKey: .number)
        try container.encodeIfPresent(transaction, forKey: .transaction)
        try container.encodeIfPresent(signatureCounter, forKey: .signatureCounter)
        try container.encode(type, forKey: .type)
        try container.encode(nature, forKey: .nature)
        switch issued {
        case .local(let text): try container.encode(text, forKey: .issuedAt)
        case .date(let text): try container.encode(text, forKey: .issuedDate)
        case .instant(let instant): try container.encode(instant.rfc3339(), forKey: .finishedAt)
        case nil: break
        }
        try container.encodeIfPresent(started?.rfc3339(), forKey: .startedAt)
        try container.encodeIfPresent(total, forKey: .total)
        try container.encodeIfPresent(tax, forKey: .tax)
        if !rates.isEmpty {
            try container.encode(Dictionary(rates.map { ($0.name, $0.gross) }) { $0 + $1 }, forKey: .rates)
        }
        try container.encodeIfPresent(cash, forKey: .cash)
        try container.encodeIfPresent(nonCash, forKey: .nonCash)
    }
}
