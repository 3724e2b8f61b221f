import Receipts

/// What a till prints beside receipts.
extension ReceiptComposer {
    mutating func cardSlipDocument() {
        line(word(.merchantCopy), .banner)
        line(word(.slip), .centre)
        let printed = locale.printed(sale.time, variant: variant)
        truth.issuedAt = sale.time.iso(toTheMinute: !printed.seconds)
        line("\(printed.date) \(printed.time)")
        if layout == .department {
            truth.number = number(sale.serial)
            line(labelled(.number, paperNumber(number(sale.serial), credit: false)))
        }
        if let card = sale.card { slipLines(card) }
        pair(word(.amount), locale.money(sale.total(locale), variant: variant), .init(emphasised: true))
        paper.append(.cut)
    }

    mutating func kitchen() {
        line(word(.kitchen), .heading)
        line(labelled(.table, "\(sale.table)"), .init(wide: true, high: true))
        let printed = locale.printed(sale.time, variant: variant)
        truth.issuedAt = sale.time.iso(toTheMinute: !printed.seconds)
        line("\(printed.date) \(printed.time)")
        for line in sale.lines { self.line("\(line.quantity / 1000) x \(line.text)", .init(high: true)) }
        paper.append(.cut)
    }

    mutating func coupon() {
        header()
        line(word(.couponHeading), .heading)
        line(word(.couponOffer), .centre)
        if let coupon = sale.coupon {
            truth.coupons = [coupon]
            line(labelled(.coupon, coupon), .centre)
            paper.append(.barcode(coupon))
        }
        line(labelled(.validUntil, locale.printed(sale.time, variant: 0).date), .centre)
        paper.append(.cut)
    }

    mutating func report() {
        header()
        line(word(sale.serial.isMultiple(of: 2) ? .xReport : .zReport), .banner)
        line(labelled(.till, "\(sale.till)"))
        let printed = locale.printed(sale.time, variant: variant)
        truth.issuedAt = sale.time.iso(toTheMinute: !printed.seconds)
        line("\(printed.date) \(printed.time)")
        rule()
        let turnover = locale.price(Int64(sale.serial % 5000) * 100 + 123_456)
        pair(word(.turnover), locale.plain(turnover))
        pair(word(.cash), locale.plain(turnover / 3))
        pair(word(.card), locale.plain(turnover - turnover / 3))
        pair(word(.transactions), "\(sale.serial % 300)")
        paper.append(.cut)
    }

    mutating func cashMovement() {
        paper.append(.drawer)
        header()
        line(word(sale.kind == .payIn ? .payIn : .payOut), .banner)
        let printed = locale.printed(sale.time, variant: variant)
        truth.issuedAt = sale.time.iso(toTheMinute: !printed.seconds)
        line("\(printed.date) \(printed.time)")
        line(labelled(.till, "\(sale.till)"))
        pair(word(.amount), locale.money(locale.price(5000), variant: variant))
        paper.append(.cut)
    }

    /// Half of the makers print nothing: the drawer's pulse is all there is.
    mutating func noSale() {
        paper.append(.drawer)
        guard variant.isMultiple(of: 2) else { return }
        line(word(.noSale))
        let printed = locale.printed(sale.time, variant: variant)
        truth.issuedAt = sale.time.iso(toTheMinute: !printed.seconds)
        line("\(labelled(.till, "\(sale.till)"))  \(printed.date) \(printed.time)")
        paper.append(.cut)
    }
}
