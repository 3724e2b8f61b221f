import Subjects
import Visits

/// What the matcher remembers of one visit.
struct Presence: Hashable, Codable, Sendable {
    struct Episode: Hashable, Codable, Sendable {
        var zone: ZoneID
        var from: Duration
        /// nil = still there.
        var to: Duration?
    }

    struct Linked: Hashable, Codable, Sendable {
        var receipt: ReceiptKey
        var at: Duration
        var method: LinkMethod
        var confidence: Double
        var revision: Int
    }

    private static let maximumEpisodes = 32
    private static let maximumLinks = 32
    /// A shorter absence from a till's zone is fading, not walking away.
    private static let flicker: Duration = .seconds(15)

    let key: VisitKey
    let kind: SubjectKind
    let entered: Duration
    /// Since when nobody is heard inside; nil = inside.
    var absentSince: Duration?
    var isClosed = false
    /// Stays in zones of tills, in order of time.
    var episodes: [Episode] = []
    var links: [Linked] = []

    init(_ visit: Visit) {
        key = visit.key
        kind = visit.kind
        entered = visit.entered.monotonic
    }

    mutating func leaveTill(at time: Duration) {
        guard let last = episodes.indices.last, episodes[last].to == nil else { return }
        episodes[last].to = max(time, episodes[last].from)
    }

    mutating func enterTill(_ zone: ZoneID, at time: Duration) {
        if let last = episodes.last, last.zone == zone, let to = last.to, time - to <= Self.flicker {
            episodes[episodes.count - 1].to = nil
            return
        }
        if episodes.count == Self.maximumEpisodes { episodes.removeFirst() }
        episodes.append(Episode(zone: zone, from: time, to: nil))
    }

    mutating func add(_ link: Linked) {
        if links.count == Self.maximumLinks { links.removeFirst() }
        links.append(link)
    }

    /// In the store around the receipt.
    func isInStore(at receipt: MatchableReceipt, reach: Duration) -> Bool {
        guard entered <= receipt.lastByte.monotonic else { return false }
        return absentSince.map { $0 >= receipt.firstByte.monotonic - reach } ?? true
    }

    /// The stay in the till's zones that lies nearest to the receipt; nil = was not there.
    func timing(of receipt: MatchableReceipt, zones: Set<ZoneID>) -> TillTiming? {
        guard let episode = episode(of: receipt, zones: zones) else { return nil }
        let end = episode.to.map { ($0 - receipt.lastByte.monotonic) / .seconds(1) } ?? .infinity
        return TillTiming(
            endAfterLastByte: end, startBeforeFirstByte: (receipt.firstByte.monotonic - episode.from) / .seconds(1))
    }

    func isAtTill(at receipt: MatchableReceipt, zones: Set<ZoneID>) -> Bool {
        episode(of: receipt, zones: zones).map { $0.to == nil } ?? false
    }

    private func episode(of receipt: MatchableReceipt, zones: Set<ZoneID>) -> Episode? {
        episodes.last { episode in
            zones.contains(episode.zone) && episode.from <= receipt.lastByte.monotonic + TillTiming.after
                && (episode.to.map { $0 >= receipt.firstByte.monotonic - TillTiming.before } ?? true)
        }
    }

    mutating func shift(by shift: Duration) {
        self = Presence(self, shift: shift)
    }

    private init(_ other: Presence, shift: Duration) {
        key = other.key
        kind = other.kind
        entered = other.entered + shift
        absentSince = other.absentSince.map { $0 + shift }
        isClosed = other.isClosed
        episodes = other.episodes.map {
            Episode(zone: $0.zone, from: $0.from + shift, to: $0.to.map { $0 + shift })
        }
        links = other.links.map {
            Linked(
                receipt: $0.receipt, at: $0.at + shift, method: $0.method, confidence: $0.confidence,
                revision: $0.revision)
        }
    }
}
