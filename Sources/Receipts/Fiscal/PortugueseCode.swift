/// The QR code of a Portuguese document: `A:issuer*B:customer*C:country*D:type*E:status*F:date*G:document*H:ATCUD*I1:…*N:tax*O:total*Q:…*R:…`
/// (Autoridade Tributária, technical specification of the QR code, 2021). Field B is the customer's tax number and is not kept.
enum PortugueseCode {
    static func parse(_ text: String) throws(FiscalError) -> FiscalRecord {
        guard text.hasPrefix("A:"), text.contains("*B:"), text.utf8.count <= 1024 else { throw .otherData }
        func wrong(_ name: String, _ due: String) -> FiscalError { .field(scheme: .portugal, name: name, due: due) }
        var fields: [String: Substring] = [:]
        for field in text.split(separator: "*", omittingEmptySubsequences: false) {
            guard let colon = field.firstIndex(of: ":") else { throw wrong("a field", "NAME:value") }
            let name = String(field[..<colon])
            guard (1...2).contains(name.utf8.count), fields[name] == nil else { throw wrong(name, "there once") }
            fields[name] = field[colon...].dropFirst()
        }
        guard let issuer = fields["A"], issuer.utf8.count == 9, FiscalText.counter(issuer) != nil else {
            throw wrong("A", "nine digits")
        }
        guard let type = fields["D"], type.utf8.count == 2, type.allSatisfy({ $0.isASCII && $0.isUppercase }) else {
            throw wrong("D", "two capital letters")
        }
        guard let status = fields["E"], ["N", "S", "A", "R", "F"].contains(status) else {
            throw wrong("E", "N, S, A, R or F")
        }
        guard let date = fields["F"].flatMap({ FiscalText.compactDate($0) }) else { throw wrong("F", "YYYYMMDD") }
        guard let number = fields["G"], FiscalText.isName(number, maximum: 60), number.contains("/") else {
            throw wrong("G", "a document's number")
        }
        guard let code = fields["H"], FiscalText.isName(code, maximum: 70) else { throw wrong("H", "an ATCUD") }
        func amount(_ name: String) throws(FiscalError) -> Int64? {
            guard let field = fields[name] else { return nil }
            guard let minor = FiscalText.hundredths(field, mark: ".", decimals: 2...2) else {
                throw wrong(name, "an amount with two decimals")
            }
            return minor
        }
        guard let tax = try amount("N") else { throw wrong("N", "there") }
        guard let total = try amount("O") else { throw wrong("O", "there") }
        guard let hash = fields["Q"], hash.utf8.count == 4 else { throw wrong("Q", "four characters") }
        guard let certificate = fields["R"], FiscalText.counter(certificate) != nil else {
            throw wrong("R", "a number")
        }

        let nature: FiscalRecord.Nature =
            if status == "A" { .cancelled } else if type == "NC" { .credit } else if sales.contains(String(type)) {
                .sale
            } else { .notReceipt }
        var record = FiscalRecord(scheme: .portugal, form: .symbol, type: String(type), nature: nature)
        record.number = String(number)
        record.issued = .date(date)
        record.total = type == "NC" ? -abs(total) : total
        record.tax = tax
        // I: the mainland, J: the Azores, K: Madeira; 2 exempt, 3-4, 5-6 and 7-8 the base and tax of a rate.
        for region in ["I", "J", "K"] {
            for (name, base, due) in [("exempt", 2, 0), ("reduced", 3, 4), ("intermediate", 5, 6), ("normal", 7, 8)] {
                guard let net = try amount("\(region)\(base)") else { continue }
                let tax = due == 0 ? 0 : try amount("\(region)\(due)") ?? 0
                record.rates.append(FiscalRecord.Rate(name: name, gross: net + tax))
            }
        }
        return record
    }

    /// Invoices and receipts of goods that were paid; the others are transport documents, orders and proformas.
    private static let sales: Set<String> = ["FT", "FS", "FR", "ND", "VD", "TV", "TD", "RG", "RC"]
}
