import Synchronization

/// Events are not accepted at present: the disk refuses, or is full beyond the ballast. They wait in memory, bounded.
package struct CommitFailure: Hashable, Sendable {
    /// What the last attempt met, with what to do.
    package var reason: OutboxError
    /// RFC 3339 UTC: when the first attempt failed.
    package var since: String
}

extension Outbox {
    /// Nil while commits work. The first commit that is durable again clears it.
    package var commitFailure: CommitFailure? { failing.withLock(\.self) }

    /// Drafts that were lost before they were accepted, by reason: `overflow` (memory was full while the disk refused)
    /// and `unencodable`.
    package var refusedDrafts: [String: Int64] {
        pending.withLock { ["overflow": Int64($0.overflowed), "unencodable": Int64($0.unencodable)] }
    }

    /// What is wrong with the queue's disk, in one line for a person: the cause, what to do, what waits in memory and what
    /// was lost there. Also when the log cannot be emptied, although events are still accepted. Nil while all is well.
    package var trouble: String? {
        let failure = commitFailure
        guard let reason = condition ?? failure?.reason else {
            return logTrouble.map { "\($0); events are accepted meanwhile" }
        }
        let (waiting, limit, lost) = pending.withLock { ($0.drafts.count, $0.limit, $0.overflowed) }
        return "\(reason)" + (failure.map { "; nothing is accepted since \($0.since)" } ?? "")
            + "; \(waiting) events wait in memory, which holds \(limit)"
            + (lost > 0 ? "; \(lost) were lost there, the least important first" : "")
    }

    func note(failure reason: OutboxError) {
        if case .closed = reason { return }
        let now = configuration.stamp().time
        failing.withLock { $0 = CommitFailure(reason: reason, since: $0?.since ?? now) }
    }
}
