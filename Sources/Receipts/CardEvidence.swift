/// What a document says about whether its till prints card numbers in full.
///
/// Masking is eager and hits numbers that are no cards; one hit proves nothing about the till. Where payments stand, nearly
/// every long number is a card's when the till prints them, and at most one in ten when they are references.
package enum CardEvidence: Sendable, Hashable {
    /// A full card number stands where payments stand, and none of the till's last documents had it.
    case cardNumber
    /// The long numbers that stand where payments stand, and were not seen lately, are no card numbers.
    case otherNumber
}

/// The long numbers of one document that stand where payments stand, as marks of 16 bits: enough to know a number again
/// that every receipt has, such as the merchant's, and far too little to know a card by. The hash's key changes with
/// every start of the process.
struct CardSightings: Sendable {
    private(set) var cards: Set<UInt16> = []
    private(set) var others: Set<UInt16> = []

    mutating func note(_ digits: some Sequence<UInt8>, isCard: Bool) {
        var hasher = Hasher()
        for digit in digits { hasher.combine(digit) }
        let mark = UInt16(truncatingIfNeeded: hasher.finalize())
        if isCard { cards.insert(mark) } else { others.insert(mark) }
    }
}

/// Judges each document by the long numbers that are new in it.
struct CardWatch: Sendable {
    /// The latest marks, oldest first; a busy slip has about four long numbers.
    private var recent: [UInt16] = []
    private static let limit = 64

    mutating func judge(_ sightings: CardSightings) -> CardEvidence? {
        let cards = sightings.cards.subtracting(recent)
        let others = sightings.others.subtracting(recent)
        for mark in sightings.cards.union(sightings.others) {
            // One that comes again stays known.
            recent.removeAll { $0 == mark }
            recent.append(mark)
        }
        if recent.count > CardWatch.limit { recent.removeFirst(recent.count - CardWatch.limit) }
        return cards.isEmpty ? (others.isEmpty ? nil : .otherNumber) : .cardNumber
    }
}
