/// The definition of a visit: thresholds are parameters, and every visit says which definition made it.
///
/// Defaults: filters in seconds because phones advertise at 100 ms to more than 10 s; 2 s and 3 dB measured on public
/// traces with ground truth; 2 min / 10 min / 15 min / 4 h as the footfall industry has them.
package struct VisitPolicy: Hashable, Codable, Sendable {
    /// dBm at which a phone that is not inside comes in.
    package var enterLevel: Double = -70
    /// dBm below which a phone that is inside is no longer heard inside.
    package var leaveLevel: Double = -80
    /// Time constant of the moving average of each (subject, receiver).
    package var smoothing: Duration = .seconds(2)
    /// dB by which another zone must be louder than the present one.
    package var zoneHysteresis: Double = 3
    /// Dwell from which a bounce is a visitor.
    package var visitor: Duration = .seconds(120)
    /// Dwell from which a visitor is engaged.
    package var engaged: Duration = .seconds(600)
    /// Silence after which a phone is gone: `gapFactor` x its median interval, within these bounds.
    package var gapMinimum: Duration = .seconds(30)
    package var gapFactor: Double = 6
    package var gapMaximum: Duration = .seconds(900)
    /// Somebody who is inside again within this time after the exit continues the same visit.
    package var merge: Duration = .seconds(900)
    /// A longer stay is staff or a fixture; the visit is cut there.
    package var maximum: Duration = .seconds(4 * 3600)
    /// A receiver's level counts for `freshFactor` x the median interval, within these bounds.
    package var freshMinimum: Duration = .seconds(5)
    package var freshFactor: Double = 2
    package var freshMaximum: Duration = .seconds(60)
    /// dB of standard deviation below which an over-long stay in one zone is a thing, not a person.
    package var fixtureDeviation: Double = 3
    /// Most subjects followed at a time; more are refused and counted.
    package var maximumSubjects: Int = 50_000
    /// Most zone stays listed in one visit; later ones are added to the last stay in their zone.
    package var maximumStays: Int = 64
    /// Names this set of values in every visit.
    package var definitionVersion: String = "footbridge-1"

    package init() {}

    package static let standard = VisitPolicy()
}
