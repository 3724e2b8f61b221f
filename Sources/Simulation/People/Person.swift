import Subjects

/// Somebody (or a badge, or a beacon) that moves through the store with a phone.
struct Person: Sendable {
    /// What the person's phone sends.
    enum Device: Sendable {
        /// The retailer's app: an index into the simulation's subjects.
        case subject(Int)
        /// The retailer's app asleep on an iPhone: Apple's overflow mask, which says that there is one but not whose.
        case asleep
        case stranger(StrangerDevice)
    }

    var device: Device
    var route: Route
    /// Distance kept from the others of a group, metres.
    var offset: FloorPoint
    /// Mean seconds between two advertisements.
    var interval: Double
    /// Index into the truth's visits, for people who come in with the app awake.
    var visit: Int?
}

/// The advertisements around a shop that are none of its business.
enum StrangerDevice: CaseIterable, Sendable {
    /// Apple's continuity messages, the commonest frame on any street.
    case appleNearby
    case appleFindMy
    /// A rolling identifier of another application, in the format that Footbridge uses too.
    case exposureNotification
    /// Another retailer's app.
    case foreignBeacon
    case foreignEddystone
    /// Headphones, watches, scales.
    case manufacturerData
}
