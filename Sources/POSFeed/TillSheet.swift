package import Receipts
import Subjects

/// The pass/fail sheet of a till from one printed receipt. Pure: what was decoded and counted in, lines out.
package struct TillSheet: Sendable, Hashable {
    package enum Verdict: String, Sendable, Hashable {
        case pass = "PASS"
        case fail = "FAIL"
        /// Works, but somebody should look.
        case look = "LOOK"
    }

    package struct Line: Sendable, Hashable {
        package var verdict: Verdict
        package var what: String
        package var found: String
    }

    package private(set) var lines: [Line] = []

    /// Whether nothing failed.
    package var passed: Bool { !lines.contains { $0.verdict == .fail } }

    /// - Parameters:
    ///   - document: the receipt.
    ///   - counters: of the feed since it was opened.
    ///   - localTime: the store's local time `YYYY-MM-DDTHH:MM:SS` when the receipt was
    ///     printed; empty for a recording, whose day is long over.
    package init(_ document: Document, counters: FeedCounters, localTime: String) {
        let errors = counters.lineErrors
        add(counters.bytes > 0 ? .pass : .fail, "bytes", "\(counters.bytes)")
        let total = errors.framing + errors.parity + errors.overrun
        add(
            total == 0 ? .pass : .fail, "line errors",
            total == 0
                ? "none" : "\(errors.framing) framing, \(errors.parity) parity, \(errors.overrun) lost: run till detect"
        )
        let commands = document.commands.known + document.commands.unknown
        let share = commands == 0 ? 0 : Double(document.commands.unknown) / Double(commands)
        add(
            document.commands.unknown == 0 ? .pass : share > 0.15 ? .fail : .look, "commands",
            "\(document.commands.known) known, \(document.commands.unknown) unknown"
                + (share > 0.15 ? ": wrong dialect?" : ""))
        add(
            document.complete ? .pass : .fail, "boundaries",
            document.complete ? "start and end seen" : "not seen: \(document.warnings.first ?? "no cut")")
        let image = document.warnings.contains { $0.contains("prints images") }
        add(
            image ? .fail : .pass, "text",
            image ? "images instead of text: choose a text driver" : "\(document.lines.count) lines")
        add(document.number == nil ? .fail : .pass, "number", document.number ?? "not found: add a pattern")
        addTime(document, localTime)
        add(
            document.total == nil ? .fail : .pass, "total",
            document.total.map(TillSheet.amount) ?? "not found: add a pattern")
        addArithmetic(document)
        addCards(document)
        add(
            document.kind == .sale ? .pass : .look, "kind", "\(document.kind)")
    }

    private mutating func add(_ verdict: Verdict, _ what: String, _ found: String) {
        lines.append(Line(verdict: verdict, what: what, found: found))
    }

    private mutating func addCards(_ document: Document) {
        let cards = document.redactions.pan + document.redactions.track
        switch (cards, document.cardEvidence) {
        case (0, _): add(.pass, "card data", "no full card number")
        case (_, .cardNumber):
            add(.fail, "card data", "\(cards) full card numbers printed (masked here): the till must not print them")
        default:
            add(.look, "card data", "\(cards) numbers that read like a card's were masked: are they one?")
        }
    }

    /// A till's clock may be some minutes off: matching learns it. Hours are a wrong zone, days a swapped day and month.
    private mutating func addTime(_ document: Document, _ localTime: String) {
        guard let printed = document.issuedAt else {
            return add(.fail, "date and time", document.issuedDate.map { "only \($0)" } ?? "not found: add a pattern")
        }
        guard let there = UnixTime(rfc3339: printed + "Z"), let here = UnixTime(rfc3339: localTime + "Z") else {
            return add(.look, "date and time", printed)
        }
        let off = (there.seconds - here.seconds).rounded()
        let minutes = abs(off) / 60
        let found = "\(printed), \(Int(abs(off))) s \(off < 0 ? "behind" : "before") the box"
        add(
            minutes <= 5 ? .pass : minutes <= 60 ? .look : .fail, "date and time",
            minutes > 1440 ? "\(found): is day_first right?" : found)
    }

    private mutating func addArithmetic(_ document: Document) {
        guard let total = document.total, !document.items.isEmpty else {
            return add(.look, "arithmetic", "no item lines were read")
        }
        let sum = document.items.reduce(0) { $0 + $1.amount.minor }
        add(
            sum == total.minor ? .pass : .look, "arithmetic",
            sum == total.minor
                ? "\(document.items.count) items make the total"
                : "\(document.items.count) items make \(TillSheet.amount(Money(minor: sum, currency: total.currency)))")
    }

    private static func amount(_ money: Money) -> String {
        let digits = Currency.exponent(money.currency)
        var text = String(money.minor.magnitude)
        text = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        if digits > 0 { text.insert(".", at: text.index(text.endIndex, offsetBy: -digits)) }
        return "\(money.minor < 0 ? "-" : "")\(text) \(money.currency)"
    }

    /// The sheet for printing.
    package var text: String {
        lines.map { line in
            let what = line.what + String(repeating: " ", count: max(1, 16 - line.what.count))
            return "\(line.verdict.rawValue)  \(what)\(line.found)"
        }.joined(separator: "\n") + "\n"
    }
}
