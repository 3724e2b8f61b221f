import Subjects

/// A seeded store: its people, their phones, its tills, and the truth about them.
///
/// The plan of the day (routes, purchases) is made at once; frames and printer bytes are made one by one while the events are
/// read, so that a day of millions of frames needs no more memory than a minute.
package struct StoreSimulation: Sendable {
    package let options: SimulationOptions
    package let plan: StorePlan
    package let truth: SimulationTruth
    let subjects: [SimulatedSubject]
    let people: [Person]
    let documents: [TillDocument]
    let clock: LocalClock

    package init(_ options: SimulationOptions) {
        self.options = options
        plan = StorePlan(tills: options.tills)
        clock = LocalClock(origin: options.start, zone: SimulationOptions.timeZone)
        subjects = SubjectFactory(options: options).subjects()
        let day = StoreDay(options: options, plan: plan, subjects: subjects, clock: clock)
        truth = day.truth
        people = day.people
        documents = day.documents
    }

    /// Everything that reaches the inputs, in the order of time. Each call begins anew and gives the same events.
    package func events() -> SimulatedEvents { SimulatedEvents(self) }

    /// The key under which the retailer hashes loyalty numbers and codes, for the configuration's `subjects.hash_key_file`.
    package var hashKey: [UInt8] {
        var generator = SeededGenerator(seed: options.seed, stream: 4)
        return generator.bytes(32)
    }

    /// The bit of Apple's overflow area that the store's app uses.
    package static let overflowBit = Transmitter.overflowBit
}

extension StoreSimulation {
    /// The store's time of day for a simulated moment (Unix seconds): `10:14`.
    package func localTime(_ seconds: Double) -> String {
        String(clock.issued(seconds - options.start.seconds).dropFirst(11).prefix(5))
    }
}
