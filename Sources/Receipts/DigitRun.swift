/// Groups of digits with nothing but dividers between them, as a card number may be printed.
struct DigitRun {
    /// What stands between two groups.
    enum Divider {
        /// Blanks, line ends, dashes, brackets.
        case blank
        /// A dot, comma, slash, bar, underscore, asterisk, colon and the like: it also divides amounts and dates.
        case mark
    }

    struct Group {
        var digits: [UInt8] = []
        /// Where the digits stand in the text.
        var positions: [Int] = []
        /// What stands before the group.
        var divider = Divider.blank
    }

    var groups: [Group] = []

    func positions(_ range: ClosedRange<Int>) -> [Int] { groups[range].flatMap(\.positions) }

    /// Groups that are divided by marks belong together only in the grouping of cards.
    func mayJoin(_ range: ClosedRange<Int>) -> Bool {
        groups[range].dropFirst().allSatisfy { $0.divider == .blank } || isCardShaped(range)
    }

    /// Grouped as cards print their numbers: fours, 4-6-5 or 4-6-4.
    func isCardShaped(_ range: ClosedRange<Int>) -> Bool {
        let sizes = groups[range].map(\.digits.count)
        guard sizes.count >= 3 else {
            return sizes.count == 2 && sizes[0] >= 4 && sizes[1] >= 4 && sizes[0] + sizes[1] >= 12
        }
        if sizes == [4, 6, 5] || sizes == [4, 6, 4] { return true }
        return sizes.dropLast().allSatisfy { $0 == 4 } && (1...4).contains(sizes[sizes.count - 1])
    }
}
