/// Where the queue is and how large it may grow.
package struct OutboxConfiguration: Sendable {
    /// The SQLite file; a missing directory is made with mode 0700.
    package var path: String
    /// The gateway's id, without the URN prefix. A queue belongs to one gateway for ever.
    package var gateway: String
    /// The most bytes that the file may hold, all tables and indexes. SQLite itself refuses to go beyond.
    package var maximumBytes: Int64
    /// Older events are evicted. 62 days by the design: two months of receipts.
    package var maximumAge: Duration
    /// The most drafts that wait in memory for a commit while the disk refuses; beyond, the least important go, counted.
    package var pendingLimit: Int
    package var stamp: @Sendable () -> EventStamp

    package init(
        path: String, gateway: String, maximumBytes: Int64 = 1 << 30, maximumAge: Duration = .seconds(62 * 86_400),
        pendingLimit: Int = 20_000, stamp: @escaping @Sendable () -> EventStamp
    ) {
        self.path = path
        self.gateway = gateway
        self.maximumBytes = maximumBytes
        self.maximumAge = maximumAge
        self.pendingLimit = pendingLimit
        self.stamp = stamp
    }
}
