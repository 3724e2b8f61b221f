import Subjects

/// Finds tills that say nothing while the others sell.
///
/// A till's share of the store's documents says how unlikely it is that none of the last ones was its own. That alone would
/// blame a till that was closed for the evening, so the silence must be long too, and a till that printed a report last is
/// taken to be closed.
struct SilenceWatch: Sendable {
    private struct Till: Sendable {
        /// Share of the store's documents, forgetting with a half-life of about 350.
        var share: Double
        /// Documents of others since its last one.
        var others = 0
        var last: Duration
        var isClosed = false
        var hasPrinted = false
    }

    private var tills: [TillID: Till] = [:]
    /// Of each configured till.
    private let silentAfter: [TillID: Duration]
    /// Of tills that a trace has and the configuration does not.
    private static let usual = Duration.seconds(3600)
    private static let forgetting = 0.002
    /// The chance of an innocent silence that is still believed.
    private static let doubt = 0.001
    private static let leastOthers = 20

    init(silentAfter: [TillID: Duration]) {
        self.silentAfter = silentAfter
    }

    /// The tills whose silence is to be said now, given that `till` has just printed.
    mutating func observe(_ till: TillID, isReport: Bool, at moment: Moment) -> Set<TillID> {
        let now = moment.monotonic
        if tills.isEmpty {
            // Nothing is known yet: all are taken to sell alike.
            for one in silentAfter.keys { tills[one] = Till(share: 1 / Double(silentAfter.count), last: now) }
        }
        var silent: Set<TillID> = []
        tills[till, default: Till(share: 0, last: now)].hasPrinted = true
        for one in tills.keys {
            guard var state = tills[one] else { continue }
            state.share += Self.forgetting * ((one == till ? 1 : 0) - state.share)
            if one == till {
                (state.others, state.last, state.isClosed) = (0, now, isReport)
            } else {
                // While a till is silent it does not lose its share: else it would excuse itself.
                state.share = max(state.share, tills[one]?.share ?? 0)
                state.others += 1
            }
            tills[one] = state
            if one != till, isSilent(state, for: silentAfter[one] ?? Self.usual, now) { silent.insert(one) }
        }
        return silent
    }

    private func isSilent(_ till: Till, for limit: Duration, _ now: Duration) -> Bool {
        guard !till.isClosed, till.others >= Self.leastOthers, now - till.last >= limit else { return false }
        var chance = 1.0
        for _ in 0..<min(till.others, 10_000) where chance >= Self.doubt { chance *= 1 - till.share }
        return chance < Self.doubt
    }
}
