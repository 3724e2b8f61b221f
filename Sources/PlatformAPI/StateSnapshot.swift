/// The body of `PUT /v1/state`: how the gateway is now. The latest wins; it has no sequence.
package struct StateSnapshot: Codable, Hashable, Sendable {
    /// The id; must be the certificate's.
    package var gateway: String
    /// RFC 3339 UTC.
    package var takenAt: String
    package var bootID: String
    package var storeCode: String
    /// Of the program.
    package var version: String
    /// `synchronised`, `holdover` or `unset`.
    package var clockState: String
    package var uptimeSeconds: Double
    package var queue: QueueHealth
    package var radios: [RadioHealth]
    package var tills: [TillHealth]
    /// `name` or `name.reason`.
    package var counters: [String: Int64]
    /// Opted-in people now, by zone.
    package var present: [String: Int]
    package var openVisits: Int

    package init(
        gateway: String, takenAt: String, bootID: String, storeCode: String, version: String, clockState: String,
        uptimeSeconds: Double, queue: QueueHealth, radios: [RadioHealth], tills: [TillHealth],
        counters: [String: Int64] = [:], present: [String: Int] = [:], openVisits: Int = 0
    ) {
        self.gateway = gateway
        self.takenAt = takenAt
        self.bootID = bootID
        self.storeCode = storeCode
        self.version = version
        self.clockState = clockState
        self.uptimeSeconds = uptimeSeconds
        self.queue = queue
        self.radios = radios
        self.tills = tills
        self.counters = counters
        self.present = present
        self.openVisits = openVisits
    }

    private enum CodingKeys: String, CodingKey {
        case gateway, version, queue, radios, tills, counters, present
        case takenAt = "taken_at"
        case bootID = "boot_id"
        case storeCode = "store_code"
        case clockState = "clock_state"
        case uptimeSeconds = "uptime_s"
        case openVisits = "open_visits"
    }
}

extension StateSnapshot {
    /// The body of the request, the same for the same value.
    /// - Throws: `EncodingError` when a number is not finite.
    package func encoded() throws -> [UInt8] { try WireJSON.encode(self) }
}
