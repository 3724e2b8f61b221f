package import Subjects

/// The clocks of a feed. A scaled clock for simulations implements it as well as the real one.
package protocol FeedClock: Sendable {
    /// The present moment on both clocks.
    func now() -> Moment
    /// How long to wait in reality for so much simulated time to pass.
    func realDelay(_ simulated: Duration) -> Duration
}
