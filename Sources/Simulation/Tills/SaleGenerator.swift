import Receipts

/// What customers of one shop buy and how they pay, from a seeded stream of numbers.
struct SaleGenerator: Sendable {
    let layout: TillLayout
    let locale: TillLocale
    let till: Int
    /// The share of card payments that print the whole number, as old terminals do.
    var fullCards: Double
    private var generator: SeededGenerator
    private var serial: Int
    /// Seconds on the till's own clock.
    private var clock: Int64

    init(layout: TillLayout, locale: TillLocale, till: Int, fullCards: Double, generator: SeededGenerator) {
        self.layout = layout
        self.locale = locale
        self.till = till
        self.fullCards = fullCards
        self.generator = generator
        serial = 1000 + self.generator.below(7000)
        // A day between 2 November 2026 and 9 February 2027, nine in the morning.
        clock = 1_793_577_600 + Int64(self.generator.below(100)) * 86_400 + 9 * 3600
    }

    /// The next transaction of that kind; its time lies after the one before.
    mutating func next(_ kind: DocumentKind) -> TillSale {
        clock += Int64(30 + generator.below(240))
        // The shop closes at nine in the evening.
        if clock % 86_400 > 21 * 3600 { clock += 12 * 3600 }
        serial += 1
        var sale = TillSale(kind: kind, serial: serial, till: till, time: CivilTime(local: clock))
        sale.cashier = pick(
            locale == .japan ? ["佐藤", "鈴木", "高橋"] : ["Alice Martin", "J. Weber", "Karin Holm", "P. Silva"])
        sale.table = 1 + generator.below(40)
        sale.lines = lines(kind)
        sale.coupon = coupon(for: &sale)
        if kind == .sale || kind == .exchange || kind == .reprint { discount(&sale) }
        if layout == .restaurant, kind == .sale, generator.chance(0.3) { sale.tip = locale.price(150) }
        if generator.chance(0.55) || kind == .cardSlip { sale.card = card() }
        if [.return, .exchange, .postVoid].contains(kind) { sale.original = serial - 1 - generator.below(40) }
        keys(&sale)
        return sale
    }

    // MARK: Goods

    private mutating func lines(_ kind: DocumentKind) -> [TillSale.Line] {
        let names = locale.goods(layout)
        let prices = TillGoods.prices[layout] ?? []
        var lines: [TillSale.Line] = []
        if layout == .petrol { lines.append(fuel(names)) }
        let count = layout == .petrol ? generator.below(3) : 1 + generator.below(5)
        // The first is always of the usual tax rate, so that a discount on the whole has something to lower.
        for position in 0..<count {
            let index = layout == .petrol ? 3 + generator.below(2) : position == 0 ? 0 : generator.below(names.count)
            guard names.indices.contains(index), prices.indices.contains(index) else { continue }
            lines.append(piece(names[index], locale.price(prices[index]), index: index))
        }
        if [.return, .postVoid].contains(kind) { for index in lines.indices { negate(&lines[index]) } }
        if kind == .exchange, lines.count > 1 { negate(&lines[lines.count - 1]) }
        return lines
    }

    private mutating func piece(_ name: String, _ price: Int64, index: Int) -> TillSale.Line {
        let pieces = generator.chance(0.25) ? Int64(2 + generator.below(3)) : 1
        var text = name
        if layout == .fashion { text += " \(locale.words[.size, 0]) \(pick(["S", "M", "L", "XL"]))" }
        var line = TillSale.Line(
            text: text, quantity: pieces * 1000, price: locale.plain(price), amount: pieces * price)
        line.rate = locale.taxRates.count > 1 && !index.isMultiple(of: 2) ? 1 : 0
        if layout == .fashion { line.code = ean() }
        if layout == .hardware, index == 1 {
            line.quantity = Int64(250 + generator.below(8000))
            line.unit = "kg"
            line.amount = TillSale.divided(line.quantity * price, 1000)
        }
        if layout == .supermarket, generator.chance(0.15) { line.discount = -(line.amount / 5) }
        return line
    }

