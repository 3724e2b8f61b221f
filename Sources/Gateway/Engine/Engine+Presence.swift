import Subjects
import Visits

extension Engine {
    /// Open visits, and opted-in people by the zone they are in.
    var presence: (open: Int, byZone: [String: Int]) {
        let open = tracker.openVisits
        var byZone: [String: Int] = [:]
        for visit in open where visit.exited == nil && visit.kind == .person {
            guard let zone = visit.zones.last?.zone else { continue }
            byZone[zone.rawValue, default: 0] += 1
        }
        return (open.count, byZone)
    }
}
