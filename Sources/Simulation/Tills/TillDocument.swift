import Subjects

/// One thing that a till prints, before it is bytes.
struct TillDocument: Sendable {
    enum Kind: String, Sendable {
        case sale
        case refund = "return"
        case void
        case reprint
        case kitchen
        case noSale = "no_sale"
        case report
    }

    struct Item: Sendable {
        var text: String
        var quantity: Int
        /// Pence each.
        var price: Int64
    }

    struct Card: Sendable {
        var scheme: String
        var number: String
        /// The merchant copy of an old terminal: the whole number is printed.
        var unmasked: Bool
    }

    var kind: Kind
    var till: Int
    var number: Int
    /// Seconds since the simulation began at which the first byte comes.
    var time: Double
    var items: [Item] = []
    var card: Card?
    var loyalty: String?
    var coupon: String?
    var cashier: Int = 1

    /// Pence; negative for money given back.
    var total: Int64 {
        let sum = items.reduce(Int64(0)) { $0 + Int64($1.quantity) * $1.price }
        return kind == .refund ? -sum : sum
    }
}
