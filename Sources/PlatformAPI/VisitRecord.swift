/// The data of `visit.opened` and `visit.closed`: a subject's stay. The same `visitID` with a higher `revision` replaces it.
package struct VisitRecord: Codable, Hashable, Sendable {
    /// The stay in one zone.
    package struct Zone: Codable, Hashable, Sendable {
        /// The zone's name in the gateway's configuration.
        package var zoneID: String
        /// `outside`, `entrance`, `floor` or `till`.
        package var kind: String
        /// RFC 3339 UTC.
        package var enteredAt: String
        /// Absent while the stay is open.
        package var dwellSeconds: Double?

        package init(zoneID: String, kind: String, enteredAt: String, dwellSeconds: Double? = nil) {
            self.zoneID = zoneID
            self.kind = kind
            self.enteredAt = enteredAt
            self.dwellSeconds = dwellSeconds
        }

        private enum CodingKeys: String, CodingKey {
            case kind
            case zoneID = "zone_id"
            case enteredAt = "entered_at"
            case dwellSeconds = "dwell_s"
        }
    }

    /// How well the visit was heard.
    package struct Quality: Codable, Hashable, Sendable {
        package var sightings: Int
        /// The median time between sightings.
        package var medianGapSeconds: Double
        /// True when the zones were cut at their bound.
        package var truncated: Bool?

        package init(sightings: Int, medianGapSeconds: Double, truncated: Bool? = nil) {
            self.sightings = sightings
            self.medianGapSeconds = medianGapSeconds
            self.truncated = truncated
        }

        private enum CodingKeys: String, CodingKey {
            case sightings, truncated
            case medianGapSeconds = "median_gap_s"
        }
    }

    /// What the words meant when this visit was computed: the version and the thresholds used.
    package struct Definition: Codable, Hashable, Sendable {
        package var version: String
        /// Shorter is a bounce.
        package var visitorSeconds: Double
        package var engagedSeconds: Double
        package var gapMinimumSeconds: Double
        /// Times the median interval.
        package var gapFactor: Double
        package var gapMaximumSeconds: Double
        package var mergeSeconds: Double
        /// Longer is staff or a fixture.
        package var maximumSeconds: Double
        /// The time constant of the EWMA.
        package var smoothingSeconds: Double
        package var enterDBm: Double
        package var leaveDBm: Double
        package var zoneHysteresisDB: Double

        package init(
            version: String, visitorSeconds: Double, engagedSeconds: Double, gapMinimumSeconds: Double,
            gapFactor: Double,
            gapMaximumSeconds: Double, mergeSeconds: Double, maximumSeconds: Double, smoothingSeconds: Double,
            enterDBm: Double, leaveDBm: Double, zoneHysteresisDB: Double
        ) {
            self.version = version
            self.visitorSeconds = visitorSeconds
            self.engagedSeconds = engagedSeconds
            self.gapMinimumSeconds = gapMinimumSeconds
            self.gapFactor = gapFactor
            self.gapMaximumSeconds = gapMaximumSeconds
            self.mergeSeconds = mergeSeconds
            self.maximumSeconds = maximumSeconds
            self.smoothingSeconds = smoothingSeconds
            self.enterDBm = enterDBm
            self.leaveDBm = leaveDBm
            self.zoneHysteresisDB = zoneHysteresisDB
        }

        private enum CodingKeys: String, CodingKey {
            case version
            case visitorSeconds = "visitor_s"
            case engagedSeconds = "engaged_s"
            case gapMinimumSeconds = "gap_minimum_s"
            case gapFactor = "gap_factor"
            case gapMaximumSeconds = "gap_maximum_s"
            case mergeSeconds = "merge_s"
            case maximumSeconds = "maximum_s"
            case smoothingSeconds = "smoothing_s"
            case enterDBm = "enter_dbm"
            case leaveDBm = "leave_dbm"
            case zoneHysteresisDB = "zone_hysteresis_db"
        }
    }

    /// UUIDv8 from the epoch and the natural key, lower case.
    package var visitID: String
    /// Starts at 1.
    package var revision: Int
    /// The platform's own pseudonym.
    package var subjectID: String
    /// `person`, `staff` or `fixture`.
    package var kind: String
    /// The consent under which it was recorded.
    package var consentRecord: String?
    /// The purposes that the subject had granted.
    package var purposes: [String]
    /// `open` or `closed`.
    package var state: String
    /// RFC 3339 UTC.
    package var enteredAt: String
    /// The last inside sighting, not the time-out.
    package var exitedAt: String?
    package var enterUncertaintySeconds: Double
    package var exitUncertaintySeconds: Double?
    /// From the monotonic clock.
    package var dwellSeconds: Double?
    /// `passerby`, `bounce`, `visitor`, `engaged`, `staff` or `fixture`; absent while open.
    package var classification: String?
    package var zones: [Zone]
    package var quality: Quality
    package var definition: Definition
    /// `synchronised`, `holdover` or `unset`.
    package var clockState: String
    package var storeCode: String

    package init(
        visitID: String, revision: Int, subjectID: String, kind: String, consentRecord: String? = nil,
        purposes: [String], state: String, enteredAt: String, exitedAt: String? = nil,
        enterUncertaintySeconds: Double, exitUncertaintySeconds: Double? = nil, dwellSeconds: Double? = nil,
        classification: String? = nil, zones: [Zone], quality: Quality, definition: Definition, clockState: String,
        storeCode: String
    ) {
        self.visitID = visitID
        self.revision = revision
        self.subjectID = subjectID
        self.kind = kind
        self.consentRecord = consentRecord
        self.purposes = purposes
        self.state = state
        self.enteredAt = enteredAt
        self.exitedAt = exitedAt
        self.enterUncertaintySeconds = enterUncertaintySeconds
        self.exitUncertaintySeconds = exitUncertaintySeconds
        self.dwellSeconds = dwellSeconds
        self.classification = classification
        self.zones = zones
        self.quality = quality
        self.definition = definition
        self.clockState = clockState
        self.storeCode = storeCode
    }

    private enum CodingKeys: String, CodingKey {
        case revision, kind, purposes, state, classification, zones, quality, definition
        case visitID = "visit_id"
        case subjectID = "subject_id"
        case consentRecord = "consent_record"
        case enteredAt = "entered_at"
        case exitedAt = "exited_at"
        case enterUncertaintySeconds = "enter_uncertainty_s"
        case exitUncertaintySeconds = "exit_uncertainty_s"
        case dwellSeconds = "dwell_s"
        case clockState = "clock_state"
        case storeCode = "store_code"
    }
}

/// The data of `visit.opened`.
package typealias VisitOpened = VisitRecord
/// The data of `visit.closed`.
package typealias VisitClosed = VisitRecord
