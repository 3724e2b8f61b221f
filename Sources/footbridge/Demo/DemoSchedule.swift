/// When what happens, in seconds since the store hour began.
struct DemoSchedule {
    /// The store's hour.
    let hour = 3600.0
    /// The platform goes away, and comes back later.
    let platformGoes = 0.36 * 3600
    let platformReturns = 0.56 * 3600
    /// No till prints in these minutes: a printer's bytes that nobody reads are lost, in a real store too, and what must come out
    /// would depend on the moment of the kill.
    let quiet = (0.44 * 3600)...(0.44 * 3600 + 330)
    /// The daemon is killed, in the quiet minutes, and started again at once.
    var kill: Double { quiet.lowerBound + 20 }
    /// After the last exit a visit stays open for its gap time-out and the merge window of 15 minutes.
    let closing = 1380.0
    /// Real seconds that platform and daemon have for their start.
    let readySeconds = 6.0
}
