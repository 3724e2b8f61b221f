package import Receipts

/// A simulated till: seeded, of one layout in one place, that prints documents of every kind with the truth about each.
///
/// Equal arguments give equal bytes on every machine.
package struct TillGenerator: Sendable {
    package let layout: TillLayout
    package let locale: TillLocale
    package let dialect: PaperDialect
    /// The department store's own loyalty cards pass Luhn's check; a till must be told that they are no payment cards.
    package static let ownCardPrefixes = ["6335"]
    /// Whether fiscal codes are printed where the law wants them; false shows what a reader can do without.
    package var printsFiscalCode = true

    private var sales: SaleGenerator
    private var generator: SeededGenerator
    private var last: TillSale?

    /// - Parameter fullCards: the share of card sales whose slip shows the whole number.
    package init(
        layout: TillLayout, locale: TillLocale, dialect: PaperDialect = .escpos, till: Int = 3, seed: UInt64,
        fullCards: Double = 0.15
    ) {
        self.layout = layout
        self.locale = locale
        self.dialect = dialect
        let stream = UInt64(layout.variant * 100 + (TillLocale.allCases.firstIndex(of: locale) ?? 0) + till * 10_000)
        sales = SaleGenerator(
            layout: layout, locale: locale, till: till, fullCards: fullCards,
            generator: SeededGenerator(seed: seed, stream: stream))
        generator = SeededGenerator(seed: seed, stream: stream &+ 0x7000_0000)
    }

    /// The next document of that kind. A reprint copies the last sale, and makes one first when there is none.
    package mutating func print(_ kind: DocumentKind = .sale) -> SimulatedPrint { encoded(sale(kind)) }

    private mutating func sale(_ kind: DocumentKind) -> TillSale {
        var sale: TillSale
        if kind == .reprint {
            sale = last ?? sales.next(.sale)
            sale.kind = .reprint
        } else {
            sale = sales.next(kind)
        }
        if kind == .sale { last = sale }
        return sale
    }

    /// A whole sale: the receipt and, where the layout prints it apart, the card slip with the same number.
    package mutating func transaction() -> [SimulatedPrint] {
        let sale = sales.next(.sale)
        last = sale
        var prints = [encoded(sale)]
        if sale.card != nil, !layout.cardSlipIsInside {
            var slip = sale
            slip.kind = .cardSlip
            prints.append(encoded(slip))
        }
        return prints
    }

    /// What the next document of that kind puts on the paper.
    mutating func paper(_ kind: DocumentKind) -> [PaperElement] { composed(sale(kind)).paper }

    private func composed(_ sale: TillSale) -> ReceiptComposer {
        var composer = ReceiptComposer(sale, layout: layout, locale: locale)
        composer.compose()
        return composer
    }

    private func encoded(_ sale: TillSale) -> SimulatedPrint {
        let composer = composed(sale)
        let encoder = PaperEncoder(dialect: dialect, codePage: locale.codePage)
        var (paper, truth) = (composer.paper, composer.truth)
        if !printsFiscalCode, let payload = truth.fiscal {
            paper.removeAll { $0 == .qr(payload) }
            truth.fiscal = nil
        }
        return SimulatedPrint(bytes: encoder.bytes(paper), truth: truth)
    }

    // MARK: The line

    /// `count` sales as they come over a line on which `fault` happens once, to the print in the middle.
    package mutating func transcript(count: Int, fault: LineFault?) -> LineTranscript {
        var prints = (0..<max(1, count)).map { _ in print(.sale) }
        let victim = prints.count / 2
        var pieces: [LineTranscript.Piece] = []
        for index in prints.indices {
            let gap = Duration.seconds(index == 0 ? 0 : 45)
            let bytes = prints[index].bytes
            guard index == victim, let fault else {
                pieces.append(.init(after: gap, bytes: bytes))
                continue
            }
            pieces += fault.pieces(of: bytes, after: gap, dialect: dialect, &generator)
        }
        if fault == .duplicatedPrint {
            var copy = prints[victim]
            copy.truth.kind = .reprint
            prints.insert(copy, at: victim + 1)
        }
        return LineTranscript(pieces: pieces, prints: prints, victim: fault == nil ? nil : victim)
    }
}

/// What came over a till's line, and what was meant.
package struct LineTranscript: Sendable {
    package struct Piece: Sendable, Hashable {
        /// Silence before it.
        package var after: Duration
        package var bytes: [UInt8]
    }

    package var pieces: [Piece]
    /// What the till printed, in order; a duplicated print stands here twice.
    package var prints: [SimulatedPrint]
    /// The print that the fault hit; with a lost cut the one behind it may be merged into it.
    package var victim: Int?
}
