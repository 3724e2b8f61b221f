/// An amount of money: integer minor units of an ISO 4217 currency, never floating point.
package struct Money: Hashable, Sendable, Codable {
    /// Cents, pence, yen, fils: `Currency.exponent` says how many decimals the currency has.
    package var minor: Int64
    /// Three letters of ISO 4217; `XXX` when the document does not say and none is configured.
    package var currency: String

    package init(minor: Int64, currency: String) {
        self.minor = minor
        self.currency = currency
    }
}

/// Facts about currencies (ISO 4217).
package enum Currency {
    /// ISO 4217's code for "no currency": the document does not say and none is configured.
    package static let none = "XXX"

    /// Decimals of the minor unit: 2 unless ISO 4217 says otherwise.
    package static func exponent(_ currency: String) -> Int {
        switch currency {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
            "XOF",
            "XPF":
            0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        default: 2
        }
    }

    /// True for three capital letters, the form of an ISO 4217 code.
    package static func isCode(_ text: String) -> Bool {
        text.utf8.count == 3 && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }

    /// Codes that are recognised in print beside amounts. Three capital letters alone are too common.
    static let printed: Set<String> = [
        "AED", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR",
        "ILS",
        "INR", "ISK", "JPY", "KRW", "KWD", "MXN", "MYR", "NOK", "NZD", "PEN", "PHP", "PLN", "RON", "RSD", "RUB", "SAR",
        "SEK",
        "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR",
    ]

    /// Signs that mean one currency. `$`, `kr` and `¥` are not here: they mean several.
    static let signs: [Character: String] = [
        "€": "EUR", "£": "GBP", "₹": "INR", "₺": "TRY", "₽": "RUB", "₩": "KRW", "₪": "ILS", "₫": "VND", "฿": "THB",
        "₴": "UAH", "円": "JPY",
    ]
}

/// Which characters group and divide the digits of printed amounts.
package enum DecimalStyle: String, Sendable, Hashable, Codable, CaseIterable {
    /// Read from each amount: the last `.` or `,` that has as many digits behind it as the currency has decimals.
    case automatic
    /// `1,234.56`
    case point
    /// `1.234,56`
    case comma
    /// `1 234,56`
    case space
    /// `1'234.56`
    case apostrophe
}
