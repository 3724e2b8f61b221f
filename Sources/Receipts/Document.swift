package import Subjects

/// One printed document: redacted, classified, its facts extracted. Nothing unredacted is in it.
package struct Document: Sendable, Hashable {
    /// A code that says who the customer is or what was reserved: plain when the decoder has no hasher, else its
    /// keyed hash. Descriptions do not show it.
    package enum Key: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
        case plain(String)
        case hashed(KeyedHash)

        /// What goes into records: the code itself, or 32 hex digits.
        package var text: String {
            switch self {
            case .plain(let code): code
            case .hashed(let hash): hash.hex
            }
        }

        /// The keyed hash, nil for a plain code.
        package var hash: KeyedHash? {
            if case .hashed(let hash) = self { hash } else { nil }
        }

        package var description: String { "key(redacted)" }
        package var debugDescription: String { description }
    }

    /// One line of goods.
    package struct Item: Sendable, Hashable, Codable {
        package var text: String
        /// Pieces, kilograms or whatever the line counts; nil when it says nothing.
        package var quantity: Double?
        /// What the line adds to the total, negative for returned goods.
        package var amount: Money

        package init(text: String, quantity: Double?, amount: Money) {
            self.text = text
            self.quantity = quantity
            self.amount = amount
        }
    }

    /// A payment.
    package struct Tender: Sendable, Hashable, Codable {
        /// `cash`, `card`, `voucher`, `gift_card`, `mobile`, `cheque`, `account` or `other`.
        package var type: String
        package var amount: Money

        package init(type: String, amount: Money) {
            self.type = type
            self.amount = amount
        }
    }

    /// How many commands of the printer's language were known.
    package struct Commands: Sendable, Hashable, Codable {
        package var known: Int
        package var unknown: Int
    }

    package var kind: DocumentKind
    /// The configured till, else the number that is printed, else nil.
    package var till: TillID?
    /// The receipt's number as printed.
    package var number: String?
    /// The number of the receipt that this one returns, voids or copies.
    package var originalNumber: String?
    /// Printed local time `YYYY-MM-DDTHH:MM:SS`, without offset; nil unless date and time of day are printed.
    package var issuedAt: String?
    /// Printed date `YYYY-MM-DD`, also when no time of day is printed.
    package var issuedDate: String?
    package var total: Money?
    package var tenders: [Tender] = []
    package var items: [Item] = []
    package var loyalty: [Key] = []
    package var coupons: [Key] = []
    package var orders: [Key] = []
    /// Codes of invitations to a survey.
    package var surveys: [Key] = []
    /// Fields of the till's template that have no place of their own, by the template's names.
    package var extras: [String: String] = [:]
    /// Where each field was read and how sure it is; only fields that were found.
    package var evidence: [DocumentField: FieldEvidence] = [:]
    /// The template that read it, as `name@version`.
    package var template: String?
    /// The share of the checks of its amounts that hold, 0 to 1; nil when there was nothing to check.
    package var arithmetic: Double?
    package var fiscal: FiscalRecord?
    /// Keyed hash of the cashier's name or number; nil without a hasher.
    package var cashier: KeyedHash?
    /// What was printed, line by line, without blank lines; redacted.
    package var lines: [String] = []
    package var commands: Commands
    /// Both ends were seen and nothing in between was lost.
    package var complete: Bool
    /// Whether the till's dialect is wrong, judged by its last few hundred commands; nil when they were too few. Not part of
    /// what the document says.
    package var wrongDialect: Bool?
    /// What its long numbers say about whether the till prints card numbers in full; nil when there are none, or none new.
    /// Not part of what the document says.
    package var cardEvidence: CardEvidence?
    package var redactions: Redactions
    package var warnings: [String] = []
    /// When its first and last bytes were read.
    package var firstByte: Moment?
    package var lastByte: Moment?
    /// FNV-1a (128 bits, 32 hex digits) over the redacted lines without copy marks and spacing: equal for copies.
    package var bodyHash: String

    /// The lowest confidence among number, time and total, as far as they were found; nil when none was.
    package var confidence: Double? {
        [DocumentField.number, .issuedAt, .total].compactMap { evidence[$0]?.confidence }.min()
    }
}
