/// The QR code of a German receipt (DSFinV-K 2.3, annex I):
/// `V0;client;processType;processData;transaction;counter;start;end;algorithm;time format;signature;public key`.
enum GermanCode {
    /// The rates of the five amounts of a `Beleg` (DSFinV-K annex I, Kassenbeleg-V1), in their order.
    static let rates = ["19", "7", "10.7", "5.5", "0"]

    static func parse(_ text: String) throws(FiscalError) -> FiscalRecord {
        guard text.hasPrefix("V0;"), text.utf8.count <= 2048 else { throw .otherData }
        let fields = text.split(separator: ";", omittingEmptySubsequences: false)
        // The data of an order may hold semicolons itself: the fields behind it are counted from the end.
        guard fields.count >= 12 else { throw .fieldCount(scheme: .germany, found: fields.count) }
        func wrong(_ name: String, _ due: String) -> FiscalError { .field(scheme: .germany, name: name, due: due) }
        let tail = fields.suffix(8).map { $0 }
        let data = fields[3..<(fields.count - 8)].joined(separator: ";")

        guard FiscalText.isName(fields[1], maximum: 128) else { throw wrong("Kassen-Seriennummer", "a serial number") }
        guard let transaction = FiscalText.counter(tail[0]) else { throw wrong("Transaktionsnummer", "a number") }
        guard let counter = FiscalText.counter(tail[1]) else { throw wrong("Signaturzähler", "a number") }
        guard let start = FiscalText.instant(tail[2]) else { throw wrong("Start-Zeit", "a UTC time") }
        guard let end = FiscalText.instant(tail[3]) else { throw wrong("Log-Time", "a UTC time") }
        guard end >= start else { throw wrong("Log-Time", "after Start-Zeit") }
        guard FiscalText.isName(tail[4], maximum: 64) else { throw wrong("Signatur-Algorithmus", "a name") }
        guard FiscalText.isName(tail[5], maximum: 32) else { throw wrong("Log-Time-Format", "a name") }
        guard FiscalText.isBase64(tail[6], maximum: 512) else { throw wrong("Signatur", "base64") }
        guard FiscalText.isBase64(tail[7], maximum: 512) else { throw wrong("Public-Key", "base64") }

        var record = try record(type: String(fields[2]), data: data, form: .symbol)
        record.till = String(fields[1])
        record.transaction = transaction
        record.signatureCounter = counter
        record.started = start
        record.issued = .instant(end)
        return record
    }

    /// `Kassenbeleg-V1` and `Beleg^75.33_7.99_0.00_0.00_0.00^10.00:Bar_64.30:Unbar`.
    static func record(type: String, data: String, form: FiscalRecord.Form) throws(FiscalError) -> FiscalRecord {
        func wrong(_ name: String, _ due: String) -> FiscalError { .field(scheme: .germany, name: name, due: due) }
        guard FiscalText.isName(type[...], maximum: 64) else { throw wrong("processType", "a name") }
        guard type == "Kassenbeleg-V1" else {
            // Bestellung-V1, SonstigerVorgang and a retailer's own: signed, and no receipts.
            return FiscalRecord(scheme: .germany, form: form, type: type, nature: .notReceipt)
        }
        let parts = data.split(separator: "^", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw wrong("processData", "type^amounts^payments") }
        guard let nature = natures[String(parts[0])] else { throw wrong("processData", "a known type of receipt") }
        var record = FiscalRecord(scheme: .germany, form: form, type: String(parts[0]), nature: nature)

        let amounts = parts[1].split(separator: "_", omittingEmptySubsequences: false)
        guard amounts.count == rates.count else { throw wrong("processData", "five amounts") }
        var total: Int64 = 0
        for (amount, rate) in zip(amounts, rates) {
            guard let gross = FiscalText.hundredths(amount, mark: ".") else {
                throw wrong("processData", "amounts with two decimals")
            }
            if gross != 0 { record.rates.append(FiscalRecord.Rate(name: rate, gross: gross)) }
            total += gross
        }
        record.total = total

        var cash: Int64 = 0
        var other: Int64 = 0
        var foreign = false
        for payment in parts[2].split(separator: "_") {
            let words = payment.split(separator: ":", omittingEmptySubsequences: false)
            guard (2...3).contains(words.count), let amount = FiscalText.hundredths(words[0], mark: "."),
                words.count == 2 || Currency.isCode(String(words[2]))
            else { throw wrong("processData", "payments such as 10.00:Bar") }
            let isForeign = words.count == 3 && words[2] != "EUR"
            foreign = foreign || isForeign
            switch (words[1], isForeign) {
            case ("Bar", false): cash += amount
            case ("Unbar", false): other += amount
            case ("Bar", true), ("Unbar", true): break
            default: throw wrong("processData", "payments such as 10.00:Bar")
            }
        }
        if !parts[2].isEmpty, !foreign {
            record.cash = cash
            record.nonCash = other
        }
        return record
    }

    /// The types of DSFinV-K annex I.
    private static let natures: [String: FiscalRecord.Nature] = [
        "Beleg": .sale, "AVRechnung": .sale, "AVSachbezug": .sale, "AVBelegstorno": .cancelled,
        "AVBelegabbruch": .aborted, "AVTraining": .training, "AVTransfer": .notReceipt, "AVBestellung": .notReceipt,
        "AVSonstige": .notReceipt,
    ]
}
