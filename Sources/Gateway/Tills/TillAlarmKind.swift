/// What is wrong with a till so that somebody must do something.
package enum TillAlarmKind: String, Codable, Sendable, Hashable, CaseIterable {
    /// Card numbers came over the line in full: what is stored has them masked, but the line and the paper are in the
    /// scope of PCI DSS.
    case fullCardNumbers = "full_card_numbers"
    /// Receipts come as images: nothing can be read from them.
    case printsImages = "prints_images"
    /// Nothing came for long while the other tills sold.
    case silent
    /// Many commands are unknown: the wrong dialect is set, or the line is noisy.
    case wrongDialect = "wrong_dialect"
    /// The printed times are off from the box's clock.
    case clockWrong = "clock_wrong"

    /// For the log: what it is, and what to do. No digits of any card.
    func text(till: String) -> String {
        switch self {
        case .fullCardNumbers:
            "till \(till) prints full card numbers; they were masked before anything was stored. Have the terminal's or the "
                + "till's software set to print the last four digits only; if they are the retailer's own cards, name their "
                + "first digits in privacy.own_card_prefixes"
        case .printsImages:
            "till \(till) prints images instead of text, so its receipts can't be read. Change its printer driver to a text "
                + "driver (docs/troubleshoot.md, \"This till prints images\")"
        case .silent:
            "till \(till) has been silent while the other tills sold: check its cable, its adapter and its power, or whether it "
                + "was closed"
        case .wrongDialect:
            "till \(till) sends many unknown printer commands: check `dialect`, and the line's speed and parity "
                + "(footbridge till verify)"
        case .clockWrong:
            "till \(till) prints times that are over ten minutes off the box's clock: set the till's clock, or `time_zone` if "
                + "they are whole hours off"
        }
    }
}

/// An alarm that was raised or is over.
package struct TillAlarmChange: Sendable, Hashable {
    package let till: String
    package let kind: TillAlarmKind
    package let isRaised: Bool
}
