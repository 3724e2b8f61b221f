/// What the tracker did since it was made; every sighting it did not use has a reason.
package struct VisitCounters: Hashable, Codable, Sendable {
    package var sightings = 0
    /// Sightings from a receiver that no zone has.
    package var unplaced = 0
    /// Sightings older than the subject's newest one: they move nothing.
    package var late = 0
    /// Sightings without a signal strength.
    package var withoutLevel = 0
    /// Sightings of subjects beyond `maximumSubjects`.
    package var refused = 0
    package var opened = 0
    package var closed = 0
    /// Re-entries within the merge window.
    package var merged = 0
    /// Visits cut at the maximum.
    package var truncated = 0
    /// Presences that never came inside.
    package var passersby = 0
    package var forgotten = 0

    package init() {}
}