    private mutating func fuel(_ names: [String]) -> TillSale.Line {
        let kind = generator.below(3)
        let volume = Int64(15_000 + generator.below(40_000)) / 10 * 10
        // Thousandths of the currency's unit; a yen has no parts.
        let price = locale == .japan ? Int64(160 + 10 * kind) : Int64(1_659 + 80 * kind) * (locale == .sweden ? 11 : 1)
        let amount = TillSale.divided(volume * price, locale == .japan ? 1000 : 10_000)
        let printed = locale == .japan ? "\(price)" : locale.decimal(thousandths: price, places: 3)
        return TillSale.Line(
            text: names.indices.contains(kind) ? names[kind] : "", quantity: volume, unit: locale.volumeUnit,
            price: printed, amount: amount)
    }

    private func negate(_ line: inout TillSale.Line) {
        line.amount = -line.amount
        line.discount = -line.discount
    }

    private mutating func discount(_ sale: inout TillSale) {
        let usual = sale.lines.filter { $0.rate == 0 }.reduce(0) { $0 + $1.amount + $1.discount }
        guard usual > 0 else { return }
        if layout == .hardware, generator.chance(0.3) {
            sale.discount = -(usual / 10)
        } else if sale.coupon != nil {
            sale.discount = -min(locale.price(200), usual / 2)
        }
    }

    // MARK: Codes and cards

    private mutating func coupon(for sale: inout TillSale) -> String? {
        let usual = sale.kind == .coupon || (sale.kind == .sale && layout == .department && generator.chance(0.5))
        guard usual else { return nil }
        return "NGH-\(pick(["AB", "KT", "XQ"]))\(100_000 + generator.below(899_999))"
    }

    private mutating func keys(_ sale: inout TillSale) {
        guard sale.kind == .sale || sale.kind == .reprint else { return }
        switch layout {
        case .department:
            if generator.chance(0.6) { sale.loyalty = checked("6335" + digits(11)) }
            if generator.chance(0.3) { sale.order = "W\(1_000_000 + generator.below(8_999_999))" }
            let code = checked(digits(9))
            sale.survey = "\(code.prefix(4))-\(code.dropFirst(4).prefix(4))-\(code.suffix(2))"
        case .supermarket, .fashion, .pharmacy:
            if generator.chance(0.4) { sale.loyalty = "70" + digits(8) }
        default: break
        }
    }

    private mutating func card() -> TillSale.Card {
        let (scheme, prefix, length): (String, String, Int) = pick([
            ("VISA DEBIT", "4", 16), ("MASTERCARD", "52", 16), ("MASTERCARD", "2231", 16),
            ("AMERICAN EXPRESS", "37", 15),
            ("VISA", "4", 16), ("MAESTRO", "6759", 16),
        ])
        let number = checked(prefix + digits(length - 1 - prefix.count))
        return TillSale.Card(scheme: scheme, number: number, isFull: generator.chance(fullCards))
    }

    private mutating func ean() -> String {
        let body = "40" + digits(10)
        let sum = body.utf8.enumerated().reduce(0) {
            $0 + Int($1.element - 0x30) * ($1.offset.isMultiple(of: 2) ? 1 : 3)
        }
        return body + "\((10 - sum % 10) % 10)"
    }

    private mutating func digits(_ count: Int) -> String {
        String(decoding: (0..<max(0, count)).map { _ in UInt8(0x30 + generator.below(10)) }, as: UTF8.self)
    }

    /// The digits with Luhn's check digit behind them (ISO/IEC 7812-1 annex B).
    private func checked(_ digits: String) -> String {
        let sum = digits.utf8.reversed().enumerated().reduce(0) { sum, digit in
            let value = Int(digit.element - 0x30) * (digit.offset.isMultiple(of: 2) ? 2 : 1)
            return sum + (value > 9 ? value - 9 : value)
        }
        return digits + "\((10 - sum % 10) % 10)"
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[generator.below(elements.count)] }
}
