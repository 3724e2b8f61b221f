import Receipts

/// A transaction of the generator before it is on paper; all amounts in minor units.
struct TillSale: Sendable {
    struct Line: Sendable {
        var text: String
        /// Article number or EAN, where the layout prints one.
        var code: String?
        /// Thousandths of a piece, a kilogram or a unit of volume.
        var quantity: Int64
        /// Empty for pieces.
        var unit = ""
        /// The price of one, as printed.
        var price: String
        var amount: Int64
        /// Index into the locale's tax rates.
        var rate = 0
        /// Taken off on a line of its own, negative.
        var discount: Int64 = 0
    }

    struct Card: Sendable {
        var scheme: String
        /// Digits only.
        var number: String
        var isFull: Bool
    }

    var kind: DocumentKind
    var serial: Int
    var till: Int
    var time: CivilTime
    var lines: [Line] = []
    /// Off the whole receipt, negative.
    var discount: Int64 = 0
    var tip: Int64 = 0
    var original: Int?
    /// Nil when it is paid in cash.
    var card: Card?
    var cashier = ""
    var table = 0
    var loyalty: String?
    var coupon: String?
    var order: String?
    var survey: String?

    var goods: Int64 { lines.reduce(0) { $0 + $1.amount + $1.discount } + discount }

    /// What is due per tax rate, and the tax in it or on top of it.
    func taxes(_ locale: TillLocale) -> [PrintTruth.Tax] {
        locale.taxRates.indices.compactMap { index in
            var gross = lines.filter { $0.rate == index }.reduce(0) { $0 + $1.amount + $1.discount }
            // A discount on the whole goes to the usual rate; it is never larger than the goods of that rate.
            if index == 0 { gross += discount }
            guard gross != 0 else { return nil }
            let rate = locale.taxRates[index]
            let tax = locale.addsTax ? Self.divided(gross * rate, 1000) : Self.divided(gross * rate, 1000 + rate)
            return PrintTruth.Tax(rate: rate, net: locale.addsTax ? gross : gross - tax, tax: tax)
        }
    }

    /// Division rounded to nearest, halves away from zero.
    static func divided(_ value: Int64, _ by: Int64) -> Int64 {
        value < 0 ? -((-value + by / 2) / by) : (value + by / 2) / by
    }

    /// Added to what is paid in cash so that the coins suffice.
    func rounding(_ locale: TillLocale) -> Int64 {
        guard card == nil, locale.cashStep > 1 else { return 0 }
        let due = goods + tip
        return Self.divided(due, locale.cashStep) * locale.cashStep - due
    }

    /// What is to be paid.
    func total(_ locale: TillLocale) -> Int64 {
        let tax = locale.addsTax ? taxes(locale).reduce(0) { $0 + $1.tax } : 0
        return goods + tip + tax + rounding(locale)
    }
}
