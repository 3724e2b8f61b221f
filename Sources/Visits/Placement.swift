import Glibc

/// Where a subject is, by the levels of the zones: pure comparison, no state.
struct Placement {
    /// Index of the zone to be in; -1 = none.
    var zone: Int
    /// Mean level in dBm of that zone's fresh receivers.
    var level: Double?

    /// The rules: whoever is inside stays inside while a zone that is not outside is above its leave level, whoever is
    /// not comes in above the enter level; among the zones left, another must be louder than the present one by the
    /// hysteresis. When inside is no longer heard well enough, an outside zone takes over if it is the loudest of all,
    /// else the subject is nowhere.
    static func choose(
        current: Int, map: ZoneMap, levels: [ReceiverLevel], since oldest: Int64, hysteresis: Double
    ) -> Placement {
        let inside = map.isInside(current)
        var best = Placement(zone: -1, level: nil)
        var currentLevel: Double?
        var loudestInside = -Double.infinity
        var heard = false
        for zone in 0..<map.members.count {
            guard let level = Self.level(of: zone, map: map, levels: levels, since: oldest) else { continue }
            heard = true
            if zone == current { currentLevel = level }
            let outside = map.isOutside[zone]
            if !outside { loudestInside = max(loudestInside, level) }
            guard outside || level >= (inside ? map.leave[zone] : map.enter[zone]) else { continue }
            if level > best.level ?? -.infinity { best = Placement(zone: zone, level: level) }
        }
        guard heard else { return Placement(zone: current, level: nil) }
        guard current >= 0 else { return best }
        let stay = Placement(zone: current, level: currentLevel)
        guard let bestLevel = best.level else { return inside ? best : stay }
        if inside, (currentLevel ?? -.infinity) < map.leave[current] {
            if map.isInside(best.zone) || bestLevel > loudestInside { return best }
            return Placement(zone: -1, level: nil)
        }
        guard best.zone != current, bestLevel > (currentLevel ?? -.infinity) + hysteresis else { return stay }
        return best
    }

    private static func level(of zone: Int, map: ZoneMap, levels: [ReceiverLevel], since oldest: Int64) -> Double? {
        var sum = 0.0
        var count = 0.0
        for member in map.members[zone] where levels[member.receiver].at >= oldest {
            sum += levels[member.receiver].level + member.offset
            count += 1
        }
        return count > 0 ? sum / count : nil
    }
}

/// The smoothed level of one receiver for one subject.
struct ReceiverLevel: Hashable, Sendable {
    /// dBm.
    var level = 0.0
    /// Monotonic nanoseconds when last heard; `never` = not yet.
    var at = never

    static let never = Int64.min

    /// A moving average whose time constant is in seconds: it means the same at 100 ms and at 10 s.
    mutating func hear(_ rssi: Double, at now: Int64, smoothing: Int64) {
        if at == Self.never {
            level = rssi
        } else {
            level += (1 - exp(-Double(now - at) / Double(smoothing))) * (rssi - level)
        }
        at = now
    }
}
