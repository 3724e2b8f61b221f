/// What was read from the lines of a document, before it is known what the document is.
struct DocumentFacts: Sendable {
    var total: Money?
    var totalLine: Int?
    var subtotal: Int64?
    var taxes: Int64 = 0
    /// Added to the total of a cash payment where small coins are no longer used.
    var rounding: Int64?
    /// Added to the goods by the guest.
    var tip: Int64?
    var change: Int64?
    var items: [Document.Item] = []
    var tenders: [Document.Tender] = []
    var number: String?
    var originalNumber: String?
    var time: PrintedTime?
    /// A time of day that stands apart from the date.
    var timeOfDay: Int?
    var till: String?
    /// Lines with at least one amount of money.
    var amountLines = 0
    var evidence: [DocumentField: FieldEvidence] = [:]
    var warnings: [String] = []
}
