/// What a person does with quarantined events, and who it is: kept in the queue for ever.
package struct QuarantineOrder: Hashable, Sendable {
    package enum Action: String, Codable, Sendable {
        /// Sends the event again, as a new one.
        case retry
        /// Gives it up; the platform was told with a gap, or by its own answer, when it was refused.
        case drop
    }

    package var action: Action
    /// Of the quarantine; nil means all.
    package var numbers: [Int64]?
    /// Of an order for all: only numbers above this one.
    package var above: Int64 = 0
    /// Of an order for all: no number above this one.
    package var through: Int64 = .max
    /// Who orders it, for the audit: a login name or uid.
    package var who: String
    package var reason: String

    package init(_ action: Action, numbers: [Int64]?, who: String, reason: String) {
        self.action = action
        self.numbers = numbers
        self.who = who
        self.reason = reason
    }
}

/// What became of a portion of a ``QuarantineOrder``.
package struct QuarantineOutcome: Hashable, Codable, Sendable {
    /// The events that were retried or dropped, by number.
    package var done: [Int64] = []
    /// The new sequences of retried events, in the order of ``done``.
    package var sequences: [UInt64] = []
    /// Numbers that are not in quarantine.
    package var missing: [Int64] = []
    /// Numbers whose bytes are no event any more: they can only be dropped.
    package var unreadable: [Int64] = []
    /// How many of the order's numbers were seen to; 0 when none was left.
    package var handled = 0
    /// The highest of them.
    package var last: Int64 = 0
    /// The highest number in quarantine before this portion; 0 when it was empty.
    package var highest: Int64 = 0
}
