import Receipts
import Subjects

/// What the box knows of its tills beside single receipts: numbers, recent receipts, alarms.
struct TillBook: Sendable {
    /// What is kept of one till between two runs.
    struct Page: Codable, Sendable, Hashable {
        var numbers = ReceiptNumbers()
        var ledger = ReceiptLedger()
        var alarms = TillAlarms()
        /// Nil before the first receipt with a printed time, and in what earlier versions saved.
        var clock: TillClock?
    }

    /// What a document turned out to be, in the light of those before.
    struct Verdict: Sendable {
        var kind: DocumentKind
        /// The receipt that it copies, returns or voids, when the box has seen it.
        var original: String?
        var gaps: [NumberGap] = []
        var alarms: [TillAlarmChange] = []
        /// Tills whose page changed.
        var touched: Set<TillID> = []
    }

    private(set) var pages: [TillID: Page]
    private var silence: SilenceWatch

    /// - Parameter silentAfter: the tills that are configured, each with how long it may say nothing while the others sell.
    init(silentAfter: [TillID: Duration], pages: [TillID: Page] = [:]) {
        // A till that is no longer configured is forgotten.
        self.pages = silentAfter.isEmpty ? pages : pages.filter { silentAfter[$0.key] != nil }
        silence = SilenceWatch(silentAfter: silentAfter)
    }

    /// - Parameters:
    ///   - id: the receipt's id if it is a receipt of its own.
    ///   - zoneOffset: the store's offset from UTC in seconds at the time of capture; nil while the box has no clock of its
    ///     own to compare the till's with.
    mutating func receive(
        _ document: Document, till: TillID, id: String, date: String, zoneOffset: Int? = nil, at moment: Moment
    ) -> Verdict {
        var page = pages[till] ?? Page()
        var verdict = Verdict(kind: document.kind)
        verdict.touched.insert(till)
        for change in page.alarms.observe(document, at: moment.wall) {
            verdict.alarms.append(.init(till: till.rawValue, kind: change.kind, isRaised: change.isRaised))
        }
        judge(document, &page, &verdict, date: date, at: moment)
        if document.kind.isTransaction, verdict.kind != .reprint {
            if let number = document.number {
                verdict.gaps = page.numbers.accept(number, date: date)
            } else if document.kind != .noSale {
                page.numbers.noteUnread()
            }
            page.ledger.add(
                .init(id: id, number: document.number, date: date, body: document.bodyHash, at: moment.wall))
            if let zoneOffset, setClock(document, zoneOffset, &page, at: moment) {
                let isRaised = page.alarms.raised[.clockWrong] != nil
                verdict.alarms.append(.init(till: till.rawValue, kind: .clockWrong, isRaised: isRaised))
            }
        }
        pages[till] = page
        listen(to: document, till: till, at: moment, &verdict)
        return verdict
    }

    /// Compares the printed time with the box's; true when that begins or ends an alarm.
    private func setClock(_ document: Document, _ zoneOffset: Int, _ page: inout Page, at moment: Moment) -> Bool {
        guard document.complete, let issuedAt = document.issuedAt else { return false }
        var clock = page.clock ?? TillClock()
        let captured = (document.firstByte ?? moment).wall.wholeSeconds
        guard clock.observe(issuedAt: issuedAt, zoneOffset: zoneOffset, captured: captured) else { return false }
        page.clock = clock
        return page.alarms.setClock(clock, at: moment.wall)
    }

    /// How far each till's printed time lies from the box's, in seconds, as far as it is known.
    var clockOffsets: [String: Int64] {
        pages.reduce(into: [:]) { offsets, page in offsets[page.key.rawValue] = page.value.clock?.offset }
    }

    /// Kinds of alarms that stand, with the time since when, by till.
    var alarms: [String: [TillAlarmKind: UnixTime]] {
        pages.reduce(into: [:]) { alarms, page in
            if !page.value.alarms.raised.isEmpty { alarms[page.key.rawValue] = page.value.alarms.raised }
        }
    }

    private func judge(
        _ document: Document, _ page: inout Page, _ verdict: inout Verdict, date: String, at moment: Moment
    ) {
        switch document.kind {
        case .reprint:
            verdict.original = original(document, page, date: date)
        case .sale, .exchange, .return, .void, .postVoid:
            if let before = page.ledger.printedBefore(
                number: document.number, date: date, body: document.bodyHash, at: moment.wall)
            {
                verdict.kind = .reprint
                verdict.original = before.id
            } else if let number = document.originalNumber {
                verdict.original = page.ledger.original(number: number, date: date, body: "")?.id
            }
        default: break
        }
    }

    /// A service desk prints copies of other tills' receipts too.
    private func original(_ document: Document, _ page: Page, date: String) -> String? {
        let number = document.number ?? document.originalNumber
        if let own = page.ledger.original(number: number, date: date, body: document.bodyHash) { return own.id }
        guard !document.bodyHash.isEmpty else { return nil }
        let others = pages.sorted { $0.key < $1.key }.map(\.value.ledger)
        return others.lazy.compactMap { $0.original(number: nil, date: date, body: document.bodyHash) }.first?.id
    }

    private mutating func listen(
        to document: Document, till: TillID, at moment: Moment, _ verdict: inout Verdict
    ) {
        let silent = silence.observe(till, isReport: document.kind == .report, at: moment)
        for one in silent.union([till]) {
            var page = pages[one] ?? Page()
            let isSilent = one != till
            guard page.alarms.setSilent(isSilent, at: moment.wall) else { continue }
            pages[one] = page
            verdict.touched.insert(one)
            verdict.alarms.append(.init(till: one.rawValue, kind: .silent, isRaised: isSilent))
        }
    }
}
