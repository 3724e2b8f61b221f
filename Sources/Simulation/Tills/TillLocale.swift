package import Receipts

/// Where a simulated till stands: language, money, dates, characters and fiscal law.
package enum TillLocale: String, Sendable, Hashable, Codable, CaseIterable {
    case unitedStates = "en-US"
    case unitedKingdom = "en-GB"
    case germany = "de-DE"
    case france = "fr-FR"
    case sweden = "sv-SE"
    case japan = "ja-JP"
    case austria = "de-AT"
    case portugal = "pt-PT"

    /// ISO 4217.
    package var currency: String {
        switch self {
        case .unitedStates: "USD"
        case .unitedKingdom: "GBP"
        case .sweden: "SEK"
        case .japan: "JPY"
        case .germany, .france, .austria, .portugal: "EUR"
        }
    }

    /// Whether 3/4 is the third of April.
    package var dayFirst: Bool { self != .unitedStates }

    package var decimals: DecimalStyle {
        switch self {
        case .unitedStates, .unitedKingdom, .japan: .point
        case .germany, .austria, .portugal: .comma
        case .france, .sweden: .space
        }
    }

    /// The setting `code_pages` of a till in this place.
    package var codePagesName: String { self == .japan ? "shift_jis" : "epson" }

    var codePage: PaperCodePage {
        switch self {
        case .unitedStates: .cp437
        case .unitedKingdom, .france, .austria: .cp858
        case .germany, .portugal: .windows1252
        case .sweden: .iso885915
        case .japan: .shiftJIS
        }
    }

    var words: TillWords {
        switch self {
        case .unitedStates: .american
        case .unitedKingdom: .british
        case .germany, .austria: .german
        case .france: .french
        case .sweden: .swedish
        case .japan: .japanese
        case .portugal: .portuguese
        }
    }

    func goods(_ layout: TillLayout) -> [String] {
        let names =
            switch self {
            case .unitedStates, .unitedKingdom: TillGoods.english
            case .germany, .austria: TillGoods.german
            case .france: TillGoods.french
            case .sweden: TillGoods.swedish
            case .japan: TillGoods.japanese
            case .portugal: TillGoods.portuguese
            }
        return names[layout] ?? []
    }

    /// Tax rates in percent times ten, the usual one first. In the United States tax comes on top.
    var taxRates: [Int64] {
        switch self {
        case .unitedStates: [85]
        case .unitedKingdom: [200, 0]
        case .germany: [190, 70]
        case .france: [200, 55]
        case .sweden: [250, 120]
        case .japan: [100, 80]
        case .austria: [200, 100]
        case .portugal: [230, 60]
        }
    }

    var addsTax: Bool { self == .unitedStates }

    /// Cash is paid in multiples of this many minor units.
    var cashStep: Int64 { self == .sweden ? 100 : 1 }

    /// A base price in euro cents as a usual price in the locale's minor units.
    func price(_ cents: Int64) -> Int64 {
        switch self {
        case .japan: (cents * 16 / 10 + 4) / 5 * 5
        case .sweden: cents * 11 / 10 * 10 / 50 * 50 + 90
        default: cents
        }
    }

    var volumeUnit: String { self == .unitedStates ? "GAL" : "L" }

    // MARK: Money

    /// `1.234,56` in the locale's style, without a currency.
    func plain(_ minor: Int64) -> String {
        let exponent = currency == "JPY" ? 0 : 2
        let magnitude = minor.magnitude
        var whole = String(exponent == 0 ? magnitude : magnitude / 100)
        var groups: [Substring] = []
        while whole.count > 3 {
            groups.insert(Substring(String(whole.suffix(3))), at: 0)
            whole.removeLast(3)
        }
        groups.insert(Substring(whole), at: 0)
        let (group, mark) =
            switch decimals {
            case .comma: (".", ",")
            case .space: (" ", ",")
            default: (",", ".")
            }
        let decimals = exponent == 0 ? "" : mark + CivilTime.two(Int(magnitude % 100))
        return (minor < 0 ? "-" : "") + groups.joined(separator: group) + decimals
    }

    /// An amount with its currency, in one of the ways of the place.
    func money(_ minor: Int64, variant: Int) -> String {
        let amount = plain(minor)
        switch self {
        case .unitedStates: return minor < 0 ? "-$" + amount.dropFirst() : "$" + amount
        case .unitedKingdom: return minor < 0 ? "-£" + amount.dropFirst() : "£" + amount
        case .sweden: return variant.isMultiple(of: 2) ? "\(amount) kr" : "\(amount) SEK"
        case .japan: return variant.isMultiple(of: 2) ? "￥\(amount)" : "\(amount)円"
        case .germany, .france, .austria, .portugal:
            return variant % 3 == 0 ? "EUR \(amount)" : variant % 3 == 1 ? "\(amount) EUR" : "\(amount) €"
        }
    }

    /// A number with a decimal mark of the place: thousandths, with `places` decimals.
    func decimal(thousandths: Int64, places: Int) -> String {
        let mark = decimals == .point ? "." : ","
        let digits = TillLayout.padded(Int(thousandths % 1000), 3).prefix(places)
        return "\(thousandths / 1000)\(mark)\(digits)"
    }

    /// A tax rate as `19%` or `5,5%`.
    func percent(_ tenths: Int64) -> String {
        tenths.isMultiple(of: 10) ? "\(tenths / 10)%" : "\(tenths / 10)\(decimals == .point ? "." : ",")\(tenths % 10)%"
    }

    // MARK: Dates

    private static let englishMonths = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Date and time of day as printed, in one of three ways, and whether seconds are printed.
    func printed(_ time: CivilTime, variant: Int) -> (date: String, time: String, seconds: Bool) {
        let two = CivilTime.two
        let (year, month, day) = ("\(time.year)", two(time.month), two(time.day))
        let short = two(time.year % 100)
        let minutes = "\(two(time.hour)):\(two(time.minute))"
        let seconds = minutes + ":" + two(time.second)
        let name = Self.englishMonths[(time.month - 1) % 12]
        let style = variant % 3
        switch self {
        case .unitedStates:
            let hour = (time.hour + 11) % 12 + 1
            let half = "\(two(hour)):\(two(time.minute)) \(time.hour < 12 ? "AM" : "PM")"
            if style == 0 { return ("\(month)/\(day)/\(year)", half, false) }
            if style == 1 { return ("\(month)/\(day)/\(short)", seconds, true) }
            return ("\(name) \(time.day), \(year)", half, false)
        case .unitedKingdom:
            if style == 0 { return ("\(day)/\(month)/\(year)", minutes, false) }
            if style == 1 { return ("\(day)/\(month)/\(short)", seconds, true) }
            return ("\(day) \(name) \(year)", minutes, false)
        case .germany, .austria:
            if style == 0 { return ("\(day).\(month).\(year)", minutes, false) }
            if style == 1 { return ("\(day).\(month).\(short)", seconds, true) }
            return ("\(day).\(month).\(year)", minutes + " Uhr", false)
        case .france:
            if style == 0 { return ("\(day)/\(month)/\(year)", minutes, false) }
            if style == 1 { return ("\(day)/\(month)/\(short)", seconds, true) }
            return ("\(day)/\(month)/\(year)", "\(two(time.hour))h\(two(time.minute))", false)
        case .sweden:
            return ("\(year)-\(month)-\(day)", style == 1 ? seconds : minutes, style == 1)
        case .japan:
            if style == 0 { return ("\(year)年\(month)月\(day)日", minutes, false) }
            if style == 1 { return ("\(year)/\(month)/\(day)", seconds, true) }
            return ("\(year)年\(time.month)月\(time.day)日", "\(two(time.hour))時\(two(time.minute))分", false)
        case .portugal:
            if style == 0 { return ("\(day)/\(month)/\(year)", minutes, false) }
            if style == 1 { return ("\(day)-\(month)-\(year)", seconds, true) }
            return ("\(year)-\(month)-\(day)", minutes, false)
        }
    }
}
