/// The data of `gateway.gap`: the sequences `first` to `last` carry no event any more. The gap's own sequence is `last`.
package struct GatewayGap: Codable, Hashable, Sendable {
    package var first: UInt64
    package var last: UInt64
    /// A ``GapReason``; text, so that a reader survives a newer gateway.
    package var reason: String
    /// How many events of each type went.
    package var counts: [String: Int]

    package init(first: UInt64, last: UInt64, reason: String, counts: [String: Int]) {
        self.first = first
        self.last = last
        self.reason = reason
        self.counts = counts
    }

    private enum CodingKeys: String, CodingKey {
        case first, last, reason, counts
    }
}

/// Why sequences carry no event any more.
package enum GapReason: String, CaseIterable, Codable, Sendable {
    /// The queue or the disk was full; evicted by priority.
    case queueFull = "queue_full"
    /// Older than the queue keeps.
    case tooOld = "too_old"
    /// The platform refused the event alone in a batch; it is in quarantine.
    case refused
    /// The subject withdrew or asked for erasure. The platform deletes what it holds of these sequences.
    case withdrawn
    /// The database was damaged and the event could not be read.
    case damaged
    /// The platform had confirmed the event and has lost it again: it was restored from an older copy.
    case deliveredBefore = "delivered_before"
}
