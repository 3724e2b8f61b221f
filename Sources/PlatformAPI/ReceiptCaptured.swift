/// The data of `receipt.captured`: a document that a till printed, redacted. Keys of customers are keyed hashes.
package struct ReceiptCaptured: Codable, Hashable, Sendable {
    /// One means of payment.
    package struct Tender: Codable, Hashable, Sendable {
        /// `cash`, `card`, `voucher`, `other`…
        package var type: String
        package var amount: Money?

        package init(type: String, amount: Money? = nil) {
            self.type = type
            self.amount = amount
        }

        private enum CodingKeys: String, CodingKey {
            case type, amount
        }
    }

    /// One line of goods.
    package struct Item: Codable, Hashable, Sendable {
        /// Redacted.
        package var text: String
        package var quantity: Double?
        package var amount: Money?

        package init(text: String, quantity: Double? = nil, amount: Money? = nil) {
            self.text = text
            self.quantity = quantity
            self.amount = amount
        }

        private enum CodingKeys: String, CodingKey {
            case text, quantity, amount
        }
    }

    /// Printer commands that the decoder met.
    package struct Commands: Codable, Hashable, Sendable {
        package var known: Int
        package var unknown: Int

        package init(known: Int, unknown: Int) {
            self.known = known
            self.unknown = unknown
        }

        private enum CodingKeys: String, CodingKey {
            case known, unknown
        }
    }

    /// UUIDv8 from the epoch and the natural key, lower case.
    package var receiptID: String
    package var storeCode: String
    package var tillID: String
    /// `sale`, `return`, `exchange`, `void`, `post_void`, `reprint`, `training`, `no_sale`, `report`, …
    package var kind: String
    /// As printed.
    package var number: String?
    /// `YYYY-MM-DD` in the store's time zone.
    package var businessDate: String?
    /// As printed: `YYYY-MM-DDTHH:MM:SS`, local, no offset.
    package var issuedAt: String?
    /// When the first byte came, RFC 3339 UTC.
    package var capturedFirstAt: String
    /// When the last byte came, RFC 3339 UTC.
    package var capturedLastAt: String
    package var total: Money?
    package var tenders: [Tender]
    package var items: [Item]
    /// Keyed hashes, 32 lower-case hex digits.
    package var loyalty: [String]
    /// Keyed hashes.
    package var coupons: [String]
    /// Keyed hashes.
    package var orders: [String]
    /// The receipt that a return, void or reprint speaks of.
    package var originalNumber: String?
    /// The id of the receipt that this one copies, returns or voids; absent when the gateway has not seen it, or no longer
    /// knows it.
    package var originalReceiptID: String?
    /// False when bytes before or inside are missing.
    package var complete: Bool
    /// Of the extraction, 0 to 1.
    package var confidence: Double?
    package var commands: Commands
    /// How often each kind of secret was removed.
    package var redactions: [String: Int]
    /// Hash of the redacted body; tells reprints apart from sales.
    package var bodyHash: String?
    package var warnings: [String]
    /// How each of `number`, `original_number`, `issued_at`, `total`, `items` and `tenders` was read; only those that were.
    package var fields: [String: FieldEvidence]?
    /// The template that read it, as `name@version`.
    package var template: String?
    /// The share of the checks of its amounts that hold, 0 to 1; nil when there was nothing to check.
    package var arithmetic: Double?
    package var fiscal: FiscalSignature?

    package init(
        receiptID: String, storeCode: String, tillID: String, kind: String, number: String?,
        businessDate: String? = nil, issuedAt: String?, capturedFirstAt: String, capturedLastAt: String,
        total: Money?, tenders: [Tender] = [], items: [Item] = [], loyalty: [String] = [], coupons: [String] = [],
        orders: [String] = [], originalNumber: String? = nil, originalReceiptID: String? = nil, complete: Bool,
        confidence: Double? = nil,
        commands: Commands, redactions: [String: Int] = [:], bodyHash: String? = nil, warnings: [String] = []
    ) {
        self.receiptID = receiptID
        self.storeCode = storeCode
        self.tillID = tillID
        self.kind = kind
        self.number = number
        self.businessDate = businessDate
        self.issuedAt = issuedAt
        self.capturedFirstAt = capturedFirstAt
        self.capturedLastAt = capturedLastAt
        self.total = total
        self.tenders = tenders
        self.items = items
        self.loyalty = loyalty
        self.coupons = coupons
        self.orders = orders
        self.originalNumber = originalNumber
        self.originalReceiptID = originalReceiptID
        self.complete = complete
        self.confidence = confidence
        self.commands = commands
        self.redactions = redactions
        self.bodyHash = bodyHash
        self.warnings = warnings
    }

    private enum CodingKeys: String, CodingKey {
        case kind, number, total, tenders, items, loyalty, coupons, orders, complete, confidence, commands, redactions
        case warnings, fields, template, arithmetic, fiscal
        case receiptID = "receipt_id"
        case storeCode = "store_code"
        case tillID = "till_id"
        case businessDate = "business_date"
        case issuedAt = "issued_at"
        case capturedFirstAt = "captured_first_at"
        case capturedLastAt = "captured_last_at"
        case originalNumber = "original_number"
        case originalReceiptID = "original_receipt_id"
        case bodyHash = "body_hash"
    }

    /// What may be unknown is written as `null`, so that a reader finds every member.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(receiptID, forKey: .receiptID)
        try container.encode(storeCode, forKey: .storeCode)
        try container.encode(tillID, forKey: .tillID)
        try container.encode(kind, forKey: .kind)
        try container.encode(number, forKey: .number)
        try container.encodeIfPresent(businessDate, forKey: .businessDate)
        try container.encode(issuedAt, forKey: .issuedAt)
        try container.encode(capturedFirstAt, forKey: .capturedFirstAt)
        try container.encode(capturedLastAt, forKey: .capturedLastAt)
        try container.encode(total, forKey: .total)
        try container.encode(tenders, forKey: .tenders)
        try container.encode(items, forKey: .items)
        try container.encode(loyalty, forKey: .loyalty)
        try container.encode(coupons, forKey: .coupons)
        try container.encode(orders, forKey: .orders)
        try container.encodeIfPresent(originalNumber, forKey: .originalNumber)
        try container.encodeIfPresent(originalReceiptID, forKey: .originalReceiptID)
        try container.encode(complete, forKey: .complete)
        try container.encodeIfPresent(confidence, forKey: .confidence)
        try container.encode(commands, forKey: .commands)
        try container.encode(redactions, forKey: .redactions)
        try container.encodeIfPresent(bodyHash, forKey: .bodyHash)
        try container.encode(warnings, forKey: .warnings)
        try container.encodeIfPresent(fields, forKey: .fields)
        try container.encodeIfPresent(template, forKey: .template)
        try container.encodeIfPresent(arithmetic, forKey: .arithmetic)
        try container.encodeIfPresent(fiscal, forKey: .fiscal)
    }
}
