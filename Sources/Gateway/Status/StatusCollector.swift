import Foundation
import Outbox
import POSFeed
import PlatformAPI
import Radio
import Subjects
import Synchronization
import Uplink

/// Asks every room how it is: for the control socket, for `PUT /v1/state` and for `gateway.health`.
final class StatusCollector: Sendable {
    private struct Followed {
        var engine: EngineThread?
        var uplink: Uplink?
    }

    private let configuration: Configuration
    private let outbox: Outbox
    private let clock: GatewayClock
    private let box: BoxIdentity
    private let radios: [RadioReader]
    private let feeds: [FeedReader]
    private let inputs: InputQueue
    private let startedAt: Moment
    private let followed = Mutex(Followed())

    init(
        _ configuration: Configuration, outbox: Outbox, clock: GatewayClock, box: BoxIdentity, radios: [RadioReader],
        feeds: [FeedReader], inputs: InputQueue
    ) {
        self.configuration = configuration
        self.outbox = outbox
        self.clock = clock
        self.box = box
        self.radios = radios
        self.feeds = feeds
        self.inputs = inputs
        startedAt = clock.reading().moment
    }

    /// The engine and the uplink ask the collector, and are asked by it; so they come after it.
    func follow(_ engine: EngineThread) { followed.withLock { $0.engine = engine } }
    func follow(_ uplink: Uplink) { followed.withLock { $0.uplink = uplink } }

    // MARK: Reports

    func report() -> StatusReport {
        let (now, state) = clock.reading()
        let summary = followed.withLock { $0.engine }?.summary ?? EngineThread.Summary()
        let uplink = followed.withLock { $0.uplink }?.status
        return StatusReport(
            gateway: box.gateway, store: configuration.store.code, version: GatewayVersion.text,
            uptimeSeconds: uptime(now),
            clock: .init(state: state.rawValue, now: now.wall.rfc3339()), queue: queue,
            uplink: .init(
                state: uplink.map { uplink in uplink.reason.map { "\(uplink.state): \($0)" } ?? uplink.state }
                    ?? "starting",
                lastSuccess: uplink?.lastSuccess?.rfc3339(), lastError: uplink?.lastError,
                batchesSent: uplink?.batchesSent ?? 0, bytesSent: uplink?.bytesOnWire ?? 0,
                certificateNotAfter: uplink?.certificateNotAfter?.rfc3339(),
                warnings: uplink.map { [$0.certificateTrouble, $0.identityTrouble].compactMap(\.self) }),
            subjects: .init(
                subjects: summary.subjects, serial: summary.feed?.serial, issuedAt: summary.feed?.issuedAt.rfc3339()),
            radios: radios.map { RadioHealth($0, droppedByRing: inputs.droppedSightings(of: $0.name)) },
            tills: feeds.flatMap { feed in
                feed.tills.map {
                    TillHealth(
                        feed, $0, alarms: summary.alarms[$0.rawValue] ?? [:],
                        clockOffset: summary.clockOffsets[$0.rawValue])
                }
            },
            visits: .init(open: summary.openVisits, present: summary.present), coverage: summary.coverage,
            counters: counters(summary, uplink))
    }

    /// The body of `PUT /v1/state`.
    func snapshot() -> [UInt8]? {
        let (now, state) = clock.reading()
        let report = report()
        return try? StateSnapshot(
            gateway: box.gateway, takenAt: now.wall.rfc3339(), bootID: box.bootID, storeCode: report.store,
            version: report.version,
            clockState: state.rawValue, uptimeSeconds: report.uptimeSeconds, queue: report.queue, radios: report.radios,
            tills: report.tills, counters: report.counters, present: report.visits.present,
            openVisits: report.visits.open
        ).encoded()
    }

    /// Reports of iPhones in the background that all radios have counted.
    var overflowSeen: UInt64 { radios.reduce(0) { $0 + $1.counters.overflowSeen } }

    func health(from start: Moment, to end: Moment) -> GatewayHealth {
        let report = report()
        return GatewayHealth(
            periodStart: start.wall.rfc3339(), periodEnd: end.wall.rfc3339(), storeCode: report.store,
            version: report.version,
            clockState: report.clock.state, uptimeSeconds: report.uptimeSeconds, queue: report.queue,
            radios: report.radios,
            tills: report.tills, counters: report.counters)
    }

    // MARK: Parts

    private func uptime(_ now: Moment) -> Double { (now.monotonic - startedAt.monotonic).inSeconds }

    private var queue: QueueHealth {
        guard let statistics = try? outbox.statistics() else {
            return QueueHealth(
                epoch: outbox.epoch.uuidString.lowercased(), depth: outbox.backlog.rows, bytes: outbox.backlog.bytes,
                lastSequence: 0, quarantined: 0, evicted: 0, trouble: outbox.trouble)
        }
        return QueueHealth(
            epoch: statistics.epoch.uuidString.lowercased(), depth: statistics.depth, bytes: statistics.bytes,
            oldestAgeSeconds: statistics.oldestAge?.inSeconds,
            lastSequence: statistics.lastSequence, quarantined: statistics.quarantineDepth,
            evicted: Int(statistics.evicted.values.reduce(0, +)), trouble: outbox.trouble)
    }

