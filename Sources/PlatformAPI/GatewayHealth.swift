/// The data of `gateway.health`: how the gateway fared in a period.
package struct GatewayHealth: Codable, Hashable, Sendable {
    /// RFC 3339 UTC.
    package var periodStart: String
    /// RFC 3339 UTC.
    package var periodEnd: String
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

    package init(
        periodStart: String, periodEnd: String, storeCode: String, version: String, clockState: String,
        uptimeSeconds: Double, queue: QueueHealth, radios: [RadioHealth], tills: [TillHealth],
        counters: [String: Int64] = [:]
    ) {
        self.periodStart = periodStart
        self.periodEnd = periodEnd
        self.storeCode = storeCode
        self.version = version
        self.clockState = clockState
        self.uptimeSeconds = uptimeSeconds
        self.queue = queue
        self.radios = radios
        self.tills = tills
        self.counters = counters
    }

    private enum CodingKeys: String, CodingKey {
        case version, queue, radios, tills, counters
        case periodStart = "period_start"
        case periodEnd = "period_end"
        case storeCode = "store_code"
        case clockState = "clock_state"
        case uptimeSeconds = "uptime_s"
    }
}
