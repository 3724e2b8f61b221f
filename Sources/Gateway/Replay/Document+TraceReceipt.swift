import Receipts
import Subjects

extension Document {
    /// The receipt of a trace line. Its keys are hashed as the decoder would; without the retailer's key they are left out.
    init(_ receipt: TraceReceipt, at moment: Moment, hasher: KeyedHasher?) {
        func keys(_ kind: HashKind, _ codes: [String]) -> [Key] {
            codes.compactMap { code in hasher.map { Key.hashed($0.hash(kind, code)) } }
        }
        self.init(
            kind: DocumentKind(rawValue: receipt.kind) ?? .unknown, till: receipt.till, number: receipt.number,
            total: receipt.total.map { Money(minor: $0.minor, currency: $0.currency) },
            loyalty: keys(.loyalty, receipt.loyalty),
            coupons: keys(.coupon, receipt.coupons), orders: keys(.order, receipt.orders), at: moment)
    }
}
