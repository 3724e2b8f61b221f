import Receipts

/// Lays a transaction out as one maker's till prints it, and writes down what the paper says.
struct ReceiptComposer {
    let layout: TillLayout
    let locale: TillLocale
    let sale: TillSale
    var paper: [PaperElement] = []
    var truth: PrintTruth

    init(_ sale: TillSale, layout: TillLayout, locale: TillLocale) {
        self.layout = layout
        self.locale = locale
        self.sale = sale
        truth = PrintTruth(kind: sale.kind, layout: layout, locale: locale, currency: locale.currency, till: sale.till)
    }

    var variant: Int { layout.variant }

    func word(_ word: TillWord) -> String { locale.words[word, variant] }

    /// The paper of the document, ending in a cut.
    mutating func compose() {
        switch sale.kind {
        case .sale, .return, .exchange, .void, .postVoid, .reprint, .training, .unknown: receipt()
        case .cardSlip: cardSlipDocument()
        case .kitchen: kitchen()
        case .coupon: coupon()
        case .report: report()
        case .payIn, .payOut: cashMovement()
        case .noSale: noSale()
        case .raster: paper = [.image(width: 72, height: 240), .cut]
        }
    }

    // MARK: The receipt

    private mutating func receipt() {
        if sale.card == nil, sale.kind == .sale { paper.append(.drawer) }
        header()
        banner()
        if layout.numbersFirst { numbering() }
        service()
        rule()
        for line in sale.lines { item(line) }
        rule()
        sums()
        if sale.kind != .void { tender() }
        if layout.printsTaxTable || locale.fiscalScheme != nil { taxTable() } else { taxLine() }
        keys()
        if !layout.numbersFirst { numbering() }
        if let payload = FiscalPayload.text(sale, truth: truth, locale: locale) {
            truth.fiscal = payload
            paper.append(.qr(payload))
        }
        footer()
        paper.append(.cut)
    }

    mutating func header() {
        if layout == .supermarket || layout == .department { paper.append(.image(width: 24, height: 40)) }
        let shop = locale.words[.shop, [0, 1, 2, 3, 4, 5, 0, 2][variant % 8]]
        line(shop, layout == .kiosk ? .centre : .heading)
        guard layout != .kiosk else { return }
        line(word(.address), .centre)
        line(word(.taxNumber), .centre)
    }

    private mutating func banner() {
        let banners: [DocumentKind: TillWord] = [
            .return: .returned, .exchange: .exchange, .void: .void, .postVoid: .postVoid, .reprint: .reprint,
            .training: .training,
        ]
        if let banner = banners[sale.kind] { line(word(banner), .banner) }
        if let original = sale.original {
            truth.originalNumber = number(original)
            line(labelled(.original, paperNumber(number(original), credit: false)))
        }
    }

    /// Portuguese law wants a series and a number, behind the type of the document.
    func number(_ serial: Int) -> String {
        locale == .portugal ? "T\(sale.till)/\(serial)" : layout.number(serial, till: sale.till)
    }

    func paperNumber(_ number: String, credit: Bool) -> String {
        locale == .portugal ? "\(FiscalPayload.portugueseType(credit: credit)) \(number)" : number
    }

    mutating func numbering() {
        truth.number = number(sale.serial)
        let number = paperNumber(number(sale.serial), credit: sale.kind != .void && sale.total(locale) < 0)
        let printed = locale.printed(sale.time, variant: variant)
        truth.issuedAt = sale.time.iso(toTheMinute: !printed.seconds)
        switch layout {
        case .kiosk:
            line("\(printed.date) \(printed.time) \(locale == .portugal ? "" : "#")\(number)")
            return
        case .supermarket:
            pair(labelled(.number, number), labelled(.till, "\(sale.till)"))
            line("\(printed.date)  \(printed.time)")
        case .pharmacy, .department:
            line(labelled(.number, number))
            pair(labelled(.date, printed.date), labelled(.time, printed.time))
        case .restaurant, .petrol:
            line(labelled(.number, number))
            line("\(labelled(.date, printed.date)) \(printed.time)")
        case .fashion, .hardware:
            line("\(printed.date) \(printed.time)")
            pair(labelled(.number, number), labelled(.till, "\(sale.till)"))
        }
        if !sale.cashier.isEmpty, layout != .restaurant {
            truth.cashier = sale.cashier
            line(labelled(.cashier, sale.cashier))
        }
    }

    private mutating func service() {
        switch layout {
        case .restaurant:
            pair(labelled(.table, "\(sale.table)"), labelled(.guests, "\(1 + sale.table % 4)"))
            truth.cashier = sale.cashier
            line(labelled(.server, sale.cashier))
        case .petrol: line(labelled(.pump, "\(1 + sale.serial % 8)"))
        case .pharmacy where sale.serial.isMultiple(of: 3): line(word(.prescription))
        default: break
        }
    }

    // MARK: Lines

    mutating func line(_ text: String, _ style: PaperElement.Style = .plain) { paper.append(.line(text, style)) }

    /// Two columns, the right one at the margin.
    mutating func pair(_ left: String, _ right: String, _ style: PaperElement.Style = .plain) {
        let width = style.wide ? layout.columns / 2 : layout.columns
        let gap = max(1, width - left.printedColumns - right.printedColumns)
        line(left + String(repeating: " ", count: gap) + right, style)
    }

    mutating func rule() {
        guard layout != .kiosk else { return }
        line(String(repeating: variant.isMultiple(of: 2) ? "-" : "=", count: layout.columns))
    }

    func labelled(_ label: TillWord, _ value: String) -> String {
        let text = word(label)
        return locale == .japan && text.last != ":" ? text + value : "\(text) \(value)"
    }

    private mutating func footer() {
        if sale.kind == .sale, let survey = sale.survey {
            truth.surveyCodes = [survey]
            line(word(.survey), .centre)
            line(labelled(.surveyCode, survey), .centre)
        }
        line(word(.thanks), .centre)
        if layout != .kiosk { line(word(.policy), .centre) }
        if layout == .fashion || layout == .department, let number = truth.number { paper.append(.barcode(number)) }
    }
}
