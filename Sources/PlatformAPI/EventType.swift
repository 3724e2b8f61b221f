/// Every kind of event that a gateway sends, as it stands in the CloudEvents attribute `type`.
package enum EventType: String, CaseIterable, Codable, Hashable, Sendable {
    case visitOpened = "visit.opened"
    case visitClosed = "visit.closed"
    case visitRetracted = "visit.retracted"
    case receiptCaptured = "receipt.captured"
    case receiptLinked = "receipt.linked"
    case linkRetracted = "link.retracted"
    case footfallHour = "footfall.hour"
    case consentApplied = "consent.applied"
    case erasureCompleted = "erasure.completed"
    /// Sequences that carry no event any more: evicted, purged or refused.
    case gatewayGap = "gateway.gap"
    /// Receipt numbers that a till skipped.
    case tillGap = "till.gap"
    case gatewayHealth = "gateway.health"
}
