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
    let tills: [TillID]
    /// How long a till may say nothing while the others sell.
    let silentAfter: Duration

    package init(_ configuration: Configuration) {
        storeCode = configuration.store.code
        timeZone = TimeZone(identifier: configuration.store.timeZone) ?? .gmt
        zones = configuration.zones.map { Zone($0) }
        zoneKinds = Dictionary(zones.map { ($0.id, $0.kind) }, uniquingKeysWith: { first, _ in first })
        visits = VisitPolicy(configuration.visits)
        matching = MatchingPolicy(configuration.matching)
        storeItemLines = configuration.privacy.storeItemLines
        tills = configuration.tills.map { TillID($0.name) }
        silentAfter = .seconds(3600)
    }
}
