import Receipts

extension ReceiptComposer {
    /// One item in the way of the layout; its truth is what the paper says.
    mutating func item(_ line: TillSale.Line) {
        let quantity = locale.decimal(thousandths: line.quantity, places: line.unit == "kg" ? 3 : 2)
        let pieces = "\(line.quantity / 1000)"
        let amount = locale.plain(line.amount) + letter(line.rate)
        var counted: Double? = Double(line.quantity) / 1000
        switch layout {
        case .supermarket:
            pair(line.text, amount)
            if line.quantity == 1000 { counted = nil } else { self.line("  \(pieces) x \(line.price)") }
        case .restaurant: pair("\(pieces) \(line.text)", amount)
        case .fashion:
            if let code = line.code { self.line(labelled(.article, code)) }
            self.line(line.text)
            pair("  \(pieces) x \(line.price)", amount)
        case .petrol:
            self.line(line.text)
            if line.unit.isEmpty {
                pair("  \(pieces) x \(line.price)", amount)
            } else {
                pair("  \(quantity) \(line.unit) x \(line.price)", amount)
            }
        case .pharmacy:
            self.line(line.text)
            pair("  \(pieces) x \(line.price)", amount)
        case .hardware:
            self.line(line.text)
            pair("  \(line.unit.isEmpty ? "\(pieces) \(piece)" : "\(quantity) \(line.unit)") x \(line.price)", amount)
        case .kiosk:
            if line.quantity == 1000 { counted = nil }
            pair(line.quantity == 1000 ? line.text : "\(pieces) x \(line.text)", amount)
        case .department:
            pair(line.text, amount)
            if line.quantity == 1000 { counted = nil } else { self.line("   \(pieces) @ \(line.price)") }
        }
        truth.items.append(.init(text: line.text, quantity: counted, amount: line.amount))
        if line.discount != 0 { adjust("  " + word(.discount), line.discount) }
    }

    /// Pieces, as an ironmonger abbreviates them.
    private var piece: String {
        switch locale {
        case .unitedStates, .unitedKingdom: "EA"
        case .germany, .austria: "Stk"
        case .france: "pce"
        case .sweden: "st"
        case .japan: "個"
        case .portugal: "un"
        }
    }

    private func letter(_ rate: Int) -> String {
        guard layout.printsTaxLetters else { return "" }
        return rate == 0 ? " A" : " B"
    }

    /// A line that changes the total and is no item.
    private mutating func adjust(_ text: String, _ amount: Int64) {
        guard amount != 0 else { return }
        pair(text, locale.plain(amount))
        truth.adjustments.append(.init(text: text.filter { $0 != " " }, quantity: nil, amount: amount))
    }

    mutating func sums() {
        let total = sale.total(locale)
        if layout == .hardware, sale.discount != 0 {
            adjust("10% " + word(.discount), sale.discount)
        } else if let coupon = sale.coupon, sale.discount != 0 {
            truth.coupons = [coupon]
            line(labelled(.coupon, coupon))
            adjust("  " + word(.discount), sale.discount)
        }
        if layout.printsSubtotal || locale.addsTax || sale.kind == .void {
            pair(word(.subtotal), locale.plain(sale.goods))
        }
        guard sale.kind != .void else { return }
        if locale.addsTax {
            for tax in sale.taxes(locale) {
                truth.taxes.append(tax)
                adjust("\(word(.tax)) \(locale.percent(tax.rate))", tax.tax)
            }
        }
        adjust(word(.tip), sale.tip)
        adjust(word(.rounding), sale.rounding(locale))
        let style = PaperElement.Style(high: layout.totalIsDouble, emphasised: true)
        let money = locale.money(total, variant: variant)
        if layout.totalIsLeft { line("\(word(.total)) \(money)", style) } else { pair(word(.total), money, style) }
        truth.total = total
        if layout == .department {
            let count = sale.lines.reduce(0) { $0 + $1.quantity / 1000 }
            line(labelled(.itemCount, "\(count)"))
            let saved = truth.adjustments.filter { $0.amount < 0 }.reduce(0) { $0 - $1.amount }
            if saved > 0, sale.kind == .sale { pair(word(.savings), locale.plain(saved)) }
        }
    }

    mutating func tender() {
        let total = sale.total(locale)
        guard let card = sale.card else {
            guard total > 0 else {
                pair(word(.cash), locale.plain(total))
                truth.tenders = [.init(type: "cash", amount: total)]
                return
            }
            let note: Int64 = locale == .japan ? 1000 : locale == .sweden ? 10_000 : 500
            let given = (total + note - 1) / note * note
            pair(word(.cash), locale.plain(given))
            truth.tenders = [.init(type: "cash", amount: given)]
            truth.change = given - total
            if given > total { pair(word(.change), locale.plain(given - total)) }
            return
        }
        pair(word(.card), locale.plain(total))
        truth.tenders = [.init(type: "card", amount: total)]
        if layout.cardSlipIsInside, sale.kind == .sale { slipLines(card) }
    }

    /// What the terminal says, inside a receipt or on a slip of its own.
    mutating func slipLines(_ card: TillSale.Card) {
        if card.isFull { truth.cards = [card.number] }
        let masked = String(repeating: "*", count: max(0, card.number.count - 4)) + card.number.suffix(4)
        line("\(card.scheme) \(card.isFull ? ReceiptPrinter.grouped(card.number) : masked)")
        line(labelled(.terminal, "6\(1_000_000 + sale.till)"))
        line("AID A0000000031010")
        line(labelled(.authorisation, "\(100_000 + sale.serial % 900_000)"))
        line(word(.contactless))
        line(word(.approved), .centre)
    }

    mutating func taxTable() {
        guard sale.kind != .void else { return }
        let taxes = sale.taxes(locale)
        if truth.taxes.isEmpty { truth.taxes = taxes }
        guard !locale.addsTax else { return }
        pair(word(.tax), "\(word(.net))     \(word(.tax))   \(word(.gross))")
        for (index, tax) in taxes.enumerated() {
            pair(
                "\(index == 0 ? "A" : "B") \(locale.percent(tax.rate))",
                "\(locale.plain(tax.net))  \(locale.plain(tax.tax))  \(locale.plain(tax.net + tax.tax))")
        }
    }

    mutating func taxLine() {
        guard sale.kind != .void, !locale.addsTax, layout != .kiosk else { return }
        truth.taxes = sale.taxes(locale)
        for tax in truth.taxes { pair("\(word(.taxIncluded)) \(locale.percent(tax.rate))", locale.plain(tax.tax)) }
    }

    mutating func keys() {
        if let loyalty = sale.loyalty {
            truth.loyalty = [loyalty]
            line(labelled(.loyalty, loyalty))
        }
        if let order = sale.order {
            truth.orders = [order]
            line(labelled(.order, order))
        }
    }
}
