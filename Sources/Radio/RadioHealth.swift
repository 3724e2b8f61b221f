/// Judges from what a radio hears whether it still works, by two signals: useful frames, and the controller's answer to
/// a harmless question when none come. Silence alone is no fault: a shop is quiet at night.
///
/// Times are durations from any fixed origin on a clock of real time.
struct RadioHealth: Sendable {
    enum Verdict: Hashable, Sendable {
        case fine
        /// Nothing useful has come for a while: ask the controller whether it lives.
        case ask
        /// Only advertisements without data come: a controller with a broken firmware does that (home-assistant/core
        /// 77043), but a lone device that advertises nothing does too.
        case onlyEmpty(UInt64)
        /// Only events come that cannot be read.
        case onlyMalformed(UInt64)
    }

    /// Without useful frames for so long the controller is asked.
    static let quiet = Duration.seconds(5)
    /// The longest distance between two questions.
    static let longestAsk = Duration.seconds(60)
    /// So many empty reports in a row, over at least `emptyFor`, are no accident.
    static let emptyReports: UInt64 = 100
    static let emptyFor = Duration.seconds(30)
    /// So many unreadable events in a row, over at least `quiet`, are no accident.
    static let malformedEvents: UInt64 = 100

    /// How much the distance between two questions grows with each answer: 1 where asking costs nothing.
    private let askGrowth: Int
    private var lastUseful: Duration
    private var nextAsk: Duration
    private var askInterval = quiet
    private var empty: UInt64 = 0
    private var firstEmpty: Duration?
    private var malformed: UInt64 = 0

    init(at now: Duration, askGrowth: Int = 1) {
        self.askGrowth = max(1, askGrowth)
        lastUseful = now
        nextAsk = now + Self.quiet
    }

    /// What came since the last call.
    /// - `useful`: reports with data. `empty`: reports without. `malformed`: events that could not be read.
    mutating func heard(useful: UInt64, empty: UInt64, malformed: UInt64, at now: Duration) {
        if useful > 0 {
            lastUseful = now
            askInterval = Self.quiet
            nextAsk = now + askInterval
            self.empty = 0
            self.malformed = 0
            firstEmpty = nil
            return
        }
        if empty > 0, firstEmpty == nil { firstEmpty = now }
        self.empty += empty
        self.malformed += malformed
    }

    /// The controller answered the question.
    mutating func answered(at now: Duration) {
        askInterval = min(Self.longestAsk, askInterval * askGrowth)
        nextAsk = now + askInterval
    }

    /// The scan was begun again: what was heard before says nothing any more.
    mutating func restarted(at now: Duration) {
        self = RadioHealth(at: now, askGrowth: askGrowth)
    }

    /// When to call `advance` at the latest.
    var deadline: Duration { nextAsk }

    /// - `heedsDoubt`: whether empty advertisements alone are to be told.
    /// - Returns: `.ask` once for each time that a question is due.
    mutating func advance(to now: Duration, heedsDoubt: Bool = true) -> Verdict {
        if malformed >= Self.malformedEvents, now - lastUseful >= Self.quiet { return .onlyMalformed(malformed) }
        if heedsDoubt, empty >= Self.emptyReports, let firstEmpty, now - firstEmpty >= Self.emptyFor {
            return .onlyEmpty(empty)
        }
        guard now >= nextAsk else { return .fine }
        nextAsk = now + askInterval
        return .ask
    }
}
