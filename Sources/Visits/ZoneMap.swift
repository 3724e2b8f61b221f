import Subjects

/// The zones in the form the tracker needs on every sighting: receivers and zones are small integers.
struct ZoneMap: Sendable {
    struct Member: Sendable {
        var receiver: Int
        var offset: Double
    }

    let zones: [Zone]
    let receivers: [ReceiverID]
    /// By zone: the receivers whose mean is its level.
    let members: [[Member]]
    let isOutside: [Bool]
    let enter: [Double]
    let leave: [Double]
    /// By receiver: it hangs in a zone that is not outside.
    let hearsInside: [Bool]
    private let receiverIndex: [ReceiverID: Int]
    private let zoneIndex: [ZoneID: Int]

    init(zones: [Zone], policy: VisitPolicy) {
        var receivers: [ReceiverID] = []
        var index: [ReceiverID: Int] = [:]
        var inside: [Bool] = []
        var members: [[Member]] = []
        var zoneIndex: [ZoneID: Int] = [:]
        for (number, zone) in zones.enumerated() {
            if zoneIndex[zone.id] == nil { zoneIndex[zone.id] = number }
            var list: [Member] = []
            for receiver in zone.receivers {
                let place: Int
                if let known = index[receiver] {
                    place = known
                } else {
                    place = receivers.count
                    index[receiver] = place
                    receivers.append(receiver)
                    inside.append(false)
                }
                if zone.kind != .outside { inside[place] = true }
                if !list.contains(where: { $0.receiver == place }) {
                    list.append(Member(receiver: place, offset: zone.offsets[receiver] ?? 0))
                }
            }
            members.append(list)
        }
        self.zones = zones
        self.receivers = receivers
        self.members = members
        isOutside = zones.map { $0.kind == .outside }
        enter = zones.map { $0.enterLevel ?? policy.enterLevel }
        leave = zones.map { $0.leaveLevel ?? policy.leaveLevel }
        hearsInside = inside
        receiverIndex = index
        self.zoneIndex = zoneIndex
    }

    func index(of receiver: ReceiverID) -> Int? { receiverIndex[receiver] }
    func index(of zone: ZoneID) -> Int? { zoneIndex[zone] }

    func isInside(_ zone: Int) -> Bool { zone >= 0 && !isOutside[zone] }
    func id(_ zone: Int) -> ZoneID? { zone >= 0 ? zones[zone].id : nil }
}
