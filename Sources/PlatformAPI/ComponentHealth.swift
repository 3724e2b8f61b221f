/// The state of the store-and-forward queue.
package struct QueueHealth: Codable, Hashable, Sendable {
    package var epoch: String
    /// Events that wait.
    package var depth: Int
    /// Of their bodies.
    package var bytes: Int64
    package var oldestAgeSeconds: Double?
    package var lastSequence: UInt64
    package var quarantined: Int
    package var evicted: Int
    /// One line for a person when the queue file cannot be written, so that events are held in memory, or when its log cannot be
    /// emptied. Absent when all is well.
    package var trouble: String?

    package init(
        epoch: String, depth: Int, bytes: Int64, oldestAgeSeconds: Double? = nil, lastSequence: UInt64,
        quarantined: Int, evicted: Int, trouble: String? = nil
    ) {
        self.epoch = epoch
        self.depth = depth
        self.bytes = bytes
        self.oldestAgeSeconds = oldestAgeSeconds
        self.lastSequence = lastSequence
        self.quarantined = quarantined
        self.evicted = evicted
        self.trouble = trouble
    }

    private enum CodingKeys: String, CodingKey {
        case epoch, depth, bytes, quarantined, evicted, trouble
        case oldestAgeSeconds = "oldest_age_s"
        case lastSequence = "last_sequence"
    }
}

/// The state of one radio.
package struct RadioHealth: Codable, Hashable, Sendable {
    package var name: String
    /// `starting`, `scanning`, `waiting`, `stopped` or `finished`.
    package var state: String
    /// One line for a person: why it waits and what to do, or which adapter it has.
    package var detail: String?
    /// RFC 3339 UTC.
    package var lastReportAt: String?
    package var counters: [String: Int64]

    package init(
        name: String, state: String, detail: String? = nil, lastReportAt: String? = nil, counters: [String: Int64] = [:]
    ) {
        self.name = name
        self.state = state
        self.detail = detail
        self.lastReportAt = lastReportAt
        self.counters = counters
    }

    private enum CodingKeys: String, CodingKey {
        case name, state, detail, counters
        case lastReportAt = "last_report_at"
    }
}

/// Something wrong with a till that somebody must see to.
package struct TillAlarm: Codable, Hashable, Sendable {
    /// `full_card_numbers`, `prints_images`, `silent`, `wrong_dialect`, `clock_wrong`; further ones may come.
    package var kind: String
    /// RFC 3339 UTC.
    package var since: String

    package init(kind: String, since: String) {
        self.kind = kind
        self.since = since
    }

    private enum CodingKeys: String, CodingKey {
        case kind, since
    }
}

/// The state of one till's port.
package struct TillHealth: Codable, Hashable, Sendable {
    package var name: String
    /// `starting`, `reading`, `waiting`, `printer away`, `stopped` or `finished`.
    package var state: String
    /// RFC 3339 UTC.
    package var lastDocumentAt: String?
    package var counters: [String: Int64]
    /// Absent when there is none.
    package var alarms: [TillAlarm]?
    /// Median over the last 50 receipts of the printed time minus the gateway's, in seconds; absent before the third.
    package var clockOffsetSeconds: Int64?

    package init(
        name: String, state: String, lastDocumentAt: String? = nil, counters: [String: Int64] = [:],
        alarms: [TillAlarm]? = nil, clockOffsetSeconds: Int64? = nil
    ) {
        self.name = name
        self.state = state
        self.lastDocumentAt = lastDocumentAt
        self.counters = counters
        self.alarms = alarms
        self.clockOffsetSeconds = clockOffsetSeconds
    }

    private enum CodingKeys: String, CodingKey {
        case name, state, counters, alarms
        case lastDocumentAt = "last_document_at"
        case clockOffsetSeconds = "clock_offset_seconds"
    }
}
