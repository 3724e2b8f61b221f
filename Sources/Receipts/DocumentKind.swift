/// What a document is. The raw values are those of events and of `footbridge decode receipt`.
package enum DocumentKind: String, Sendable, Hashable, Codable, CaseIterable {
    case sale
    case `return`
    case exchange
    /// Broken off before it was paid.
    case void
    /// A paid receipt that was cancelled afterwards; it quotes the old number.
    case postVoid = "post_void"
    /// A copy of a receipt that was printed before.
    case reprint
    case training
    /// The drawer was opened without a sale.
    case noSale = "no_sale"
    /// X, Z and other reports of the till.
    case report
    case payIn = "pay_in"
    case payOut = "pay_out"
    /// The slip of the card terminal.
    case cardSlip = "card_slip"
    /// A ticket for the kitchen or the bar.
    case kitchen
    case coupon
    /// Nothing but an image.
    case raster
    case unknown
}
