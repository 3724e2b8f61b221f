package import Subjects

/// What a walk test says: thresholds for each zone inside, and which zones the radios cannot tell apart.
package struct WalkProposal: Sendable {
    /// Thresholds for one zone that is not outside, in whole dBm.
    package struct Thresholds: Hashable, Sendable {
        package var zone: ZoneID
        package var enter: Int
        package var leave: Int
        /// What nine of ten samples in the zone reach or exceed, dBm.
        package var inside: Int
        /// What nineteen of twenty samples from outside stay at or below, dBm; nil = not heard outside, or no outside
        /// zone was walked.
        package var outside: Int?
        /// From the enter threshold down to `outside`, dB: room for other phones than this one.
        package var margin: Int? { outside.map { enter - $0 } }
    }

    package enum Finding: Hashable, Sendable {
        /// The device was not heard, or by none of the zone's own receivers, or too seldom.
        case unheard(ZoneID, reports: Int)
        /// From outside the zone's receivers hear the device about as loud as from inside; `gap` in dB.
        case likeOutside(ZoneID, gap: Int)
        /// Where the first zone is, it is not louder than the second by the hysteresis in nine of ten samples.
        case alike(ZoneID, than: ZoneID, lead: Int)
        /// Two zones with the same receivers.
        case sameReceivers(ZoneID, ZoneID)
        /// The zone was not walked.
        case skipped(ZoneID)
    }

    package private(set) var thresholds: [Thresholds] = []
    package private(set) var findings: [Finding] = []

    /// Samples that a zone needs: a minute of a phone that is heard once in three seconds.
    package static let minimumSamples = 20
    /// Other phones in other pockets are quieter than the one carried: the enter level lies this far below what nine of
    /// ten samples reach.
    static let allowance = 5
    /// Enter and leave are this far apart, as in the defaults (-70 and -80).
    static let hysteresis = 10
    /// At least this far apart when the street is near.
    static let leastHysteresis = 4
    /// Inside must be this much louder than outside for a threshold to lie between them.
    static let leastGap = 6

    /// - `zoneHysteresis`: dB by which another zone must be louder (`visits.zone_hysteresis_db`).
    package init(_ walk: WalkSurvey, zoneHysteresis: Double) {
        let outside = Set(walk.zones.filter(\.isOutside).map(\.name))
        for (index, zone) in walk.zones.enumerated() {
            guard let station = walk.stations.first(where: { $0.zone == zone.name }) else {
                findings.append(.skipped(zone.name))
                continue
            }
            for other in walk.zones[..<index] where Set(other.receivers) == Set(zone.receivers) {
                findings.append(.sameReceivers(other.name, zone.name))
            }
            guard let levels = station.zones[zone.name], levels.count >= Self.minimumSamples,
                let inside = levels.quantile(0.1)
            else {
                findings.append(.unheard(zone.name, reports: station.reports))
                continue
            }
            compare(zone, station, walk.zones, Int(zoneHysteresis.rounded(.up)))
            if !zone.isOutside {
                let street = walk.stations.filter { outside.contains($0.zone) }
                    .compactMap { $0.zones[zone.name]?.quantile(0.95) }.max()
                propose(zone.name, inside: inside, outside: street)
            }
        }
    }

    private mutating func compare(
        _ zone: WalkSurvey.Zone, _ station: WalkSurvey.Station, _ zones: [WalkSurvey.Zone], _ hysteresis: Int
    ) {
        for other in zones where other.name != zone.name && Set(other.receivers) != Set(zone.receivers) {
            // A pair that a handful of stray samples speak of is told apart: the other zone is silent here.
            guard let leads = station.leads[other.name], leads.count >= Self.minimumSamples / 2,
                let lead = leads.quantile(0.1), lead < hysteresis
            else { continue }
            findings.append(.alike(zone.name, than: other.name, lead: lead))
        }
    }

    private mutating func propose(_ zone: ZoneID, inside: Int, outside: Int?) {
        var enter = inside - Self.allowance
        var leave = enter - Self.hysteresis
        if let outside {
            let gap = inside - outside
            if gap < Self.leastGap { findings.append(.likeOutside(zone, gap: gap)) }
            // Above the street by half of the room there is, but never out of reach of those inside.
            enter = min(max(enter, outside + max(1, gap / 2)), inside - 1)
            leave = min(max(leave, outside + 1), enter - Self.leastHysteresis)
        }
        enter = max(-117, min(20, enter))
        leave = max(-127, min(enter - 1, leave))
        thresholds.append(Thresholds(zone: zone, enter: enter, leave: leave, inside: inside, outside: outside))
    }
}

extension WalkProposal.Finding: CustomStringConvertible {
    /// One line: what, and what to do.
    package var description: String {
        switch self {
        case .unheard(let zone, let reports):
            "\(zone): too few levels from its own radios (\(reports) reports of the device in all): is it advertising, "
                + "is the right radio in the zone's list, is the antenna on?"
        case .likeOutside(let zone, let gap):
            "\(zone): only \(gap) dB louder inside than outside (\(WalkProposal.leastGap) are needed): people on the "
                + "street would count; move the radio away from the door or window, or shield its street side"
        case .alike(let zone, let other, let lead):
            "\(zone) and \(other) cannot be told apart: in \(zone), \(zone) is only \(lead) dB louder than \(other) in "
                + "nine of ten samples; move the radios apart or make them one zone"
        case .sameReceivers(let one, let other):
            "\(one) and \(other) have the same radios and can never be told apart: give one of them a radio of its own "
                + "or make them one zone"
        case .skipped(let zone):
            "\(zone): not walked; its thresholds stay as they are"
        }
    }
}
