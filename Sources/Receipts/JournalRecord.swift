/// A transaction that a till sends as data (POSLog XML, NDJSON) instead of print: the fields of ARTS POSLog 6, as they
/// stood there. Not redacted: it never leaves the decoder.
///
/// What is not named here is never read: card numbers, customers' names and addresses stay behind in the tokeniser.
package struct JournalRecord: Sendable, Hashable {
    /// `LineItem/Sale` or `LineItem/Return`.
    package struct Item: Sendable, Hashable {
        package var text = ""
        /// Decimal text such as `1.5`.
        package var quantity: String?
        /// Decimal text in major units (`12.95`), without a sign for goods that were bought.
        package var amount: String?
        package var isReturn = false

        package init() {}
    }

    /// `LineItem/Tender`.
    package struct Tender: Sendable, Hashable {
        /// `TenderType`: `Cash`, `CreditDebit`, `Voucher` ...
        package var type = ""
        package var amount: String?
        package var isChange = false

        package init() {}
    }

    /// What the journal says that it is; nil for the goods to say.
    package var kind: DocumentKind?
    package var store: String?
    /// `WorkstationID`.
    package var till: String?
    /// `ReceiptNumber`, else `SequenceNumber`.
    package var number: String?
    /// `YYYY-MM-DD`.
    package var businessDate: String?
    /// ISO 8601 as written; usually local time without an offset.
    package var begin: String?
    package var end: String?
    package var cashier: String?
    /// ISO 4217.
    package var currency: String?
    /// The number of the receipt that this one returns or voids.
    package var originalNumber: String?
    package var items: [Item] = []
    package var tenders: [Tender] = []
    /// Decimal text, major units.
    package var total: String?
    package var taxes: [String] = []
    package var loyalty: [String] = []
    package var coupons: [String] = []
    package var orders: [String] = []
    /// Bytes of the record in the stream.
    package var size = 0

    package init() {}
}
