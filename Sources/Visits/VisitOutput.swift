package import Subjects

/// What the tracker has to say after a sighting or the passing of time.
package enum VisitOutput: Hashable, Sendable {
    /// Presence inside is confirmed. Once a visit.
    case opened(Visit)
    /// The merge window has passed, or the stay was cut. Once a visit.
    case closed(Visit)
    /// The subject is in another zone, or in none.
    ///
    /// `at` is the sighting that showed it; when silence ended the stay (`to` is nil), it is the last sighting in
    /// `from`, so it may lie before outputs that were given earlier. `rssi` is the level of `to` in dBm.
    case zoneChanged(subject: SubjectID, visit: VisitKey?, from: ZoneID?, to: ZoneID?, at: Moment, rssi: Double?)
}
