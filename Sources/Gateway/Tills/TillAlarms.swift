import Receipts
import Subjects

/// The alarms of one till, each with hysteresis, so that each is said once and not with every receipt.
struct TillAlarms: Codable, Sendable, Hashable {
    /// Since when, by kind.
    private(set) var raised: [TillAlarmKind: UnixTime] = [:]
    private var lastCard: UnixTime?
    private var images = 0
    private var texts = 0
    /// What the till's latest card payments say; a restart forgets it.
    private var cardScore = 0

    /// A document with a new full card number where payments stand, one with other long numbers there, and the score that is
    /// believed: five card payments in a row. References of 16 digits read like a card's once in 25 times, the worst
    /// series (one issuer's prefix) once in ten: at once in ten the score is reached by chance once in tens of thousands of
    /// documents.
    private static let cardStep = (card: 3, other: -2)
    private static let cardLimit = 15
    /// Documents in a row that raise or end an alarm.
    private static let run = 3
    /// As long without a full card number ends that alarm.
    private static let cardMemory = Duration.seconds(24 * 3600)
    /// Receipts before a till's clock is judged, and the seconds that it may be off: a cashier who sets a clock by a watch
    /// is within them, a missed summer time or a wrong zone is not.
    private static let clockReceipts = 10
    private static let clockLimit: Int64 = 600

    /// What a document changes: the kinds whose alarm begins or ends.
    mutating func observe(_ document: Document, at time: UnixTime) -> [(kind: TillAlarmKind, isRaised: Bool)] {
        var changes: [(TillAlarmKind, Bool)] = []
        observeCards(document, at: time, &changes)
        if document.kind == .raster {
            images += 1
            texts = 0
            if images >= Self.run { set(.printsImages, true, at: time, &changes) }
        } else if !document.lines.isEmpty {
            texts += 1
            if texts >= Self.run {
                images = 0
                set(.printsImages, false, at: time, &changes)
            }
        }
        // The decoder's own judgement, with its hysteresis; after a restart it has none for a while.
        if let wrong = document.wrongDialect { set(.wrongDialect, wrong, at: time, &changes) }
        return changes
    }

    private mutating func observeCards(
        _ document: Document, at time: UnixTime, _ changes: inout [(TillAlarmKind, Bool)]
    ) {
        switch document.cardEvidence {
        case .cardNumber:
            lastCard = time
            cardScore = min(Self.cardLimit, cardScore + Self.cardStep.card)
            if cardScore >= Self.cardLimit { set(.fullCardNumbers, true, at: time, &changes) }
        case .otherNumber: cardScore = max(0, cardScore + Self.cardStep.other)
        case nil: break
        }
        if let last = lastCard, time - last >= Self.cardMemory {
            (lastCard, cardScore) = (nil, 0)
            set(.fullCardNumbers, false, at: time, &changes)
        }
    }

    /// What the till's clock says after one more receipt; true when the alarm begins or ends.
    mutating func setClock(_ clock: TillClock, at time: UnixTime) -> Bool {
        guard let offset = clock.offset, clock.offsets.count >= Self.clockReceipts else { return false }
        var changes: [(TillAlarmKind, Bool)] = []
        if abs(offset) > Self.clockLimit {
            set(.clockWrong, true, at: time, &changes)
        } else if abs(offset) < Self.clockLimit / 2 {
            set(.clockWrong, false, at: time, &changes)
        }
        return !changes.isEmpty
    }

    /// Silence is found out by what the other tills do.
    mutating func setSilent(_ isSilent: Bool, at time: UnixTime) -> Bool {
        var changes: [(TillAlarmKind, Bool)] = []
        set(.silent, isSilent, at: time, &changes)
        return !changes.isEmpty
    }

    private mutating func set(
        _ kind: TillAlarmKind, _ wanted: Bool, at time: UnixTime, _ changes: inout [(TillAlarmKind, Bool)]
    ) {
        guard wanted != (raised[kind] != nil) else { return }
        raised[kind] = wanted ? time : nil
        changes.append((kind, wanted))
    }

    // A dictionary with an enum for a key would be encoded as a list.
    private struct Stored: Codable {
        var raised: [String: UnixTime]
        var lastCard: UnixTime?
        var images: Int
        var texts: Int
    }

    init() {}

    init(from decoder: any Decoder) throws {
        let stored = try Stored(from: decoder)
        for (name, time) in stored.raised {
            // A kind of another version: what it meant is not known here.
            if let kind = TillAlarmKind(rawValue: name) { raised[kind] = time }
        }
        (lastCard, images, texts) = (stored.lastCard, stored.images, stored.texts)
    }

    func encode(to encoder: any Encoder) throws {
        let names = Dictionary(uniqueKeysWithValues: raised.map { ($0.key.rawValue, $0.value) })
        try Stored(raised: names, lastCard: lastCard, images: images, texts: texts).encode(to: encoder)
    }
}
