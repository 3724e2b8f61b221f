/// What was read from the lines of a document, before it is known what the document is.
struct DocumentFacts: Sendable {
    var total: Money?
    var totalLine: Int?
    var subtotal: Int64?
    var taxes: Int64 = 0
    var change: Int64?
    var items: [Document.Item] = []
    var tenders: [Document.Tender] = []
    var number: String?
    var originalNumber: String?
    var time: PrintedTime?
    var till: String?
    /// Lines with at least one amount of money.
    var amountLines = 0
    var warnings: [String] = []
}
