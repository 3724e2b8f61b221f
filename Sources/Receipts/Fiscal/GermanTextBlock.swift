import Foundation

/// The signature of a German receipt as printed lines (section 6 of the Kassensicherungsverordnung names what must stand
/// there; the labels are those of the common tills). It has no amounts.
struct GermanTextBlock: Sendable {
    /// Lines that are read in search of it: it stands at the end.
    private static let reach = 40

    static func parse(_ lines: [ReadLine]) -> FiscalRecord? {
        var transaction: UInt64?
        var counter: UInt64?
        var serial: String?
        var start: Substring?
        var end: Substring?
        for line in lines.suffix(reach) {
            if transaction == nil {
                transaction = value(transactionLabel, line).flatMap { FiscalText.counter($0[...]) }
            }
            if counter == nil { counter = value(counterLabel, line).flatMap { FiscalText.counter($0[...]) } }
            if serial == nil { serial = value(serialLabel, line) }
            if start == nil { start = value(startLabel, line).map { $0[...] } }
            if end == nil { end = value(endLabel, line).map { $0[...] } }
        }
        guard let transaction, counter != nil || end != nil else { return nil }
        var record = FiscalRecord(scheme: .germany, form: .text, type: "Beleg", nature: .sale)
        record.transaction = transaction
        record.signatureCounter = counter
        record.till = serial
        if let end {
            if let instant = FiscalText.instant(end) {
                record.issued = .instant(instant)
            } else if let local = FiscalText.local(end.prefix(19))?.dateTime {
                // Printed for people: then it is local time.
                record.issued = .local(local)
            }
        }
        record.started = start.flatMap { FiscalText.instant($0) }
        return record
    }

    private static let transactionLabel = compiled(
        #"\b(?:TSE[- ]?)?(?:Transaktion(?:s[- ]?(?:nummer|nr\.?))?|TA[- ]?Nr\.?|TSE[- ]?TA)\s*[:.#]*\s*(\d{1,19})\s*$"#)
    private static let counterLabel = compiled(
        #"\bSig(?:natur)?\.?[- ]?(?:z[äa]e?hler|cnt|counter)\s*[:.]*\s*(\d{1,19})\s*$"#)
    private static let serialLabel = compiled(
        #"\b(?:Kassen|Client)[- ]?(?:Seriennummer|Serien[- ]?Nr\.?|SN|ID)\s*[:.]*\s*([A-Z0-9\-]{4,64})\s*$"#)
    private static let startLabel = compiled(
        #"\b(?:TSE[- ]?)?Start(?:[- ]?zeit)?\s*[:.]*\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z?)\s*$"#)
    private static let endLabel = compiled(
        #"\b(?:TSE[- ]?)?(?:Stop|Ende|Finish|Log)(?:[- ]?(?:zeit|time))?\s*[:.]*\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z?)\s*$"#
    )

    private static func compiled(_ pattern: String) -> LinePattern? {
        LinePattern(pattern)
    }

    private static func value(_ expression: LinePattern?, _ line: ReadLine) -> String? {
        expression?.value(in: line).map { String(line.text[$0]) }
    }
}
