package import Foundation
package import PlatformAPI

/// What makes an event itself for ever: the epoch of the queue file and the sequence in it. The third part, the
/// gateway, stands in the event's `source`.
package struct EventIdentity: Hashable, Sendable {
    package let epoch: UUID
    /// Starts at 1 in each epoch and is never used twice.
    package let sequence: UInt64

    package init(epoch: UUID, sequence: UInt64) {
        self.epoch = epoch
        self.sequence = sequence
    }
}

/// Who goes first when the queue is full: the lowest. `gateway.gap` rows are never evicted.
package enum EventPriority: Int, CaseIterable, Comparable, Sendable {
    case health = 0
    case footfall = 1
    case visits = 2
    case receipts = 3

    /// The order of the design: health, footfall, visits, receipts. Proofs of consent and erasure stay as long as
    /// receipts.
    package init(_ type: EventType) {
        self =
            switch type {
            case .gatewayHealth: .health
            case .footfallHour: .footfall
            case .visitOpened, .visitClosed, .visitRetracted: .visits
            case .receiptCaptured, .receiptLinked, .linkRetracted, .consentApplied, .erasureCompleted, .gatewayGap,
                .tillGap:
                .receipts
            }
    }

    package static func < (left: EventPriority, right: EventPriority) -> Bool { left.rawValue < right.rawValue }
}

/// An event that is to be accepted. It is encoded once, inside the transaction that gives it its sequence.
package struct EventDraft: Sendable {
    package let type: EventType
    package let priority: EventPriority
    /// True when the group is to be committed at once.
    package let urgent: Bool
    /// The CloudEvent's JSON for the given identity. It must be quick and give the same bytes for the same identity.
    package let encode: @Sendable (EventIdentity) throws -> [UInt8]

    /// - Parameters:
    ///   - priority: nil takes the type's own.
    ///   - urgent: nil means true for `visit.opened` and everything about receipts.
    package init(
        type: EventType, priority: EventPriority? = nil, urgent: Bool? = nil,
        encode: @escaping @Sendable (EventIdentity) throws -> [UInt8]
    ) {
        self.type = type
        self.priority = priority ?? EventPriority(type)
        self.urgent = urgent ?? Self.isUrgent(type)
        self.encode = encode
    }

    private static func isUrgent(_ type: EventType) -> Bool {
        switch type {
        case .visitOpened, .receiptCaptured, .receiptLinked: true
        default: false
        }
    }
}
