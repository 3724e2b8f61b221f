/// One way in which a subject can be heard.
package enum SubjectKey: Hashable, Sendable {
    case eid(EddystoneEID.Keys)
    /// Service data under a 16-bit or a 128-bit UUID.
    case rolling(DayKeys)
    case iBeacon(DayKeys)
    case fixed(StaticIdentifier)
    /// The changing address itself, for things that the retailer has bonded; never a person's (`SubjectRegistry`).
    case irk(IdentityResolvingKey)
    /// A scheme that this version does not know: kept out of the table, and no reason to refuse the page.
    case unknown(scheme: String)
}
