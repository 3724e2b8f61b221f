/// What is known of one layout of receipts: data that a technician writes (docs/templates.md) and that is tested against
/// captures of that layout before it is used.
///
/// Regular expressions are in ICU syntax, letter case ignored, searched within one printed line after redaction.
package struct ReceiptTemplate: Sendable, Hashable {
    /// Part of a document.
    package enum Zone: String, Sendable, Hashable, CaseIterable {
        case anywhere
        /// The first `lines` lines.
        case header
        /// Before the first item.
        case beforeItems = "before_items"
        case items
        /// Behind the line of the total.
        case afterTotal = "after_total"
        /// The last `lines` lines.
        case last
    }

    /// How a line is printed.
    package enum Style: String, Sendable, Hashable, CaseIterable {
        case any
        /// Any of it in double width or double height.
        case large
        /// Any of it emphasised, double-struck or large.
        case emphasised
    }

    /// What the text of a field is.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case text
        /// Digits, perhaps with a decimal mark.
        case number
        case money
        case dateTime = "date_time"
        /// Letters, digits and `.`, `-`, `/`, `_`.
        case code
    }

    package enum Pick: String, Sendable, Hashable, CaseIterable {
        case first, last
    }

    package struct Field: Sendable, Hashable {
        /// `number`, `original_number`, `issued_at`, `date`, `time`, `till`, `total`, `subtotal`, `tax`, `rounding`,
        /// `tip`, `change`, or a name of the retailer's own.
        package var name: String
        package var kind: Kind
        /// One group around the value, or none for the whole match.
        package var pattern: String
        package var zone = Zone.anywhere
        /// For the zones `header` and `last`.
        package var lines = 8
        package var style = Style.any
        package var pick = Pick.first
        /// For dates: formats of ``PrintedTimeFormat``, tried in order; none = the general rules.
        package var formats: [String] = []

        package init(name: String, kind: Kind, pattern: String) {
            self.name = name
            self.kind = kind
            self.pattern = pattern
        }
    }

    /// The lines of goods. Each line of the block is tried against `skip`, `line`, `continuation` and `lead`, in this order;
    /// one that fits none is counted, because a damaged line must not vanish.
    package struct ItemBlock: Sendable, Hashable {
        /// The line before the block; nil = the block begins with the document.
        package var after: String?
        /// The first line behind the block.
        package var until: String
        /// Groups `amount`, and `text`, `quantity`, `price` where the line has them.
        package var line: [String]
        package var skip: [String] = []
        /// A line that belongs to the item above: groups `quantity`, `price`, `text`, and `amount` (added to the item's).
        package var continuation: [String] = []
        /// A line that belongs to the next item: groups `text`, `quantity`, `price`.
        package var lead: [String] = []

        package init(until: String, line: [String]) {
            self.until = until
            self.line = line
        }
    }

    package struct TenderRule: Sendable, Hashable {
        /// See ``Document/Tender/type``.
        package var type: String
        /// One group around the amount, or none for the last amount of the line.
        package var pattern: String

        package init(type: String, pattern: String) {
            self.type = type
            self.pattern = pattern
        }
    }

    /// How its captures were printed: the settings of the till that they come from.
    package struct Captures: Sendable, Hashable {
        package var dialect = "escpos"
        package var codePages = "epson"
        package var currency: String?
        package var dayFirst = false
        package var decimals = DecimalStyle.automatic

        package init() {}
    }

    package var name: String
    /// Raised by its author with each change; reported beside its name.
    package var version = 1
    /// Templates with a higher priority are tried first.
    package var priority = 0
    /// Each must be found in some line.
    package var keywords: [String] = []
    /// None may be found.
    package var exclude: [String] = []
    /// ISO 4217; nil = the till's.
    package var currency: String?
    /// nil = the till's.
    package var decimals: DecimalStyle?
    package var dayFirst: Bool?
    package var fields: [Field] = []
    package var items: ItemBlock?
    package var tenders: [TenderRule] = []
    package var codes: [CodePattern] = []
    /// Lines that say what the document is.
    package var kinds: [DocumentKind: [String]] = [:]
    /// Fields without which the template did not read the document: names of `fields`, or `items`, `tenders`.
    package var required: [String] = []
    package var captures = Captures()

    package init(name: String) { self.name = name }

    /// The names of fields that have a meaning, and what they hold.
    package static let knownFields: [(name: String, kind: Kind)] = [
        ("number", .code), ("original_number", .code), ("issued_at", .dateTime), ("date", .dateTime),
        ("time", .dateTime), ("till", .code), ("total", .money), ("subtotal", .money), ("tax", .money),
        ("rounding", .money), ("tip", .money), ("change", .money),
    ]

    /// The types that a tender may have.
    package static let tenderTypes = [
        "cash", "card", "voucher", "gift_card", "mobile", "cheque", "account", "other",
    ]
}
