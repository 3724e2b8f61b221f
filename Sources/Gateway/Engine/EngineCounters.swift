/// What passed through the engine since it started.
package struct EngineCounters: Sendable, Hashable {
    package var sightings: UInt64 = 0
    /// Sightings of somebody whose consent has ended since the reader looked.
    package var withoutConsent: UInt64 = 0
    /// Documents by kind; only transactions become events.
    package var documents: [String: UInt64] = [:]
    /// Receipt numbers that the tills skipped.
    package var missingReceipts: UInt64 = 0
    /// Links by method.
    package var linked: [String: UInt64] = [:]
    /// Receipts without a link, by reason.
    package var cannotTell: [String: UInt64] = [:]
}
