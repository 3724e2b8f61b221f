/// Fellegi-Sunter evidence: how much likelier a timing is of the shopper (m) than of anybody else in the store (u).
///
/// Both begin as guesses of stated weight and learn only from receipts whose code names the shopper, the other side from
/// everybody else who was in the store then. Learning from the model's own answers would make each doubt of it confirm
/// itself. Old evidence fades by halves.
struct LinkModel: Hashable, Codable, Sendable {
    /// Counts of being absent, then of each pair of bins (end x start). Pairs, because the two hang together: who comes
    /// by for a moment neither waited nor stays, who queues has waited and stays.
    struct Side: Hashable, Codable, Sendable {
        private var counts: [Double]

        /// - Parameter pairs: shares of the pairs, one row an end bin; they are scaled to `present`.
        init(weight: Double, present: Double, pairs: [[Double]]) {
            let shares = pairs.flatMap { $0 }
            let total = shares.reduce(0, +)
            counts = [(1 - present) * weight] + shares.map { $0 / total * present * weight }
        }

        var isSound: Bool {
            counts.count == 1 + TillTiming.endBins * TillTiming.startBins && counts.allSatisfy { $0.isFinite && $0 > 0 }
        }

        func probability(of timing: TillTiming?) -> Double {
            counts[Self.index(of: timing)] / counts.reduce(0, +)
        }

        mutating func learn(_ timing: TillTiming?, limit: Double) {
            counts[Self.index(of: timing)] += 1
            if counts.reduce(0, +) > limit { counts = counts.map { $0 / 2 } }
        }

        private static func index(of timing: TillTiming?) -> Int {
            timing.map { 1 + $0.end * TillTiming.startBins + $0.start } ?? 0
        }
    }

    private static let shopperLimit = 1_000.0
    private static let otherLimit = 40_000.0

    /// One in seven payers is not heard at the till; most leave within 40 s of the receipt.
    var shopper = Side(
        weight: 40, present: 0.85,
        pairs: [
            [0.001, 0.01, 0.02, 0.01], [0.002, 0.02, 0.06, 0.02], [0.002, 0.03, 0.17, 0.06],
            [0.002, 0.03, 0.21, 0.07], [0.002, 0.03, 0.15, 0.05], [0.002, 0.02, 0.05, 0.02],
        ])
    /// Somebody else in the store is rarely at this till just then, and who is, mostly waits for the next receipt.
    var other = Side(
        weight: 100, present: 0.08,
        pairs: [
            [0.01, 0.06, 0.20, 0.06], [0.01, 0.03, 0.02, 0.01], [0.02, 0.02, 0.01, 0.004],
            [0.02, 0.02, 0.01, 0.004], [0.03, 0.02, 0.015, 0.005], [0.06, 0.12, 0.20, 0.05],
        ])
    /// Mean number of subjects in the store when receipts are printed; 0 = not yet known.
    var crowd = 0.0

    var isSound: Bool { shopper.isSound && other.isSound && crowd.isFinite && crowd >= 0 }

    /// The likelihood ratio m/u.
    func ratio(of timing: TillTiming?) -> Double {
        shopper.probability(of: timing) / other.probability(of: timing)
    }

    mutating func learnShopper(_ timing: TillTiming?) {
        shopper.learn(timing, limit: Self.shopperLimit)
    }

    mutating func learnOther(_ timing: TillTiming?) {
        other.learn(timing, limit: Self.otherLimit)
    }

    /// How many a subject in the store stands among. The mean keeps a moment when few are heard from looking like
    /// evidence: the store holds many more people than those who opted in.
    mutating func crowd(now count: Int) -> Double {
        crowd = crowd == 0 ? Double(count) : crowd + (Double(count) - crowd) / 50
        return max(1, (Double(count) + crowd) / 2)
    }
}
