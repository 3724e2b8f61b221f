package import Subjects

/// The time that a radio stamps its sightings with; the Gateway's clock, scaled or not.
package protocol RadioClock: Sendable {
    /// Both clocks now, and whether the wall clock can be trusted.
    func now() -> (moment: Moment, state: ClockState)

    /// How long `simulated` lasts in real time.
    func realDelay(_ simulated: Duration) -> Duration
}
