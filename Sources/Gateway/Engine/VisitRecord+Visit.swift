import Foundation
import PlatformAPI
import Subjects
import Visits

/// The room's values in the words of the contract. Whole seconds: where a phone is, is known from advertisements that are seconds
/// apart, so decimals would only claim more than anybody knows, and cost a tenth of the line (decision 12). Times and dwells are
/// cut, never rounded up, so that a dwell meets the thresholds of `definition` as its classification does; uncertainties are
/// never told too small.
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
            enteredAt: visit.entered.onWholeSecond.wall.rfc3339(),
            exitedAt: visit.exited?.onWholeSecond.wall.rfc3339(),
            enterUncertaintySeconds: visit.enterUncertainty.inSeconds.rounded(.up),
            exitUncertaintySeconds: visit.exited == nil ? nil : visit.exitUncertainty.inSeconds.rounded(.up),
            dwellSeconds: visit.dwell?.inSeconds.rounded(.down),
            classification: visit.exited == nil ? nil : visit.classification.rawValue,
            zones: visit.zones.map { stay in
                Zone(
                    zoneID: stay.zone.rawValue, kind: (zoneKinds[stay.zone] ?? .floor).rawValue,
                    enteredAt: stay.entered.onWholeSecond.wall.rfc3339(),
                    dwellSeconds: stay.dwell.inSeconds.rounded(.down))
            },
            quality: Quality(
                sightings: visit.sightings, medianGapSeconds: visit.medianGap.inTenths,
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

    /// Seconds to the tenth.
    fileprivate var inTenths: Double { ((self / .milliseconds(100)).rounded()) / 10 }
}
