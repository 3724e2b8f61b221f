import PlatformAPI

/// When events happened by the platform's clock, from what the gateway's two clocks said.
///
/// The monotonic clock of a boot never steps. So one number, the boot's origin (true time at monotonic 0), gives the true time of each of
/// its events: `origin + monotonic`. The rules, from the surest on:
///
/// 1. The batch says the monotonic time of its sending (``Wire/sentMonotonicHeader``): the origin of that boot is
///    `received_at - sent_monotonic`, whatever the wall clock did. It is exact, and also mends what the boot sent before.
/// 2. Else `time - monotonic + (received_at - sent_at)` of the last event of the boot in the batch with which that event is neither in
///    the future nor before ``earliest``: earlier events were stamped by the same clock or by a worse one. The term in brackets, the
///    error of the gateway's clock when it sent (Segment and Snowplow use it for each event), counts from ``tolerance`` on: below, it is
///    the time on the way.
/// 3. Else what an earlier batch of the boot said.
/// 4. Else nobody can tell yet: nil, until a later batch of the boot can.
///
/// A result within ``tolerance`` of the event's own time leaves that as it is.
struct ClockRepair: Hashable, Sendable {
    /// Milliseconds: a batch may be so long on its way, and two clocks may differ by so much, without being called wrong.
    static let tolerance: Int64 = 60_000
    /// 2020-01-01T00:00:00Z in milliseconds: before it, no gateway existed, so its clock was not set.
    static let earliest: Int64 = 1_577_836_800_000

    /// True time at monotonic 0, in milliseconds since 1970.
    struct Origin: Hashable, Sendable {
        var milliseconds: Int64
        /// By rule 1.
        var isExact: Bool
    }

    struct Stamp: Hashable, Sendable {
        /// Milliseconds since 1970 by the gateway's wall clock.
        var time: Int64
        var boot: String
        /// Nanoseconds.
        var monotonic: Int64

        fileprivate var monotonicMilliseconds: Int64 { monotonic / 1_000_000 }
    }

    /// Milliseconds since 1970 by the platform's clock.
    var receivedAt: Int64
    /// By the gateway's.
    var sentAt: Int64
    /// The boot that sent the batch and its monotonic time then, nanoseconds; nil when the gateway does not say.
    var sent: SentMonotonic?

    /// What has to be added to the gateway's wall clock; 0 when it was right.
    var error: Int64 { abs(receivedAt - sentAt) <= Self.tolerance ? 0 : receivedAt - sentAt }

    /// The origin of each boot that the batch's events or its sending tell of.
    ///
    /// - Parameters:
    ///   - stamps: of the batch's events in order of their sequence.
    ///   - known: from earlier batches.
    func origins(_ stamps: [Stamp], known: [String: Origin]) -> [String: Origin] {
        var origins = known
        var told: Set<String> = []
        if let sent {
            origins[sent.boot] = Origin(
                milliseconds: receivedAt - Int64(sent.nanoseconds / 1_000_000), isExact: true)
            told.insert(sent.boot)
        }
        for stamp in stamps.reversed() where !told.contains(stamp.boot) {
            guard known[stamp.boot]?.isExact != true, isPlausible(stamp.time + error) else { continue }
            told.insert(stamp.boot)
            origins[stamp.boot] = Origin(
                milliseconds: stamp.time + error - stamp.monotonicMilliseconds, isExact: false)
        }
        return origins
    }

    /// When the event happened; nil when nothing says so yet.
    func corrected(_ stamp: Stamp, origins: [String: Origin]) -> Int64? {
        guard let origin = origins[stamp.boot] else { return nil }
        let time = origin.milliseconds + stamp.monotonicMilliseconds
        return abs(time - stamp.time) <= Self.tolerance ? stamp.time : time
    }

    private func isPlausible(_ time: Int64) -> Bool { time >= Self.earliest && time <= receivedAt + Self.tolerance }
}