    private func counters(_ summary: EngineThread.Summary, _ uplink: UplinkStatus?) -> [String: Int64] {
        var counters: [String: Int64] = [
            "sightings": Int64(clamping: summary.counters.sightings),
            "dropped.consent_ended": Int64(clamping: summary.counters.withoutConsent),
            "dropped.engine_queue_full": Int64(clamping: inputs.droppedSightings),
            "batches_sent": uplink?.batchesSent ?? 0, "events_settled": uplink?.eventsSettled ?? 0,
            "events_refused": uplink?.eventsRefused ?? 0, "uplink_failures": uplink?.failures ?? 0,
            "subject_pages": uplink?.pagesApplied ?? 0,
        ]
        // Bytes on disk for each event is the wear of the box's flash: queue_bytes_written / queue_events_committed.
        let writes = outbox.writes
        counters["queue_commits"] = writes.commits
        counters["queue_events_committed"] = writes.events
        counters["queue_bytes_written"] = writes.bytes
        counters["queue_log_bytes"] = outbox.logBytes
        if writes.checkpointsRefused > 0 { counters["queue_checkpoints_refused"] = writes.checkpointsRefused }
        for (bound, count) in zip(WriteStatistics.bounds.map { "under_\($0)ms" } + ["slower"], writes.commitTimes)
        where count > 0 {
            counters["queue_commit_time.\(bound)"] = count
        }
        for (reason, count) in outbox.refusedDrafts where count > 0 {
            counters[reason == "overflow" ? "dropped.queue_memory_full" : "dropped.\(reason)"] = count
        }
        if let statistics = try? outbox.statistics(), statistics.rescues > 0 {
            counters["queue_rescues"] = statistics.rescues
            counters["queue_salvaged"] = statistics.salvaged
        }
        if summary.counters.missingReceipts > 0 {
            counters["receipts.missing"] = Int64(clamping: summary.counters.missingReceipts)
        }
        if summary.refusedKeys > 0 { counters["subject_keys_refused"] = Int64(clamping: summary.refusedKeys) }
        for (kind, count) in summary.counters.documents { counters["documents.\(kind)"] = Int64(clamping: count) }
        for (method, count) in summary.counters.linked { counters["linked.\(method)"] = Int64(clamping: count) }
        for (reason, count) in summary.counters.cannotTell {
            counters["cannot_tell.\(reason)"] = Int64(clamping: count)
        }
        // Seconds since 1970, for an alarm of the platform's own.
        if let end = uplink?.certificateNotAfter { counters["certificate_not_after_s"] = end.wholeSeconds }
        for (reason, count) in uplink?.pagesRefused ?? [:] { counters["subject_pages_refused.\(reason)"] = count }
        return counters
    }
}

extension RadioHealth {
    fileprivate init(_ radio: RadioReader, droppedByRing: UInt64) {
        var counters: [String: Int64] = [:]
        for value in radio.counters.values where value.count > 0 || value.reason == nil {
            counters[value.reason.map { "\(value.name).\($0)" } ?? value.name] = Int64(clamping: value.count)
        }
        if droppedByRing > 0 { counters["dropped.ring"] = Int64(clamping: droppedByRing) }
        var detail = radio.remark
        let state =
            switch radio.state {
            case .starting: "starting"
            case .scanning: "scanning"
            case .waiting: "waiting"
            case .stopped: "stopped"
            case .finished: "finished"
            }
        if case .waiting(let reason) = radio.state { detail = reason }
        self.init(
            name: radio.name.rawValue, state: state, detail: detail, lastReportAt: radio.lastReport?.wall.rfc3339(),
            counters: counters)
    }
}

extension TillHealth {
    fileprivate init(_ feed: FeedReader, _ till: TillID, alarms: [TillAlarmKind: UnixTime], clockOffset: Int64?) {
        let counted = feed.counters(of: till)
        let state =
            switch feed.state {
            case .starting: "starting"
            case .listening: "reading"
            case .waiting: "waiting"
            case .printerAway: "printer away"
            case .stopped: "stopped"
            case .finished: "finished"
            }
        self.init(
            name: till.rawValue, state: state, lastDocumentAt: counted.lastDocument?.wall.rfc3339(),
            counters: [
                "bytes": Int64(counted.bytes), "documents": Int64(counted.documents),
                "reopened": Int64(counted.reopened),
                "open_failures": Int64(counted.openFailures), "commands.known": Int64(counted.knownCommands),
                "commands.unknown": Int64(counted.unknownCommands), "truncated_bytes": Int64(counted.truncatedBytes),
                "redactions": Int64(counted.redactions), "line_errors.framing": Int64(counted.lineErrors.framing),
                "line_errors.overrun": Int64(counted.lineErrors.overrun),
                "line_errors.parity": Int64(counted.lineErrors.parity),
                "line_errors.break": Int64(counted.lineErrors.breaks),
                "line_breaks": Int64(counted.lineBreaks), "dialect_alarms": Int64(counted.dialectAlarms),
                "commands.unknown_percent": Int64((counted.unknownShare * 100).rounded()),
            ].merging(
                counted.lost.map { ("dropped.\($0.key.rawValue)", Int64($0.value)) }, uniquingKeysWith: { $1 }),
            alarms: alarms.isEmpty
                ? nil
                : alarms.map { TillAlarm(kind: $0.key.rawValue, since: $0.value.rfc3339()) }.sorted {
                    $0.kind < $1.kind
                }, clockOffsetSeconds: clockOffset)
    }
}
