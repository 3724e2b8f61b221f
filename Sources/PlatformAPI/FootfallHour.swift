/// The data of `footfall.hour`: counts of opted-in people in one hour of one store. Small cells are left out.
package struct FootfallHour: Codable, Hashable, Sendable {
    package var storeCode: String
    /// RFC 3339 UTC.
    package var hourStart: String
    /// RFC 3339 UTC.
    package var hourEnd: String
    /// Visits that began in the hour; absent when suppressed.
    package var entered: Int?
    package var passersby: Int?
    package var bounces: Int?
    package var visitors: Int?
    package var engaged: Int?
    /// True when a count below `k` was left out.
    package var suppressed: Bool
    /// The smallest count that is told.
    package var k: Int
    /// Frames with Apple's overflow bit of the retailer's service: an app is there, nobody knows whose.
    package var overflowSeen: Int
    package var definitionVersion: String
    package var clockState: String

    package init(
        storeCode: String, hourStart: String, hourEnd: String, entered: Int? = nil, passersby: Int? = nil,
        bounces: Int? = nil, visitors: Int? = nil, engaged: Int? = nil, suppressed: Bool, k: Int, overflowSeen: Int,
        definitionVersion: String, clockState: String
    ) {
        self.storeCode = storeCode
        self.hourStart = hourStart
        self.hourEnd = hourEnd
        self.entered = entered
        self.passersby = passersby
        self.bounces = bounces
        self.visitors = visitors
        self.engaged = engaged
        self.suppressed = suppressed
        self.k = k
        self.overflowSeen = overflowSeen
        self.definitionVersion = definitionVersion
        self.clockState = clockState
    }

    private enum CodingKeys: String, CodingKey {
        case entered, passersby, bounces, visitors, engaged, suppressed, k
        case storeCode = "store_code"
        case hourStart = "hour_start"
        case hourEnd = "hour_end"
        case overflowSeen = "overflow_seen"
        case definitionVersion = "definition_version"
        case clockState = "clock_state"
    }
}
