/// How often each level was heard: whole decibels, a fixed number of bins, so that a walk of any length has one size.
package struct LevelDistribution: Hashable, Sendable {
    /// dB or dBm; what is outside counts as the bound.
    private static let range = -150...150
    private var bins = [UInt32](repeating: 0, count: LevelDistribution.range.count)
    package private(set) var count = 0

    package init() {}

    /// - `level`: dBm, or a difference in dB.
    package mutating func add(_ level: Double) {
        let bin = Int(max(-150, min(150, level.rounded()))) - Self.range.lowerBound
        bins[bin] &+= 1
        count += 1
    }

    /// The level that this share (0 to 1) of the samples is at or below; nil without samples.
    package func quantile(_ share: Double) -> Int? {
        guard count > 0 else { return nil }
        let wanted = max(1, Int((Double(count) * min(1, max(0, share))).rounded(.up)))
        var passed = 0
        for (index, bin) in bins.enumerated() {
            passed += Int(bin)
            if passed >= wanted { return index + Self.range.lowerBound }
        }
        return nil
    }

    package var median: Int? { quantile(0.5) }
}
