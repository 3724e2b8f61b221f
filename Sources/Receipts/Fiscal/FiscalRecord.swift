package import Subjects

/// What the signature that the law puts on a receipt says about it: the till's own words for machines, signed, so that no
/// layout has to be known. Signatures, keys and the customer's tax number are not kept.
package struct FiscalRecord: Sendable, Hashable {
    package enum Scheme: String, Sendable, Hashable, Codable, CaseIterable {
        /// Registrierkassensicherheitsverordnung (BGBl. II 410/2015), the machine-readable code of annex Z 12-14.
        case austria = "at_rksv"
        /// Kassensicherungsverordnung, DSFinV-K 2.x annex I (QR code), or the text block of section 6.
        case germany = "de_kassensichv"
        /// Portaria 195/2020, "Especificações técnicas do código QR" of the tax authority.
        case portugal = "pt_atcud"
    }

    /// Where it was read.
    package enum Form: String, Sendable, Hashable, Codable {
        /// The data of a QR code or another symbol.
        case symbol
        /// Printed lines.
        case text
    }

    package enum Issued: Sendable, Hashable {
        /// `YYYY-MM-DDTHH:MM:SS`, the store's local time (Austria).
        case local(String)
        /// The end of the transaction by the signing device's clock, which runs in UTC (Germany).
        case instant(UnixTime)
        /// `YYYY-MM-DD` (Portugal).
        case date(String)
    }

    /// What the document is in the words of its law, as far as it changes what may be made of it.
    package enum Nature: String, Sendable, Hashable, Codable {
        case sale
        /// A credit note (Portugal's NC).
        case credit = "return"
        case training
        /// It cancels, or has been cancelled.
        case cancelled = "post_void"
        /// Broken off before it was paid.
        case aborted = "void"
        /// An order, a transfer, a proforma: no receipt.
        case notReceipt = "not_receipt"
    }

    /// The gross amount at one rate of VAT.
    package struct Rate: Sendable, Hashable {
        /// Per cent as the law names it: `20`, `10.7`; or a class where the rate differs by region: `reduced`.
        package var name: String
        /// Minor units, tax included.
        package var gross: Int64
    }

    package var scheme: Scheme
    package var form: Form
    /// The till's number (Austria) or the client's serial number (Germany).
    package var till: String?
    /// The receipt's own number (Austria, Portugal). Germany signs a transaction number instead.
    package var number: String?
    package var transaction: UInt64?
    package var signatureCounter: UInt64?
    /// `Beleg`, `FS`, `NC` …
    package var type: String
    package var nature: Nature
    package var issued: Issued?
    /// When the transaction began (Germany).
    package var started: UnixTime?
    /// Minor units of `currency`, tax included.
    package var total: Int64?
    package var rates: [Rate] = []
    /// Minor units of tax (Portugal).
    package var tax: Int64?
    /// Minor units paid in cash in the store's currency, less change (Germany).
    package var cash: Int64?
    package var nonCash: Int64?
    /// The three laws know the euro only.
    package let currency = "EUR"

    init(scheme: Scheme, form: Form, type: String, nature: Nature) {
        self.scheme = scheme
        self.form = form
        self.type = type
        self.nature = nature
    }
}

/// Why data that looks like a fiscal signature is none that can be trusted.
package enum FiscalError: Error, Hashable, CustomStringConvertible {
    /// It does not begin like the scheme at all.
    case otherData
    case fieldCount(scheme: FiscalRecord.Scheme, found: Int)
    /// `field` in the words of the law; its content is not repeated.
    case field(scheme: FiscalRecord.Scheme, name: String, due: String)

    package var description: String {
        switch self {
        case .otherData: "no fiscal signature"
        case .fieldCount(let scheme, let found):
            "fiscal code \(scheme.rawValue): \(found) fields; the code was damaged on the line, or is of another version"
        case .field(let scheme, let name, let due):
            "fiscal code \(scheme.rawValue): \(name) is not \(due); the code was damaged on the line"
        }
    }
}
