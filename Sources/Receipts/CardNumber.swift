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

    /// True for numbers of any scheme at the lengths that nearly all cards have: for searches in longer runs of digits and
    /// down the columns of a receipt.
    static func isUsual(_ digits: ArraySlice<UInt8>) -> Bool {
        switch digits.count {
        case 14, 15: isCommon(digits)
        case 16, 19: isPossible(digits)
        default: false
        }
    }

    private static func isIssued(_ digits: ArraySlice<UInt8>, common: Bool) -> Bool {
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
        // Mir
        case 220_000...220_499: return common ? count == 16 : (16...19).contains(count)
        // Maestro and national debit schemes
        case 500_000...509_999, 560_000...589_999, 600_000...699_999: return !common
        // UATP
        case 100_000...199_999: return !common && count == 15
        // Girocard and others under the national number of the card association
        case 970_000...979_999, 980_000...989_999: return !common && (16...19).contains(count)
        default: return false
        }
    }
}
