/// Where the queue is and how large it may grow.
package struct OutboxConfiguration: Sendable {
    /// The SQLite file; a missing directory is made with mode 0700.
    package var path: String
    /// The gateway's id, without the URN prefix. A queue belongs to one gateway for ever.
    package var gateway: String
    /// The most bytes that the file and its WAL may take. SQLite itself refuses to let the file grow beyond 90 % of it.
    package var maximumBytes: Int64
    /// Older events are evicted. 62 days by the design: two months of receipts.
    package var maximumAge: Duration
    /// The most drafts that wait in memory for a commit while the disk refuses; beyond, the least important go, counted.
    package var pendingLimit: Int
    /// Space that is reserved beside the queue for the day when the file system is full; 0 reserves none.
    package var ballastBytes: Int64
    /// How many damaged files are kept for somebody to look at; older ones are removed.
    package var damagedFilesKept = 3
    /// Whether a damaged file is set aside and salvaged. Only the daemon does: a command refuses it, changed in nothing.
    package var salvages = true
    package var stamp: @Sendable () -> EventStamp
    /// Told what is done with a large or damaged file, on the thread that does it and as often as some hundred rows are
    /// done; so it must be quick.
    package var progress: @Sendable (OpeningProgress) -> Void = { _ in }

    package init(
        path: String, gateway: String, maximumBytes: Int64 = 1 << 30, maximumAge: Duration = .seconds(62 * 86_400),
        pendingLimit: Int = 20_000, ballastBytes: Int64 = 0,
        stamp: @escaping @Sendable () -> EventStamp
    ) {
        self.path = path
        self.gateway = gateway
        self.maximumBytes = maximumBytes
        self.maximumAge = maximumAge
        self.pendingLimit = pendingLimit
        self.ballastBytes = ballastBytes
        self.stamp = stamp
    }

    /// The database file may take so much; the rest of the quota is for its WAL.
    var maximumFileBytes: Int64 { maximumBytes / 10 * 9 }

    /// A checkpoint after so many pages in the WAL: 4 MiB (SQLite's default), less for a small quota, and never more than a
    /// quarter of the ballast: a checkpoint makes the file grow by as much, also on a full disk.
    var checkpointPages: Int64 {
        let reserve = ballastBytes > 0 ? ballastBytes / 4 : .max
        return max(64, min(4_096_000, maximumBytes / 40, reserve) / QueueFile.pageBytes)
    }

    /// The WAL is cut to this after a checkpoint.
    var maximumLogBytes: Int64 { max(256 << 10, min(16 << 20, maximumBytes / 10)) }
}
