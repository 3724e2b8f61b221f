package import Subjects

/// How the line to the platform stands.
package struct UplinkStatus: Hashable, Sendable {
    /// `idle`, `sending`, `waiting`, `holding` or `waiting for time`.
    package var state = "idle"
    /// Why it waits or holds, one line.
    package var reason: String?
    /// When the platform last took a batch.
    package var lastSuccess: UnixTime?
    package var lastError: String?
    package var lastErrorAt: UnixTime?
    package var batchesSent: Int64 = 0
    /// Events settled, the refused ones included.
    package var eventsSettled: Int64 = 0
    package var eventsRefused: Int64 = 0
    package var failures: Int64 = 0
    package var statesSent: Int64 = 0
    package var pagesApplied: Int64 = 0
    /// By ``FeedRefusal/reason``, `http` or `transport`.
    package var pagesRefused: [String: Int64] = [:]
    /// When the subject feed was last heard, also with nothing new.
    package var lastFeed: UnixTime?
    package var epochsMoved: Int64 = 0
    package var bytesOnWire: Int64 = 0
    /// How batches are packed: `gzip`, `zstd` or `identity`.
    package var coding = "gzip"
    /// When this gateway's certificate, as it is in use, ends.
    package var certificateNotAfter: UnixTime?
    /// That it ends soon, or has ended: one line.
    package var certificateTrouble: String?
    /// Why the certificate, key or authorities that are in the files now are not in use: one line.
    package var identityTrouble: String?
}
