import Glibc

/// The level of one transmitter at one receiver, smoothed over seconds, as the visits see it.
package struct SmoothedLevel: Hashable, Sendable {
    /// dBm.
    package private(set) var dBm: Double
    /// When it was last heard, on the monotonic clock.
    package private(set) var heard: Duration

    package init(_ rssi: Int8, at: Duration) {
        dBm = Double(rssi)
        heard = at
    }

    /// A moving average whose time constant is in seconds, so that it means the same for fast and slow advertisers.
    package mutating func hear(_ rssi: Int8, at: Duration, smoothing: Duration) {
        dBm += (1 - exp(-max(0, (at - heard) / smoothing))) * (Double(rssi) - dBm)
        heard = max(heard, at)
    }
}
