package import Advertising

/// The key of 144 ten-minute intervals from `start` on; `start` is the interval number (unix / 600) of a UTC midnight.
package struct DayKey: Hashable, Sendable, Codable {
    package var start: UInt32
    package var key: TokenKey

    package init(start: UInt32, key: TokenKey) {
        self.start = start
        self.key = key
    }
}

/// What the feed says of one phone of the `rolling` or `ibeacon` scheme: `{"scheme","uuid","days":[{"start","key"}]}`.
package struct DayKeys: Hashable, Sendable {
    /// `rolling`: the UUID of the service data. `ibeacon`: the proximity UUID.
    package var uuid: UUID128
    package var days: [DayKey]

    package init(uuid: UUID128, days: [DayKey]) {
        self.uuid = uuid
        self.days = days
    }
}
