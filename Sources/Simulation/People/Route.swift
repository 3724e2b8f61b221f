/// Where a person is over time: straight lines at walking pace between waypoints. Times are seconds since the simulation began.
struct Route: Sendable {
    struct Waypoint: Sendable {
        var time: Double
        var place: FloorPoint
    }

    private(set) var waypoints: [Waypoint]

    /// Metres per second of someone who is shopping.
    static let pace = 1.2

    init(start: Double, place: FloorPoint) {
        waypoints = [Waypoint(time: start, place: place)]
    }

    var start: Double { waypoints.first?.time ?? 0 }
    var end: Double { waypoints.last?.time ?? 0 }
    private var last: Waypoint { waypoints.last ?? Waypoint(time: 0, place: StorePlan.door) }

    mutating func walk(to place: FloorPoint, pace: Double = Route.pace) {
        waypoints.append(Waypoint(time: last.time + last.place.distance(to: place) / pace, place: place))
    }

    mutating func stay(for seconds: Double) {
        waypoints.append(Waypoint(time: last.time + max(0, seconds), place: last.place))
    }

    mutating func stay(until time: Double) {
        waypoints.append(Waypoint(time: max(time, last.time), place: last.place))
    }

    /// The place at `time`; `cursor` is the caller's position in the list and only moves forward.
    func place(at time: Double, cursor: inout Int) -> FloorPoint {
        while cursor + 1 < waypoints.count, waypoints[cursor + 1].time <= time { cursor += 1 }
        let from = waypoints[cursor]
        guard cursor + 1 < waypoints.count else { return from.place }
        let to = waypoints[cursor + 1]
        let share = to.time > from.time ? max(0, (time - from.time) / (to.time - from.time)) : 1
        return FloorPoint(
            x: from.place.x + share * (to.place.x - from.place.x), y: from.place.y + share * (to.place.y - from.place.y)
        )
    }
}
