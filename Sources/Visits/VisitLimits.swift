/// The policy in nanoseconds.
struct VisitLimits: Sendable {
    let policy: VisitPolicy
    let smoothing: Int64
    let visitor: Int64
    let engaged: Int64
    let merge: Int64
    let maximum: Int64
    let gapMinimum: Int64
    let gapMaximum: Int64
    private let freshMinimum: Int64
    private let freshMaximum: Int64

    init(_ policy: VisitPolicy) {
        self.policy = policy
        smoothing = max(1, policy.smoothing.trackerNanoseconds)
        visitor = policy.visitor.trackerNanoseconds
        engaged = policy.engaged.trackerNanoseconds
        merge = max(0, policy.merge.trackerNanoseconds)
        maximum = max(1, policy.maximum.trackerNanoseconds)
        gapMinimum = max(1, policy.gapMinimum.trackerNanoseconds)
        gapMaximum = max(gapMinimum, policy.gapMaximum.trackerNanoseconds)
        freshMinimum = max(1, policy.freshMinimum.trackerNanoseconds)
        freshMaximum = max(freshMinimum, policy.freshMaximum.trackerNanoseconds)
    }

    /// The silence after which a phone with this median interval (0 = unknown) is gone.
    func gap(median: Int64) -> Int64 {
        Self.scaled(median, by: policy.gapFactor, within: gapMinimum...gapMaximum)
    }

    /// How long a level counts after it was last heard.
    func fresh(median: Int64) -> Int64 {
        Self.scaled(median, by: policy.freshFactor, within: freshMinimum...freshMaximum)
    }

    /// The interval taken for uncertainties while only one advertisement was heard: the longest for which the least
    /// gap is right.
    var assumedInterval: Int64 { Int64(Double(gapMinimum) / max(1, policy.gapFactor)) }

    private static func scaled(_ median: Int64, by factor: Double, within bounds: ClosedRange<Int64>) -> Int64 {
        let value = Double(median) * factor
        guard value > Double(bounds.lowerBound) else { return bounds.lowerBound }
        return value < Double(bounds.upperBound) ? Int64(value) : bounds.upperBound
    }
}
