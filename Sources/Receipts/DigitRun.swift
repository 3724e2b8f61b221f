/// Groups of digits with nothing but dividers between them, as a card number may be printed.
struct DigitRun {
    /// What stands between two groups.
    enum Divider {
        /// Blanks, line ends, dashes, brackets.
        case blank
        /// A dot, comma, slash, bar, underscore, asterisk, colon and the like: it also divides amounts and dates.
        case mark
        /// Any other single character, such as an `x`.
        case letter
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

    /// Groups that are divided by marks belong together only in the grouping of cards; those divided by letters only if
    /// there are at least three.
    func mayJoin(_ range: ClosedRange<Int>) -> Bool {
        let dividers = groups[range].dropFirst().map(\.divider)
        if dividers.allSatisfy({ $0 == .blank }) { return true }
        return isCardShaped(range) && (range.count > 2 || !dividers.contains(.letter))
    }

    /// Grouped as cards print their numbers: fours, 4-6-5 or 4-6-4; or evenly in any other way, down to single digits.
    func isCardShaped(_ range: ClosedRange<Int>) -> Bool {
        let sizes = groups[range].map(\.digits.count)
        guard sizes.count >= 3 else {
            return sizes.count == 2 && sizes[0] >= 4 && sizes[1] >= 4 && sizes[0] + sizes[1] >= 12
        }
        if sizes == [4, 6, 5] || sizes == [4, 6, 4] { return true }
        let last = sizes[sizes.count - 1]
        return sizes[0] <= 6 && last >= 1 && last <= sizes[0] && sizes.dropLast().allSatisfy { $0 == sizes[0] }
    }

    /// The last of the groups from `first` on that stand as cards print their numbers, in fours or as 4-6-5 and 4-6-4; nil
    /// when they do not.
    func endOfCardShape(from first: Int) -> Int? {
        let sizes = groups[first...].prefix(5).map(\.digits.count)
        guard first == 0 || groups[first - 1].digits.count != 4,
            groups[first...].dropFirst().prefix(3).allSatisfy({ $0.divider == .blank })
        else { return nil }
        if sizes.starts(with: [4, 6, 5]) || sizes.starts(with: [4, 6, 4]) { return first + 2 }
        guard sizes.starts(with: [4, 4, 4, 4]) else { return nil }
        return sizes.count == 5 && sizes[4] <= 3 ? first + 4 : first + 3
    }
}
