import Foundation
import Matching
import Subjects
import Visits

/// What the engine must know of the store, in the rooms' own words.
package struct EngineSettings: Sendable {
    let storeCode: String
    let timeZone: TimeZone
    let zones: [Zone]
    let zoneKinds: [ZoneID: ZoneKind]
    let visits: VisitPolicy
    let matching: MatchingPolicy
    let storeItemLines: Bool
    /// How long each till may say nothing while the others sell.
    let silentAfter: [TillID: Duration]

    package init(_ configuration: Configuration) {
        storeCode = configuration.store.code
        timeZone = TimeZone(identifier: configuration.store.timeZone) ?? .gmt
        zones = configuration.zones.map { Zone($0) }
        zoneKinds = Dictionary(zones.map { ($0.id, $0.kind) }, uniquingKeysWith: { first, _ in first })
        visits = VisitPolicy(configuration.visits)
        matching = MatchingPolicy(configuration.matching)
        storeItemLines = configuration.privacy.storeItemLines
        silentAfter = Dictionary(
            configuration.tills.map { (TillID($0.name), $0.silenceAfter) }, uniquingKeysWith: { first, _ in first })
    }
}
