import Subjects
import Visits

extension VisitPolicy {
    /// The thresholds of the configuration; what it does not speak of keeps the room's default.
    init(_ visits: Configuration.Visits) {
        self.init()
        enterLevel = visits.enterDBm
        leaveLevel = visits.leaveDBm
        smoothing = visits.smoothing
        zoneHysteresis = visits.zoneHysteresisDB
        visitor = visits.visitor
        engaged = visits.engaged
        gapMinimum = visits.gapMinimum
        gapFactor = visits.gapFactor
        gapMaximum = visits.gapMaximum
        merge = visits.merge
        maximum = visits.maximum
        definitionVersion = visits.definitionVersion
    }
}

extension Zone {
    init(_ zone: Configuration.Zone) {
        let kind: ZoneKind =
            switch zone.kind {
            case .outside: .outside
            case .entrance: .entrance
            case .floor: .floor
            case .till: .till
            }
        self.init(
            id: ZoneID(zone.name), kind: kind, receivers: zone.radios.map { ReceiverID($0) },
            tills: zone.tills.map { TillID($0) },
            enterLevel: zone.enterDBm, leaveLevel: zone.leaveDBm)
    }
}
