package import Subjects

/// The natural key of a visit: fixed when the visit opens, the same in every replay.
package struct VisitKey: Hashable, Codable, Sendable, Comparable {
    package var subject: SubjectID
    package var enteredAt: UnixTime

    package init(subject: SubjectID, enteredAt: UnixTime) {
        self.subject = subject
        self.enteredAt = enteredAt
    }

    package static func < (a: VisitKey, b: VisitKey) -> Bool {
        a.enteredAt == b.enteredAt ? a.subject < b.subject : a.enteredAt < b.enteredAt
    }
}

/// What a stay was, by its dwell and by who (or what) stayed.
package enum VisitClassification: String, Sendable, Codable, CaseIterable {
    /// Never inside. No visit has it: passers-by are only counted.
    case passerby
    case bounce, visitor, engaged, staff, fixture
}

/// One unbroken stay in one zone.
package struct ZoneStay: Hashable, Codable, Sendable {
    package var zone: ZoneID
    package var entered: Moment
    package var dwell: Duration

    package init(zone: ZoneID, entered: Moment, dwell: Duration) {
        self.zone = zone
        self.entered = entered
        self.dwell = dwell
    }
}

/// A subject's stay in the store.
package struct Visit: Hashable, Codable, Sendable {
    package var key: VisitKey
    package var kind: SubjectKind
    /// The sighting that crossed the enter level.
    package var entered: Moment
    /// How much earlier the subject may have come in.
    package var enterUncertainty: Duration
    /// The last sighting *inside*, never the time-out; nil while the visit is open.
    package var exited: Moment?
    /// How much later the subject may have gone out.
    package var exitUncertainty: Duration
    /// Monotonic time from enter to exit (short absences within the merge window included); nil while open.
    package var dwell: Duration?
    package var classification: VisitClassification
    /// In order of time.
    package var zones: [ZoneStay]
    /// Sightings inside.
    package var sightings: Int
    /// Median time between advertisements heard by any receiver; zero when only one was heard.
    package var medianGap: Duration
    /// 1 when opened, 2 when closed.
    package var revision: Int
    /// The stay was cut at the policy's maximum, or ended with the program.
    package var truncated: Bool
    /// The policy's `definitionVersion`.
    package var definitionVersion: String
}
