/// Drafts and checkpoints that wait in memory for the next commit; bounded.
struct PendingGroup: Sendable {
    /// What the committer needs to know to choose its moment.
    struct Level: Hashable, Sendable {
        var drafts: Int
        var states: Int
        var urgent: Bool

        var isEmpty: Bool { drafts == 0 && states == 0 }
    }

    let limit: Int
    private(set) var drafts: [EventDraft] = []
    private(set) var state: [String: [UInt8]?] = [:]
    private var urgent = 0
    /// Drafts that were dropped because ``limit`` was reached.
    private(set) var overflowed = 0
    /// Drafts that could not be encoded.
    var unencodable = 0

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    var isEmpty: Bool { drafts.isEmpty && state.isEmpty }
    /// Of the most important draft; nil when there is none.
    var priority: EventPriority? { drafts.lazy.map(\.priority).max() }
    var level: Level { Level(drafts: drafts.count, states: state.count, urgent: urgent > 0) }

    mutating func add(_ new: [EventDraft], state newState: [String: [UInt8]?]) {
        drafts.append(contentsOf: new)
        urgent += new.count(where: \.urgent)
        state.merge(newState) { _, latest in latest }
        shed()
    }

    /// The group, which is then empty; the counts stay.
    mutating func take() -> PendingGroup {
        let taken = self
        drafts = []
        state = [:]
        urgent = 0
        return taken
    }

    /// Puts a group that could not be committed before everything that came since.
    mutating func putBack(_ group: PendingGroup) {
        drafts.insert(contentsOf: group.drafts, at: 0)
        urgent += group.urgent
        state.merge(group.state) { latest, _ in latest }
        shed()
    }

    /// The least important goes first, the oldest of them first. These drafts were never accepted, so they leave a count
    /// and no gap.
    private mutating func shed() {
        guard drafts.count > limit else { return }
        var excess = drafts.count - limit
        overflowed += excess
        for priority in EventPriority.allCases where excess > 0 {
            drafts.removeAll { draft in
                guard excess > 0, draft.priority == priority else { return false }
                excess -= 1
                return true
            }
        }
        urgent = drafts.count(where: \.urgent)
    }
}
