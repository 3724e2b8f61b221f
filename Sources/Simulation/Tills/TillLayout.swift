package import Receipts

/// The eight tills of the generator: each belongs to a trade and has its own way to lay out a receipt.
package enum TillLayout: String, Sendable, Hashable, Codable, CaseIterable {
    /// Items on one line with a tax letter, a VAT table, number and date at the foot.
    case supermarket
    /// Table and server, a leading quantity, a tip line.
    case restaurant
    /// Article number above the item, sizes, returns that quote the old receipt.
    case fashion
    /// One fuel sold by volume, the card slip inside the receipt.
    case petrol
    /// Item and price on two lines, the total on the left.
    case pharmacy
    /// Quantities, weights, discounts by percent.
    case hardware
    /// Nothing but items, a total and a last line with date, time and number.
    case kiosk
    /// Loyalty card, coupons, collected orders, a survey code; the card slip is a document of its own.
    case department

    /// Printed columns of a font of normal width.
    var columns: Int {
        switch self {
        case .kiosk: 32
        case .hardware, .department: 48
        default: 42
        }
    }

    /// Which wording of each word this maker uses.
    var variant: Int { TillLayout.allCases.firstIndex(of: self) ?? 0 }

    /// Number and date stand above the items.
    var numbersFirst: Bool {
        switch self {
        case .supermarket, .kiosk: false
        default: true
        }
    }

    /// The date stands on a line of its own, the time behind it after a gap.
    var splitsDateAndTime: Bool { self == .pharmacy || self == .department }

    /// How the total is printed.
    var totalIsDouble: Bool {
        switch self {
        case .supermarket, .restaurant, .petrol, .department: true
        default: false
        }
    }

    /// The total follows its word after one blank, in place of the right margin.
    var totalIsLeft: Bool { self == .pharmacy || self == .kiosk }

    var printsTaxTable: Bool { self == .supermarket || self == .hardware || self == .fashion || self == .restaurant }
    var printsTaxLetters: Bool { self == .supermarket || self == .hardware }
    var printsSubtotal: Bool { self == .supermarket || self == .department || self == .restaurant }
    var cardSlipIsInside: Bool { self != .department && self != .kiosk }

    /// The kinds of documents that a till of this trade prints.
    package var kinds: [DocumentKind] {
        var kinds: [DocumentKind] = [
            .sale, .return, .void, .postVoid, .reprint, .training, .noSale, .report, .payIn, .payOut, .cardSlip,
            .raster,
        ]
        if self == .restaurant { kinds.append(.kitchen) }
        if self == .fashion || self == .department || self == .hardware { kinds.append(.exchange) }
        if self == .department || self == .supermarket || self == .fashion { kinds.append(.coupon) }
        return kinds
    }

    /// The receipt number of the `serial`-th receipt.
    func number(_ serial: Int, till: Int) -> String {
        switch self {
        case .supermarket: TillLayout.padded(serial % 10_000, 4)
        case .restaurant: "\(serial)"
        case .fashion: "\(till)-\(TillLayout.padded(serial % 1_000_000, 6))"
        case .petrol: TillLayout.padded(serial, 8)
        case .pharmacy: "R\(TillLayout.padded(till, 2))-\(serial)"
        case .hardware: "\(TillLayout.padded(till, 2))/\(TillLayout.padded(serial % 100_000, 5))"
        case .kiosk: TillLayout.padded(serial % 10_000, 4)
        case .department: "\(2026)\(TillLayout.padded(till, 3))\(TillLayout.padded(serial % 100_000, 5))"
        }
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
