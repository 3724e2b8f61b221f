package import Subjects

/// An area of the store with the receivers that cover it.
package struct Zone: Hashable, Sendable {
    package var id: ZoneID
    package var kind: ZoneKind
    /// The receivers whose mean level is the level of the zone. A receiver may serve several zones.
    package var receivers: [ReceiverID]
    /// The tills that stand in the zone (kind `till`).
    package var tills: [TillID]
    /// dB added to what a receiver reads, to make receivers comparable (antenna, casing, cable).
    package var offsets: [ReceiverID: Double]
    /// dBm at which a phone that is not inside comes in; nil = the policy's.
    package var enterLevel: Double?
    /// dBm below which a phone that is inside is no longer heard inside; nil = the policy's.
    package var leaveLevel: Double?

    package init(
        id: ZoneID, kind: ZoneKind, receivers: [ReceiverID], tills: [TillID] = [], offsets: [ReceiverID: Double] = [:],
        enterLevel: Double? = nil, leaveLevel: Double? = nil
    ) {
        self.id = id
        self.kind = kind
        self.receivers = receivers
        self.tills = tills
        self.offsets = offsets
        self.enterLevel = enterLevel
        self.leaveLevel = leaveLevel
    }
}
