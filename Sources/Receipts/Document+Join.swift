extension Document {
    /// True for what is printed beside a receipt and has no facts of its own.
    private var isSlip: Bool {
        switch kind {
        case .cardSlip, .coupon, .kitchen, .unknown, .raster: true
        default: false
        }
    }

    /// True when `other` belongs to the same transaction: it has the same number, one of the two is a slip, and it is no
    /// copy.
    func mayJoin(_ other: Document) -> Bool {
        guard let number, number == other.number, till == other.till, bodyHash != other.bodyHash else { return false }
        guard kind != .reprint, other.kind != .reprint else { return false }
        return isSlip || other.isSlip
    }

    /// Both as one document: the facts of the receipt, the lines of both in the order of printing.
    func joined(_ later: Document) -> Document {
        let main = isSlip && !later.isSlip ? later : self
        let slip = isSlip && !later.isSlip ? self : later
        var document = main
        document.lines = lines + later.lines
        document.tenders = main.tenders.isEmpty ? slip.tenders : main.tenders
        document.loyalty = main.loyalty + slip.loyalty.filter { !main.loyalty.contains($0) }
        document.coupons = main.coupons + slip.coupons.filter { !main.coupons.contains($0) }
        document.orders = main.orders + slip.orders.filter { !main.orders.contains($0) }
        document.surveys = main.surveys + slip.surveys.filter { !main.surveys.contains($0) }
        document.extras = slip.extras.merging(main.extras) { $1 }
        document.cashier = main.cashier ?? slip.cashier
        document.fiscal = main.fiscal ?? slip.fiscal
        document.originalNumber = main.originalNumber ?? slip.originalNumber
        if main.issuedAt == nil, slip.issuedAt != nil {
            document.issuedAt = slip.issuedAt
            document.issuedDate = slip.issuedDate
        }
        document.issuedDate = document.issuedDate ?? slip.issuedDate
        // A field's evidence goes with the paper that the field was taken from.
        for (field, taken) in [
            (DocumentField.issuedAt, main.issuedAt == nil), (.tenders, main.tenders.isEmpty),
            (.originalNumber, main.originalNumber == nil),
        ] where taken { document.evidence[field] = slip.evidence[field] ?? main.evidence[field] }
        document.commands.known += slip.commands.known
        document.commands.unknown += slip.commands.unknown
        document.complete = complete && later.complete
        document.redactions = redactions + later.redactions
        if document.cardEvidence != .cardNumber { document.cardEvidence = slip.cardEvidence ?? main.cardEvidence }
        document.warnings += slip.warnings.filter { !main.warnings.contains($0) }
        document.firstByte = firstByte ?? later.firstByte
        document.lastByte = later.lastByte ?? lastByte
        document.bodyHash = BodyHash.of(document.lines)
        return document
    }
}

/// Holds a document back while slips of the same transaction may still come.
struct SlipJoiner: Sendable {
    private let within: Duration
    private var waiting: (document: Document, until: Duration)?

    init(within: Duration) { self.within = within }

    /// When the document in hand must be given out: monotonic time.
    var deadline: Duration? { waiting?.until }

    /// Takes a document that ended at `end`; returns those that are now certain.
    mutating func take(_ document: Document, endedAt end: Duration) -> [Document] {
        guard let held = waiting else {
            guard document.number != nil else { return [document] }
            waiting = (document, end + within)
            return []
        }
        if end <= held.until, held.document.mayJoin(document) {
            // Every slip may be followed by another one.
            waiting = (held.document.joined(document), end + within)
            return []
        }
        waiting = nil
        return [held.document] + take(document, endedAt: end)
    }

    /// The document in hand when its time is over, or whatever the time with `all`.
    mutating func release(at time: Duration, all: Bool = false) -> [Document] {
        guard let held = waiting, all || time >= held.until else { return [] }
        waiting = nil
        return [held.document]
    }
}
