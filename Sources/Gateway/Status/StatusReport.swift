package import PlatformAPI

/// How the daemon is, as `footbridge status` shows it and the control socket gives it.
package struct StatusReport: Codable, Sendable {
    package struct Clock: Codable, Sendable {
        /// `synchronised`, `holdover` or `unset`.
        package var state: String
        /// RFC 3339 UTC, by the gateway's clock.
        package var now: String
    }

    package struct Uplink: Codable, Sendable {
        /// `idle`, `sending`, `waiting`, `holding` or `waiting for time`, with the reason.
        package var state: String
        /// RFC 3339 UTC.
        package var lastSuccess: String?
        /// One line.
        package var lastError: String?
        package var batchesSent: Int64
        package var bytesSent: Int64
        /// RFC 3339 UTC: the end of this gateway's certificate, as it is in use.
        package var certificateNotAfter: String?
        /// What is to be done about the certificate, key or authorities: one line each.
        package var warnings: [String]?

        private enum CodingKeys: String, CodingKey {
            case state, warnings
            case certificateNotAfter = "certificate_not_after"
            case lastSuccess = "last_success"
            case lastError = "last_error"
            case batchesSent = "batches_sent"
            case bytesSent = "bytes_sent"
        }
    }

    package struct Feed: Codable, Sendable {
        package var subjects: Int
        package var serial: UInt64?
        /// RFC 3339 UTC: when the last page was issued.
        package var issuedAt: String?

        private enum CodingKeys: String, CodingKey {
            case subjects, serial
            case issuedAt = "issued_at"
        }
    }

    package struct Visits: Codable, Sendable {
        package var open: Int
        /// Opted-in people now, by zone.
        package var present: [String: Int]
    }

    package var gateway: String
    package var store: String
    package var version: String
    package var uptimeSeconds: Double
    package var clock: Clock
    package var queue: QueueHealth
    package var uplink: Uplink
    package var subjects: Feed
    package var radios: [RadioHealth]
    package var tills: [TillHealth]
    package var visits: Visits
    /// The last hours, oldest first; nil from a daemon that does not count them.
    package var coverage: [CoverageHours.Hour]?
    /// `name` or `name.reason`.
    package var counters: [String: Int64]

    private enum CodingKeys: String, CodingKey {
        case gateway, store, version, clock, queue, uplink, subjects, radios, tills, visits, coverage, counters
        case uptimeSeconds = "uptime_s"
    }

    /// Nil when the bytes are no report.
    package init?(json: [UInt8]) {
        guard let report = try? WireJSON.decode(StatusReport.self, from: json) else { return nil }
        self = report
    }

    package init(
        gateway: String, store: String, version: String, uptimeSeconds: Double, clock: Clock, queue: QueueHealth,
        uplink: Uplink,
        subjects: Feed, radios: [RadioHealth], tills: [TillHealth], visits: Visits,
        coverage: [CoverageHours.Hour]? = nil,
        counters: [String: Int64]
    ) {
        self.gateway = gateway
        self.store = store
        self.version = version
        self.uptimeSeconds = uptimeSeconds
        self.clock = clock
        self.queue = queue
        self.uplink = uplink
        self.subjects = subjects
        self.radios = radios
        self.tills = tills
        self.visits = visits
        self.coverage = coverage
        self.counters = counters
    }

    package var json: [UInt8] { (try? WireJSON.encode(self)) ?? Array("{}".utf8) }

    // MARK: For a person

    /// A few lines for somebody who stands in the store.
    package var text: String {
        var lines = ["\(gateway) in store \(store), footbridge \(version), up \(Self.span(uptimeSeconds))"]
        lines.append("clock     \(clock.state), \(clock.now)")
        lines.append(
            "queue     \(queue.depth) events wait (\(Self.size(queue.bytes)))"
                + (queue.oldestAgeSeconds.map { ", the oldest for \(Self.span($0))" } ?? "")
                + ", last accepted \(queue.lastSequence)")
        if let trouble = queue.trouble { lines.append("ALARM     \(trouble)") }
        if queue.quarantined > 0 {
            lines.append(
                "          \(queue.quarantined) events in quarantine: the platform refused them (footbridge queue quarantine list)"
            )
        }
        if queue.evicted > 0 {
            lines.append("          \(queue.evicted) events evicted: the queue was full or they were too old")
        }
        lines.append(
            "platform  \(uplink.state)" + (uplink.lastSuccess.map { ", last success \($0)" } ?? ", no success yet"))
        for warning in uplink.warnings ?? [] { lines.append("ALARM     \(warning)") }
        if let error = uplink.lastError { lines.append("          last error: \(error)") }
        lines.append(
            "subjects  \(subjects.subjects) opted in"
                + (subjects.serial.map { ", page \($0)" } ?? ", no page of the feed yet")
                + (subjects.issuedAt.map { " issued \($0)" } ?? ""))
        let zones = visits.present.sorted { $0.key < $1.key }.map { "\($0.value) in \($0.key)" }.joined(separator: ", ")
        lines.append("visits    \(visits.open) open" + (zones.isEmpty ? "" : ": \(zones)"))
        for radio in radios {
            let counters = radio.counters
            lines.append(
                "radio     \(radio.name): \(radio.state)\(radio.detail.map { ": \($0)" } ?? ""); "
                    + "\(counters["reports"] ?? 0) reports, \(counters["resolved"] ?? 0) resolved, "
                    + "\(counters["dropped.stranger"] ?? 0) of strangers")
            lines += Self.troubles(of: radio).map { "          \($0)" }
        }
        for hour in (coverage ?? []).suffix(2) {
            lines.append(
                "coverage  from \(hour.start): \(hour.people) opted-in people recognised; \(hour.overflowSeen) reports of "
                    + "iPhones with the app in the background (it cannot be told whose)")
        }
        for till in tills {
            lines.append(
                "till      \(till.name): \(till.state); \(till.counters["bytes"] ?? 0) bytes, \(till.counters["documents"] ?? 0) documents"
                    + (till.lastDocumentAt.map { ", last \($0)" } ?? "")
                    + (till.clockOffsetSeconds.map { "; its clock is \(Self.offset($0))" } ?? ""))
            for alarm in till.alarms ?? [] {
                let text = TillAlarmKind(rawValue: alarm.kind)?.text(till: till.name) ?? alarm.kind
                lines.append("ALARM     since \(alarm.since): \(text)")
            }
        }
        for (name, count) in counters.sorted(by: { $0.key < $1.key }) where count > 0 {
            lines.append("counter   \(name) \(count)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What is wrong or was mended, one line each.
    private static func troubles(of radio: RadioHealth) -> [String] {
        let counters = radio.counters
        func sum(_ prefix: String) -> Int64 {
            counters.filter { $0.key.hasPrefix(prefix) }.values.reduce(0, +)
        }
        var lines: [String] = []
        let lost = (counters["dropped.socket"] ?? 0) + (counters["dropped.ring"] ?? 0)
        if lost > 0 { lines.append("\(lost) dropped because the box was too busy") }
        let malformed = sum("malformed.")
        if malformed > 0 { lines.append("\(malformed) malformed") }
        let tried = counters.filter { $0.key.hasPrefix("recovery.") && $0.value > 0 }.sorted { $0.key < $1.key }
        if let losses = counters["losses"], losses > 0 {
            let steps = tried.map { "\($0.key.dropFirst("recovery.".count)) \($0.value)" }
            lines.append("lost \(losses) times" + (steps.isEmpty ? "" : "; tried \(steps.joined(separator: ", "))"))
        }
        return lines
    }

    /// Printed times often have no seconds: half a minute says nothing.
    private static func offset(_ seconds: Int64) -> String {
        if abs(seconds) < 60 { return "right" }
        return "\(span(Double(abs(seconds)))) \(seconds > 0 ? "ahead" : "behind")"
    }

    private static func span(_ seconds: Double) -> String {
        let whole = Int(max(0, min(1e9, seconds)))
        if whole < 120 { return "\(whole) s" }
        if whole < 7_200 { return "\(whole / 60) min" }
        if whole < 172_800 { return "\(whole / 3_600) h" }
        return "\(whole / 86_400) days"
    }

    private static func size(_ bytes: Int64) -> String {
        if bytes < 10_000 { return "\(bytes) bytes" }
        if bytes < 10_000_000 { return "\(bytes / 1_000) kB" }
        return "\(bytes / 1_000_000) MB"
    }
}
