package import Subjects

/// Time as the uplink sees it; a scaled clock in demonstrations.
package protocol UplinkClock: Sendable {
    func now() -> Moment
    /// How long a duration of this clock lasts in real time.
    func realDelay(_ duration: Duration) -> Duration
    /// The system's own wall clock, by which TLS judges certificates, and whether it can be right: false on a box that has started
    /// without a battery-backed clock and has not been told the time yet.
    func systemTime() -> (wall: UnixTime, isSet: Bool)
}
