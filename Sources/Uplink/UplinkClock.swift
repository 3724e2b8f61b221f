package import Subjects

/// Time as the uplink sees it; a scaled clock in demonstrations.
package protocol UplinkClock: Sendable {
    func now() -> Moment
    /// How long a duration of this clock lasts in real time.
    func realDelay(_ duration: Duration) -> Duration
}
