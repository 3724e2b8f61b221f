package import Foundation
package import PlatformAPI

/// Consecutive events from the head of the queue, as they are sent.
package struct StoredBatch: Hashable, Sendable {
    package let epoch: UUID
    /// The sequence of the first event.
    package let first: UInt64
    /// The first sequence that the batch speaks of: less than ``first`` when it begins with a `gateway.gap`.
    package let covers: UInt64
    /// The sequence of the last event.
    package let last: UInt64
    /// The encoded events; never empty.
    package let bodies: [[UInt8]]
    /// Of all bodies.
    package let bytes: Int

    package init(epoch: UUID, first: UInt64, covers: UInt64, last: UInt64, bodies: [[UInt8]]) {
        self.epoch = epoch
        self.first = first
        self.covers = covers
        self.last = last
        self.bodies = bodies
        bytes = bodies.reduce(0) { $0 + $1.count }
    }
}

/// One event that the platform refused, kept until a person decides.
package struct QuarantinedEvent: Hashable, Sendable {
    package let number: Int64
    package let epoch: String
    package let sequence: UInt64
    package let type: String
    /// The platform's reason.
    package let problem: ProblemDetails
    package let body: [UInt8]
    /// Wall clock, nanoseconds since 1970.
    package let quarantinedAt: Int64
    /// An `EventPriority`.
    package let priority: Int
}

/// What one commit made durable.
package struct Commit: Hashable, Sendable {
    package let epoch: UUID
    /// The sequences of the events in it; nil when only state was written.
    package let sequences: ClosedRange<UInt64>?
    /// Types of drafts that could not be encoded and took no sequence.
    package let unencodable: [String]
}

/// What evicting took away.
package struct Eviction: Hashable, Sendable, CustomStringConvertible {
    /// Events by reason (``GapReason``).
    package var events: [String: Int] = [:]
    package var quarantined = 0

    package var isEmpty: Bool { events.isEmpty && quarantined == 0 }

    package var description: String {
        let reasons = events.sorted { $0.key < $1.key }.map { "\($0.value) events (\($0.key))" }
        let refused = quarantined > 0 ? ["\(quarantined) from the quarantine"] : []
        return "evicted \((reasons + refused).joined(separator: ", ")); the platform is told which"
    }
}
