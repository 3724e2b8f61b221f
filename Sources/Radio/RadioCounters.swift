import Advertising

/// What a radio has counted since it was made. Every report is in exactly one of `resolved`, `strangers`, `ambiguous`,
/// `replayed`, `expired`, `unresolvedClock`, `fragments` and `oversized`.
package struct RadioCounters: Hashable, Sendable {
    /// Bytes of all packets.
    package var bytes: UInt64 = 0
    /// HCI packets of any kind.
    package var events: UInt64 = 0
    /// HCI events that the kernel took from the adapter since this radio has it (evt_rx); it does not count them in
    /// exclusive mode. More than `events`: the rest concerned others, or was lost (see `droppedSocket`).
    package var controllerEvents: UInt64 = 0
    /// Advertising reports.
    package var reports: UInt64 = 0
    /// Reports of one of our subjects.
    package var resolved: UInt64 = 0
    /// Reports of anybody else; dropped where they were read.
    package var strangers: UInt64 = 0
    /// Reports with a token that two subjects share, or with the tokens of two subjects.
    package var ambiguous: UInt64 = 0
    /// Reports with a token that resolved here before and is outside its window now.
    package var replayed: UInt64 = 0
    /// Reports of a subject whose consent or key has run out.
    package var expired: UInt64 = 0
    /// Reports that might have resolved, had the wall clock been set.
    package var unresolvedClock: UInt64 = 0
    /// Parts of advertisements, held until the last part came.
    package var fragments: UInt64 = 0
    /// Advertisements whose parts were too long together.
    package var oversized: UInt64 = 0
    /// Advertisements given up because the last part did not come.
    package var fragmentsAbandoned: UInt64 = 0
    /// Reports with one of our overflow bits: an iPhone app in the background (coverage, not identity).
    package var overflowSeen: UInt64 = 0
    /// Reports without advertising data; directed advertisements have none.
    package var emptyReports: UInt64 = 0
    /// Advertisements that the controller cut off (data status 2).
    package var truncated: UInt64 = 0
    /// Packets that the kernel threw away because they were not read in time.
    package var droppedSocket: UInt64 = 0
    /// Times that another program ended our scan.
    package var scanInterrupted: UInt64 = 0
    /// What was tried to bring the adapter back, by rung.
    package var recoveries = RecoveryCounts()
    /// Reports without a signal level.
    package var rssiUnknown: UInt64 = 0
    /// What could not be read to its end, by reason.
    package var malformed = MalformedCounts()
    /// Bytes of the stream that belonged to no packet.
    package var garbageBytes: UInt64 = 0
    /// Times that the source was opened.
    package var connections: UInt64 = 0
    /// Times that the controller reported a hardware error and was reset.
    package var controllerResets: UInt64 = 0
    /// Times that the source was lost: closed, silent during initialisation, out of step, refused.
    package var losses: UInt64 = 0
    /// Packets of a capture that were in the past when the radio started.
    package var skipped: UInt64 = 0

    package init() {}
}

extension RadioCounters {
    /// One number with its labels, as metrics and `footbridge status` show it.
    package struct Value: Hashable, Sendable {
        package var name: String
        /// Why something was dropped; nil for what was not.
        package var reason: String?
        package var count: UInt64
    }

    /// All counters: what came in, what resolved, and `dropped` and `malformed` with their reasons.
    package var values: [Value] {
        let plain: [(String, UInt64)] = [
            ("bytes", bytes), ("controller_events", controllerEvents), ("events", events), ("reports", reports),
            ("resolved", resolved), ("overflow_seen", overflowSeen), ("rssi_unknown", rssiUnknown),
            ("empty_reports", emptyReports), ("truncated", truncated), ("fragments", fragments),
            ("connections", connections), ("controller_resets", controllerResets), ("losses", losses),
            ("scan_interrupted", scanInterrupted), ("garbage_bytes", garbageBytes), ("skipped", skipped),
        ]
        let dropped: [(String, UInt64)] = [
            ("stranger", strangers), ("ambiguous", ambiguous), ("replayed", replayed), ("expired", expired),
            ("clock_unset", unresolvedClock), ("oversized", oversized), ("fragment_abandoned", fragmentsAbandoned),
            ("socket", droppedSocket),
        ]
        return plain.map { Value(name: $0.0, reason: nil, count: $0.1) }
            + dropped.map { Value(name: "dropped", reason: $0.0, count: $0.1) }
            + MalformedReason.allCases.map { Value(name: "malformed", reason: $0.rawValue, count: malformed[$0]) }
            + RecoveryLadder.Rung.allCases.map { Value(name: "recovery", reason: $0.rawValue, count: recoveries[$0]) }
    }
}
