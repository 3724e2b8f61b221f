/// The machine-readable code of an Austrian receipt (RKSV annex, Z 12 and 14):
/// `_R1-AT3_till_number_time_20%_10%_13%_0%_19%_turnover_certificate_chain_signature`.
enum AustrianCode {
    /// The rates of the five amounts, in their order (Satz-Normal, Ermaessigt-1, Ermaessigt-2, Null, Besonders).
    private static let rates = ["20", "10", "13", "0", "19"]
    /// What stands in place of the encrypted turnover (RKSV annex, Z 8): base64 of `TRA` and `STO`.
    private static let training = "VFJB"
    private static let cancellation = "U1RP"

    static func parse(_ text: String) throws(FiscalError) -> FiscalRecord {
        guard text.hasPrefix("_R"), text.utf8.count <= 1024 else { throw .otherData }
        let fields = text.dropFirst().split(separator: "_", omittingEmptySubsequences: false)
        guard let suite = fields.first, isSuite(suite) else { throw .otherData }
        guard fields.count == 13 else { throw .fieldCount(scheme: .austria, found: fields.count) }
        func wrong(_ name: String, _ due: String) -> FiscalError { .field(scheme: .austria, name: name, due: due) }

        guard FiscalText.isName(fields[1], maximum: 64) else { throw wrong("Kassen-ID", "a name") }
        guard FiscalText.isName(fields[2], maximum: 64) else { throw wrong("Belegnummer", "a number") }
        guard let time = FiscalText.local(fields[3]), let issued = time.dateTime else {
            throw wrong("Beleg-Datum-Uhrzeit", "YYYY-MM-DDTHH:MM:SS")
        }
        var amounts: [FiscalRecord.Rate] = []
        for (index, rate) in rates.enumerated() {
            guard let gross = FiscalText.hundredths(fields[4 + index], mark: ",") else {
                throw wrong("Betrag-Satz \(rate) %", "an amount with two decimals")
            }
            amounts.append(FiscalRecord.Rate(name: rate, gross: gross))
        }
        guard FiscalText.isBase64(fields[9], maximum: 64) else { throw wrong("Stand-Umsatz-Zaehler", "base64") }
        guard FiscalText.isName(fields[10], maximum: 128) else { throw wrong("Zertifikat-Seriennummer", "a number") }
        guard FiscalText.isBase64(fields[11], maximum: 64) else { throw wrong("Sig-Voriger-Beleg", "base64") }
        guard FiscalText.isBase64(fields[12], maximum: 256) else { throw wrong("Signatur", "base64") }

        let nature: FiscalRecord.Nature =
            switch fields[9] {
            case training[...]: .training
            case cancellation[...]: .cancelled
            default: .sale
            }
        var record = FiscalRecord(scheme: .austria, form: .symbol, type: String(suite), nature: nature)
        record.till = String(fields[1])
        record.number = String(fields[2])
        record.issued = .local(issued)
        record.total = amounts.reduce(0) { $0 + $1.gross }
        record.rates = amounts.filter { $0.gross != 0 }
        return record
    }

    /// `R1-AT3`: the suite and the trust provider (`AT0` is a closed system).
    private static func isSuite(_ text: Substring) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].first == "R", parts[1].utf8.count >= 3 else { return false }
        return FiscalText.counter(parts[0].dropFirst()) != nil && FiscalText.counter(parts[1].dropFirst(2)) != nil
            && parts[1].prefix(2).allSatisfy { $0.isASCII && $0.isUppercase }
    }
}
