package import Subjects

extension Document {
    /// A receipt that was decoded elsewhere: its facts without the print.
    package init(
        kind: DocumentKind, till: TillID, number: String?, total: Money?, loyalty: [Key], coupons: [Key], orders: [Key],
        at moment: Moment
    ) {
        self.init(
            kind: kind, till: till, number: number, commands: Commands(known: 0, unknown: 0), complete: true,
            redactions: Redactions(), firstByte: moment, lastByte: moment, bodyHash: "")
        self.total = total
        self.loyalty = loyalty
        self.coupons = coupons
        self.orders = orders
    }
}
