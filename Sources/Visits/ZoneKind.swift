/// What a zone is to a visit.
package enum ZoneKind: String, Sendable, Codable, CaseIterable {
    /// The street side of the door: presence here is a passer-by, never a visit.
    case outside
    /// Just inside the door.
    case entrance
    /// The sales floor.
    case floor
    /// Where one or more tills stand; the only kind that receipts are matched in.
    case till
}
