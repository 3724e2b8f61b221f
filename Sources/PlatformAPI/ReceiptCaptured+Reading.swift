extension ReceiptCaptured {
    /// How one field was read.
    package struct FieldEvidence: Codable, Hashable, Sendable {
        /// `journal`, `fiscal`, `template` or `generic`.
        package var source: String
        /// 0 to 1.
        package var confidence: Double

        package init(source: String, confidence: Double) {
            self.source = source
            self.confidence = confidence
        }

        private enum CodingKeys: String, CodingKey {
            case source, confidence
        }
    }

    /// The signature that the law of the store's country puts on a receipt. The signature's value, and the customer's tax
    /// number that some carry, stay in the store.
    package struct FiscalSignature: Codable, Hashable, Sendable {
        /// `at_rksv`, `de_kassensichv` or `pt_atcud`.
        package var scheme: String
        /// The document's type in the words of the law: `Beleg`, `FS`, …
        package var type: String
        /// `sale`, `return`, `training`, `post_void`, `void` or `not_receipt`.
        package var nature: String
        package var till: String?
        package var number: String?
        package var transaction: UInt64?
        package var total: Money?

        package init(
            scheme: String, type: String, nature: String, till: String? = nil, number: String? = nil,
            transaction: UInt64? = nil, total: Money? = nil
        ) {
            self.scheme = scheme
            self.type = type
            self.nature = nature
            self.till = till
            self.number = number
            self.transaction = transaction
            self.total = total
        }

        private enum CodingKeys: String, CodingKey {
            case scheme, type, nature, till, number, transaction, total
        }
    }
}
