/// Which digits could be the number of a payment card: Luhn's check digit (ISO/IEC 7812-1 annex B), and an issuer range
/// with a length that this range uses.
enum CardNumber {
    /// Luhn's formula over digits 0...9.
    static func passesLuhn(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
        var sum = 0
        var double = false
        for digit in digits.reversed() {
            let value = Int(digit) * (double ? 2 : 1)
            sum += value > 9 ? value - 9 : value
            double.toggle()
        }
        return sum.isMultiple(of: 10)
    }

    /// True for every number that some card could have, national debit schemes included. `digits` are 0...9.
    static func isPossible(_ digits: ArraySlice<UInt8>) -> Bool {
        guard (12...19).contains(digits.count), isIssued(digits, common: false) else { return false }
        return passesLuhn(digits)
    }

    /// True for the numbers of the widespread schemes at their usual lengths: strict enough to look for inside longer
    /// runs of digits.
    static func isCommon(_ digits: ArraySlice<UInt8>) -> Bool {
        guard (14...19).contains(digits.count), isIssued(digits, common: true) else { return false }
        return passesLuhn(digits)
    }

    /// True for numbers at a length that their scheme issues: for searches in longer runs of digits and down the columns of
    /// a receipt.
    static func isUsual(_ digits: ArraySlice<UInt8>) -> Bool {
        switch digits.count {
        case 16, 19: isPossible(digits)
        case 14, 15: isCommon(digits) || isRare(digits) && passesLuhn(digits)
        case 12, 13, 17, 18: isRare(digits) && passesLuhn(digits)
        default: false
        }
    }

    /// The ranges of the schemes whose published lengths go from 12 or from 16 to 19 (the schemes' own range tables;
    /// ISO/IEC 7812-1 leaves the length to the issuer). Visa's 13 digits are not here: they are issued no more, and
    /// a tenth of all numbers begin with its 4.
    private static func isRare(_ digits: ArraySlice<UInt8>) -> Bool {
        let prefix = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
        switch prefix {
        // Maestro, 12 to 19
        case 5018, 5020, 5038, 5893, 6304, 6759, 6761...6763: return true
        // UnionPay, Discover, JCB, InterPayment, Mir, 16 to 19
        case 6200...6299, 8100...8171, 6011, 6440...6599, 3528...3589, 6360...6369, 2200...2204:
            return digits.count > 16
        // Diners Club International, 14 to 19
        case 3000...3059, 3095, 3600...3699, 3800...3999: return digits.count > 14
        default: return false
        }
    }

    private static func isIssued(_ digits: ArraySlice<UInt8>, common: Bool) -> Bool {
        ReadingSteps.step()
        let count = digits.count
        let prefix = digits.prefix(6).reduce(0) { $0 * 10 + Int($1) }
        switch prefix {
        // Visa
        case 400_000...499_999: return common ? count == 16 : [13, 16, 18, 19].contains(count)
        // Mastercard
        case 510_000...559_999, 222_100...272_099: return count == 16
        // American Express
        case 340_000...349_999, 370_000...379_999: return count == 15
        // Diners Club
        case 300_000...305_999, 309_500...309_599, 360_000...369_999, 380_000...399_999:
            return common ? count == 14 || count == 16 : (14...19).contains(count)
        // JCB
        case 352_800...358_999: return common ? count == 16 : (16...19).contains(count)
        // Discover, UnionPay, RuPay, Maestro: 6...
        case 601_100...601_199, 644_000...659_999, 620_000...629_999:
            return common ? count == 16 || count == 19 : (14...19).contains(count)
        // UnionPay's second range
        case 810_000...817_199: return common ? count == 16 || count == 19 : (16...19).contains(count)
        // RuPay's second range
        case 817_200...829_999: return !common && count == 16
        // Mir
        case 220_000...220_499: return common ? count == 16 : (16...19).contains(count)
        // Maestro and national debit schemes
        case 500_000...509_999, 560_000...589_999, 600_000...699_999: return !common
        // BORICA, Uzcard, and Korea's own
        case 220_500...220_599, 860_000...860_099, 940_000...949_999: return !common && count == 16
        // UATP, and GPN within its range
        case 100_000...199_999: return !common && (count == 15 || count == 16 && prefix / 100 == 1946)
        // Girocard and others under the national number of the card association
        case 970_000...979_999, 980_000...989_999: return !common && (16...19).contains(count)
        default: return false
        }
    }
}
