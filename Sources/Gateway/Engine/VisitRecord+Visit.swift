import Foundation
import PlatformAPI
import Subjects
import Visits

/// The room's values in the words of the contract.
extension VisitRecord {
    init(
        _ visit: Visit, id: String, entry: SubjectEntry?, zoneKinds: [ZoneID: ZoneKind], policy: VisitPolicy,
        clock: ClockState, store: String
    ) {
        self.init(
            visitID: id, revision: visit.revision, subjectID: visit.key.subject.rawValue, kind: visit.kind.rawValue,
            consentRecord: entry?.consent?.record,
            purposes: (entry?.consent?.purposes.map(\.rawValue) ?? []).sorted(),
            state: visit.exited == nil ? "open" : "closed",
            enteredAt: visit.entered.wall.rfc3339(),
            exitedAt: visit.exited?.wall.rfc3339(),
            enterUncertaintySeconds: visit.enterUncertainty.inSeconds,
            exitUncertaintySeconds: visit.exited == nil ? nil : visit.exitUncertainty.inSeconds,
            dwellSeconds: visit.dwell?.inSeconds,
            classification: visit.exited == nil ? nil : visit.classification.rawValue,
            zones: visit.zones.map { stay in
                Zone(
                    zoneID: stay.zone.rawValue, kind: (zoneKinds[stay.zone] ?? .floor).rawValue,
                    enteredAt: stay.entered.wall.rfc3339(), dwellSeconds: stay.dwell.inSeconds)
            },
            quality: Quality(
                sightings: visit.sightings, medianGapSeconds: visit.medianGap.inSeconds,
                truncated: visit.truncated ? true : nil),
            definition: Definition(policy), clockState: clock.rawValue, storeCode: store)
    }
}

extension VisitRecord.Definition {
    init(_ policy: VisitPolicy) {
        self.init(
            version: policy.definitionVersion, visitorSeconds: policy.visitor.inSeconds,
            engagedSeconds: policy.engaged.inSeconds, gapMinimumSeconds: policy.gapMinimum.inSeconds,
            gapFactor: policy.gapFactor, gapMaximumSeconds: policy.gapMaximum.inSeconds,
            mergeSeconds: policy.merge.inSeconds,
            maximumSeconds: policy.maximum.inSeconds, smoothingSeconds: policy.smoothing.inSeconds,
            enterDBm: policy.enterLevel, leaveDBm: policy.leaveLevel, zoneHysteresisDB: policy.zoneHysteresis)
    }
}

extension Duration {
    /// Seconds to the millisecond, which is what the contract carries.
    var inSeconds: Double { ((self / .milliseconds(1)).rounded()) / 1_000 }
}
