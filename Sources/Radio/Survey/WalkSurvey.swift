package import Subjects

/// A walk test: one phone or beacon is carried from zone to zone, and what the receivers hear in each is kept as
/// distributions. A value without I/O; `WalkProposal` draws the conclusions.
package struct WalkSurvey: Sendable {
    /// A zone as the configuration has it.
    package struct Zone: Hashable, Sendable {
        package var name: ZoneID
        package var isOutside: Bool
        package var receivers: [ReceiverID]

        package init(name: ZoneID, isOutside: Bool, receivers: [ReceiverID]) {
            self.name = name
            self.isOutside = isOutside
            self.receivers = receivers
        }
    }

    /// What was heard while the carrier stood in one zone.
    package struct Station: Sendable {
        package var zone: ZoneID
        /// Reports of the carried device, with or without a level.
        package var reports = 0
        /// Smoothed levels, by receiver.
        package var receivers: [ReceiverID: LevelDistribution] = [:]
        /// Levels of whole zones, as the visits compute them, by zone.
        package var zones: [ZoneID: LevelDistribution] = [:]
        /// How much louder this station's zone was than another in which the device was heard too, in dB.
        package var leads: [ZoneID: LevelDistribution] = [:]
    }

    package let zones: [Zone]
    private let smoothing: Duration
    package private(set) var stations: [Station] = []
    private var levels: [ReceiverID: SmoothedLevel] = [:]
    private var since: Duration = .zero

    /// A receiver's level counts for so long; the visits take 5 s at least.
    private static let fresh = Duration.seconds(5)
    /// The first samples at a new station still hold levels of the last one.
    private static let settling = Duration.seconds(2)

    /// - `smoothing`: the time constant of the configuration (`visits.smoothing`).
    package init(zones: [Zone], smoothing: Duration) {
        self.zones = zones
        self.smoothing = max(.milliseconds(1), smoothing)
    }

    /// The carrier stands in `zone` from now on; what was measured there before is forgotten.
    package mutating func begin(_ zone: ZoneID, at: Duration) {
        stations.removeAll { $0.zone == zone }
        stations.append(Station(zone: zone))
        levels = [:]
        since = at
    }

    /// An advertisement of the carried device.
    package mutating func hear(_ receiver: ReceiverID, _ rssi: Int8?, at: Duration) {
        guard var station = stations.popLast() else { return }
        defer { stations.append(station) }
        station.reports += 1
        guard let rssi else { return }
        levels[receiver]?.hear(rssi, at: at, smoothing: smoothing)
        if levels[receiver] == nil { levels[receiver] = SmoothedLevel(rssi, at: at) }
        guard at - since >= Self.settling else { return }
        if let level = levels[receiver] { station.receivers[receiver, default: .init()].add(level.dBm) }
        // A zone is measured when one of its receivers speaks, so that a chatty receiver elsewhere adds nothing to it.
        let own = zones.first { $0.name == station.zone }.flatMap { level(of: $0, at: at) }
        for zone in zones where zone.receivers.contains(receiver) {
            guard let level = level(of: zone, at: at) else { continue }
            station.zones[zone.name, default: .init()].add(level)
        }
        for zone in zones where zone.name != station.zone {
            guard let own, let other = level(of: zone, at: at) else { continue }
            station.leads[zone.name, default: .init()].add(own - other)
        }
    }

    /// The mean of the receivers that heard the device lately, as in the visits.
    private func level(of zone: Zone, at: Duration) -> Double? {
        let fresh = zone.receivers.compactMap { levels[$0] }.filter { at - $0.heard <= Self.fresh }
        return fresh.isEmpty ? nil : fresh.map(\.dBm).reduce(0, +) / Double(fresh.count)
    }
}
