import Matching

extension MatchingPolicy {
    /// The settings of the configuration; what it does not speak of keeps the room's default.
    init(_ matching: Configuration.Matching) {
        self.init()
        threshold = matching.threshold
        optInShare = matching.optInShare
        decisionDelay = matching.decisionDelay
        decisionMaximum = max(decisionMaximum, matching.decisionDelay)
    }
}
