import Foundation
import Subjects

// What a template or a fiscal signature says goes before what the general rules found.

extension DocumentFacts {
    /// Set, not measured: on the simulated tills templates are always right, real paper is worse.
    private static let templateConfidence = 0.97
    /// Set: a record names its fields, so only the till itself can be wrong.
    private static let journalConfidence = 0.98

    /// Says of everything that was found that a till's record said it.
    mutating func weighAsJournal() {
        let found: [(DocumentField, Bool)] = [
            (.number, number != nil), (.originalNumber, originalNumber != nil), (.issuedAt, time?.second != nil),
            (.total, total != nil), (.items, !items.isEmpty), (.tenders, !tenders.isEmpty),
        ]
        for (field, isFound) in found where isFound {
            evidence[field] = FieldEvidence(source: .journal, confidence: Self.journalConfidence)
        }
    }

    mutating func adopt(_ reading: TemplateReader.Reading, of template: ReceiptTemplate) {
        let read = reading.facts
        func take(_ field: DocumentField, _ name: String, _ apply: (inout DocumentFacts) -> Void) {
            guard reading.found.contains(name) else { return }
            apply(&self)
            evidence[field] = FieldEvidence(source: .template, confidence: Self.templateConfidence)
        }
        take(.number, "number") { $0.number = read.number }
        take(.originalNumber, "original_number") { $0.originalNumber = read.originalNumber }
        take(.issuedAt, "issued_at") { $0.time = read.time }
        take(.issuedAt, "date") { $0.time = read.time }
        take(.total, "total") {
            $0.total = read.total
            $0.totalLine = read.totalLine
        }
        take(.items, "items") { $0.items = read.items }
        take(.tenders, "tenders") { $0.tenders = read.tenders }
        if reading.found.contains("till") { till = read.till }
        let named = Set(template.fields.map(\.name))
        // Where the layout has a place for an amount, its absence says that there is none.
        if named.contains("subtotal") { subtotal = read.subtotal }
        if named.contains("tax") { taxes = read.taxes }
        if named.contains("rounding") { rounding = read.rounding }
        if named.contains("tip") { tip = read.tip }
        if named.contains("change") { change = read.change }
        if !template.tenders.isEmpty, !reading.found.contains("tenders") {
            tenders = []
            evidence[.tenders] = nil
        }
        if named.contains("original_number"), !reading.found.contains("original_number") {
            originalNumber = nil
            evidence[.originalNumber] = nil
        }
        // What the template was silent about was read by the general rules, some of them just for its warnings.
        if !reading.found.isDisjoint(with: ["issued_at", "date"]) {
            warnings.removeAll { $0.hasPrefix("the date reads only") || $0.hasPrefix("a date is printed without") }
        }
        if !reading.missing.isEmpty {
            warnings.append("the template \(template.name) did not find \(reading.missing.joined(separator: ", "))")
        }
        if reading.unreadItems > 0 {
            warnings.append(
                "\(reading.unreadItems) lines among the items do not fit the template \(template.name)")
            evidence[.items]?.doubt()
        }
        if !reading.missing.isEmpty || reading.unreadItems > 0 {
            for field in DocumentField.allCases where evidence[field]?.source == .template { evidence[field]?.weaken() }
        }
    }

    /// Compares the signature with the print and takes its word: it was made by a machine for machines.
    mutating func adopt(_ fiscal: FiscalRecord, timeZone: TimeZone?) {
        let confidence = fiscal.form == .symbol ? 0.99 : 0.95
        func signed() -> FieldEvidence { FieldEvidence(source: .fiscal, confidence: confidence) }
        if let number = fiscal.number {
            if let printed = self.number, !FiscalRecord.sameNumber(printed, number) {
                warnings.append("the fiscal code has another number than the print")
                evidence[.number] = signed()
                evidence[.number]?.weaken()
                self.number = number
            } else {
                // The same number as people read it: with the print's zeros, without the law's prefix.
                evidence[.number] = signed()
                self.number = self.number ?? number
            }
        }
        if let signedTotal = fiscal.total, fiscal.nature != .notReceipt {
            let printed = total
            if let printed, printed.currency != fiscal.currency, printed.currency != Currency.none { return }
            // The law's amounts have no sign of their own on some returns; the print does.
            let minor = printed.map { $0.minor == -signedTotal ? $0.minor : signedTotal } ?? signedTotal
            total = Money(minor: minor, currency: fiscal.currency)
            evidence[.total] = signed()
        }
        adopt(issued: fiscal.issued, timeZone, signed())
    }

    private mutating func adopt(issued: FiscalRecord.Issued?, _ timeZone: TimeZone?, _ signed: FieldEvidence) {
        func compare(_ agrees: Bool, _ replace: () -> Void) {
            if time == nil {
                replace()
                evidence[.issuedAt] = signed
            } else if agrees {
                evidence[.issuedAt]?.confirm()
            } else {
                warnings.append("the fiscal code has another time than the print")
                evidence[.issuedAt]?.doubt()
            }
        }
        switch issued {
        case nil: break
        case .local(let text):
            guard let local = FiscalText.local(text[...]) else { return }
            // To the minute: print often leaves the seconds out.
            if let printed = time, printed.second == nil || abs(printed.secondsAsUTC - local.secondsAsUTC) < 120 {
                time = printed.date == local.date ? local : printed
                evidence[.issuedAt] = signed
            } else {
                compare(false) { time = local }
            }
        case .date(let date): compare(time?.date == date) { time = FiscalText.local("\(date)T00:00:00"[...])?.dayOnly }
        case .instant(let instant):
            guard let timeZone else {
                if let printed = time, printed.second != nil {
                    // Any zone's offset is a multiple of a quarter of an hour.
                    let apart = abs(printed.secondsAsUTC - instant.wholeSeconds) % 900
                    compare(min(apart, 900 - apart) < 180) {}
                }
                return
            }
            let offset = Int64(timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: instant.seconds)))
            let local = PrintedTime(secondsAsUTC: instant.wholeSeconds + offset)
            compare(
                time.map {
                    $0.second == nil
                        ? $0.date == local?.date : abs($0.secondsAsUTC - (instant.wholeSeconds + offset)) < 600
                } ?? false
            ) {
                time = local
            }
        }
    }
}

extension FiscalRecord {
    /// Leading zeros, blanks and the kind of document before the number (`FT AB2019/0035`) make no difference.
    static func sameNumber(_ printed: String, _ signed: String) -> Bool {
        func core(_ text: String) -> String {
            let word = text.split(separator: " ").last.map(String.init) ?? text
            return String(word.uppercased().drop { $0 == "0" })
        }
        return core(printed) == core(signed)
    }
}

extension PrintedTime {
    fileprivate var dayOnly: PrintedTime {
        var day = self
        day.second = nil
        return day
    }

    /// The civil time of seconds since 1970, taken as UTC; nil outside 1990 to 2099.
    init?(secondsAsUTC seconds: Int64) {
        // Civil from days (H. Hinnant, as above).
        let days = Int(seconds.flooredQuotient(86_400)) + 719_468
        guard days > 0 else { return nil }
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        self.init(
            validYear: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * shifted + 2) / 5 + 1)
        second = Int(seconds - seconds.flooredQuotient(86_400) * 86_400)
    }
}

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
    }
}
