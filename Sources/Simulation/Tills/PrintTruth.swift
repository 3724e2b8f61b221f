package import Receipts

/// What a simulated document says, for comparison with what was read from its bytes.
package struct PrintTruth: Sendable, Hashable, Codable {
    package struct Item: Sendable, Hashable, Codable {
        /// As printed.
        package var text: String
        /// As printed; nil when the receipt says none.
        package var quantity: Double?
        /// Minor units, before the discounts that stand on lines of their own.
        package var amount: Int64
    }

    package struct Tender: Sendable, Hashable, Codable {
        /// As in `Document.Tender`.
        package var type: String
        package var amount: Int64
    }

    package struct Tax: Sendable, Hashable, Codable {
        /// Percent times ten.
        package var rate: Int64
        package var net: Int64
        package var tax: Int64
    }

    package var kind: DocumentKind
    package var layout: TillLayout
    package var locale: TillLocale
    /// ISO 4217; all amounts are in its minor units.
    package var currency: String
    package var till: Int
    /// As printed; nil where none is.
    package var number: String?
    package var originalNumber: String?
    /// Local time `YYYY-MM-DDTHH:MM:SS`; seconds are 00 when none are printed; nil where no date is.
    package var issuedAt: String?
    /// What is to be paid; nil for documents that are no receipts, whatever amounts they show.
    package var total: Int64?
    package var items: [Item] = []
    /// Lines that change the total and are no goods: discounts, tip, rounding, tax that comes on top. With the items
    /// they add up to the total.
    package var adjustments: [Item] = []
    package var tenders: [Tender] = []
    /// Given back, positive.
    package var change: Int64?
    package var taxes: [Tax] = []
    package var loyalty: [String] = []
    package var coupons: [String] = []
    package var orders: [String] = []
    package var surveyCodes: [String] = []
    /// Names of cashiers: personal, so nothing that is stored may hold one.
    package var cashier: String?
    /// Card numbers that are printed in full, digits only: none of them may be found in anything that is stored.
    package var cards: [String] = []
    /// The payload of the fiscal QR code.
    package var fiscal: String?
}

/// One document of a simulated till: what goes over the wire, and what it says.
package struct SimulatedPrint: Sendable {
    package var bytes: [UInt8]
    package var truth: PrintTruth
}
