/// What the log was told about the line: each trouble once when it begins and once that it is over, however often it is tried
/// in between.
struct LineJournal: Sendable {
    /// What a request was for.
    enum Errand: Hashable, Sendable, CaseIterable {
        case events
        case state
        case subjects
    }

    /// Of one outage; a peer that finds ever new words does not fill the log.
    static let mostTroubles = 16

    /// By errand: its troubles, and whether it was this errand that had them said.
    private var open: [Errand: [String: Bool]] = [:]

    /// - Parameter trouble: the same text, or code, for the same trouble.
    /// - Returns: whether it is news: a line that is down is down for every errand.
    mutating func failed(_ errand: Errand, _ trouble: String) -> Bool {
        var own = open[errand] ?? [:]
        defer { open[errand] = own }
        guard own[trouble] == nil, own.count < Self.mostTroubles else { return false }
        let isNews = !open.values.contains { $0[trouble] != nil }
        own[trouble] = isNews
        return isNews
    }

    /// - Returns: whether the end is to be said. Events are what the line is for: theirs always is.
    mutating func worked(_ errand: Errand) -> Bool {
        guard let own = open.removeValue(forKey: errand) else { return false }
        // What ended for one errand is over, and news when it comes again.
        for other in Errand.allCases { open[other] = open[other]?.filter { own[$0.key] == nil } }
        return errand == .events || own.values.contains(true)
    }
}
