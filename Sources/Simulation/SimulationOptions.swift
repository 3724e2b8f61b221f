package import Subjects

/// How large and how busy the simulated store is. Equal options and an equal seed give an equal simulation.
package struct SimulationOptions: Sendable {
    package var seed: UInt64
    /// Simulated seconds from the first arrival to the last departure.
    package var duration: Double
    /// The wall time at which the simulation begins.
    package var start: UnixTime
    /// Subjects in the feed; only some of them come in.
    package var subjects: Int
    /// Groups of shoppers an hour: 70 % come alone, 22 % in twos, 8 % in threes.
    package var groupsPerHour: Double
    /// Passers-by an hour: heard through the shop window, they never come in.
    package var passersPerHour: Double
    /// The share of shoppers who opted in.
    package var optInShare: Double
    package var tills: Int
    /// Seconds since the beginning in which no till prints (the demonstration kills the daemon then, so that what must come out
    /// is well defined).
    package var quiet: ClosedRange<Double>?

    package static let storeCode = "NGH-014"
    package static let timeZone = "Europe/London"
    package static let currency = "GBP"
    package static let gateway = "store-014"

    /// Friday 11 June 2027, 10:00 in London. Fixed, so that two runs of one seed print the same receipts.
    package static let defaultStart = UnixTime(seconds: Int64(1_812_704_400))

    /// A store like that of the demonstration: 150 groups an hour, three tills, 40 % opted in, and about 170 subjects in the
    /// feed for each hour (at least 300).
    package init(seed: UInt64, hours: Double, start: UnixTime = SimulationOptions.defaultStart) {
        self.seed = seed
        duration = max(0.1, hours) * 3600
        self.start = start
        subjects = max(300, Int(170 * hours))
        groupsPerHour = 150
        passersPerHour = 240
        optInShare = 0.4
        tills = 3
    }

    /// Shoppers come in until this moment (seconds), so that everyone has left before the end.
    var lastArrival: Double { max(duration * 0.3, duration - 1200) }
}
