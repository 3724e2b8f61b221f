import Logging
import Outbox
import PlatformAPI
import Subjects
import Synchronization
import Threads

/// The one thread that owns the engine: takes inputs in order, lets time pass, and hands what came of it to the queue together with
/// the checkpoint of what changed.
final class EngineThread: Sendable {
    /// What the status report wants to know of the engine.
    struct Summary: Sendable {
        var counters = EngineCounters()
        var openVisits = 0
        /// Opted-in people now, by zone.
        var present: [String: Int] = [:]
        var subjects = 0
        /// Keys of the feed that this box does not take.
        var refusedKeys: UInt64 = 0
        var feed: FeedPosition?
        /// The last hours, oldest first.
        var coverage: [CoverageHours.Hour] = []
        /// What stands against each till, and since when.
        var alarms: [String: [TillAlarmKind: UnixTime]] = [:]
        /// Seconds by which each till's printed times are ahead of the box's clock.
        var clockOffsets: [String: Int64] = [:]
    }

    /// How much of the sightings' work a crash may lose.
    private static let checkpointInterval = Duration.seconds(30)
    /// How often time passes at least (real time) while nothing comes, so that a stop and a health event are never late.
    private static let longestWait = Duration.milliseconds(500)
    private static let healthInterval = Duration.seconds(3_600)
    /// How old the status report's numbers may be (real time).
    private static let publicationInterval = Duration.milliseconds(500)

    private let engine: Mutex<(engine: Engine, store: EngineStateStore)>
    private let inputs: InputQueue
    private let outbox: Outbox
    private let box: BoxIdentity
    private let clock: GatewayClock
    private let tables: ResolverTableKeeper
    private let health: @Sendable (_ from: Moment, _ to: Moment) -> GatewayHealth?
    private let overflowSeen: @Sendable () -> UInt64
    private let log: Logger
    private let stopping = Atomic<Bool>(false)
    private let published = Mutex(Summary())
    private let thread = Mutex<WorkerThread?>(nil)

    init(
        engine: Engine, store: EngineStateStore, inputs: InputQueue, outbox: Outbox, box: BoxIdentity,
        clock: GatewayClock,
        tables: ResolverTableKeeper, log: Logger,
        health: @escaping @Sendable (_ from: Moment, _ to: Moment) -> GatewayHealth?,
        overflowSeen: @escaping @Sendable () -> UInt64 = { 0 }
    ) {
        self.engine = Mutex((engine, store))
        self.inputs = inputs
        self.outbox = outbox
        self.box = box
        self.clock = clock
        self.tables = tables
        self.log = log
        self.health = health
        self.overflowSeen = overflowSeen
        tables.update(engine.registry)
    }

    var summary: Summary { published.withLock { $0 } }

    func start() {
        let worker = WorkerThread(name: "fb-engine") { [self] in run() }
        thread.withLock { $0 = worker }
        worker.start()
    }

    /// Takes what still waits, saves everything and ends. The sources must have stopped before.
    /// - Returns: false when it did not end in time.
    func stop(deadline: Duration) -> Bool {
        inputs.close()
        stopping.store(true, ordering: .releasing)
        inputs.ring()
        return thread.withLock { $0 }?.join(deadline: deadline) ?? true
    }

    private func run() {
        // The lock is this thread's for its whole life: nobody else may ever touch the engine.
        engine.withLock { held in
            var nextCheckpoint = clock.reading().moment.monotonic + Self.checkpointInterval
            var nextPublication = ContinuousClock.now
            var coverage = CoverageHours()
            var healthSince = clock.reading().moment
            // Said when it changes, and at the start unless all is well.
            var clockState = ClockState.synchronised
            while true {
                let last = stopping.load(ordering: .acquiring)
                let batch = inputs.take(timeout: last ? .zero : wait(held.engine, until: nextCheckpoint))
                let (now, state) = clock.reading()
                if state != clockState { say(state, at: now) }
                clockState = state
                held.engine.clockState = state
                held.store.trustsWall = clock.isTrustworthy
                for input in batch {
                    if case .sighting(let sighting) = input { coverage.heard(sighting) }
                    take(input, &held, at: now)
                }
                held.engine.advance(to: now)
                enqueue(&held, at: now)
                if last || now.monotonic >= nextCheckpoint {
                    nextCheckpoint = now.monotonic + Self.checkpointInterval
                    checkpoint(&held, at: now)
                }
                if now.monotonic - healthSince.monotonic >= Self.healthInterval {
                    if let report = health(healthSince, now) {
                        outbox.enqueue([GatewayEvent(.gatewayHealth, at: now, report).draft(by: box)])
                    }
                    healthSince = now
                }
                if last || ContinuousClock.now >= nextPublication {
                    nextPublication = .now + Self.publicationInterval
                    if state != .unset { coverage.advance(to: now.wall, overflowSeen: overflowSeen()) }
                    publish(held.engine, coverage.hours)
                }
                if last, batch.isEmpty { return }
            }
        }
    }

    /// Real time until something falls due.
    private func wait(_ engine: Engine, until checkpoint: Duration) -> Duration {
        let due = min(engine.nextDeadline ?? checkpoint, checkpoint)
        return max(.zero, min(Self.longestWait, clock.realDelay(due - clock.reading().moment.monotonic)))
    }

    private func take(
        _ input: EngineInput, _ held: inout (engine: Engine, store: EngineStateStore), at now: Moment
    ) {
        switch input {
        case .sighting(let sighting):
            held.engine.observe(sighting)
        case .document(let document):
            held.engine.receive(document, at: now)
        case .subjects(let page):
            apply(page, &held, at: now)
        }
    }

    /// The page and what it retracts reach the disk together: a page that were saved alone would never be fetched again, and its
    /// retractions would be lost in a crash.
    private func apply(
        _ page: SubjectPage, _ held: inout (engine: Engine, store: EngineStateStore), at now: Moment
    ) {
        let changes = held.engine.apply(page, at: now)
        do {
            let saved = try held.store.changes(of: held.engine.registry, after: changes)
            enqueue(&held, at: now, with: saved)
        } catch {
            log.error(
                "a page of subjects is in force but could not be saved: \(error); it is fetched again after a restart"
            )
        }
        tables.update(held.engine.registry)
        log.info(
            "subjects: page \(page.serial) applied, \(changes.count) entries, \(held.engine.registry.count) subjects known"
        )
    }

    private func say(_ state: ClockState, at now: Moment) {
        switch state {
        case .synchronised: log.notice("the clock is synchronised")
        case .holdover: log.notice("the clock is not synchronised; it is believed, as its time is plausible")
        case .unset:
            let why = "it reads \(now.wall.rfc3339()), before this program was built or before the last stored time"
            log.warning("the clock is unset: \(why); nobody is recognised until it is set (see timedatectl)")
        }
    }

    private func enqueue(
        _ held: inout (engine: Engine, store: EngineStateStore), at now: Moment,
        with page: EngineStateStore.Changes = [:]
    ) {
        let outputs = held.engine.takeOutputs()
        defer { announce(outputs.alarms, held.engine, at: now) }
        guard
            !outputs.events.isEmpty || !outputs.touched.isEmpty || outputs.matchingTouched
                || !outputs.tillsTouched.isEmpty || !page.isEmpty
        else { return }
        do {
            let state = try held.store.changes(of: held.engine, with: outputs, at: now)
            outbox.enqueue(outputs.events.map { $0.draft(by: box) }, state: page.merging(state) { $1 })
        } catch {
            // The events must not be lost because a checkpoint could not be encoded.
            log.error("a checkpoint could not be written: \(error); visits may open twice after a crash")
            outbox.enqueue(outputs.events.map { $0.draft(by: box) }, state: page)
        }
    }

    /// Says what began or ended once, and tells the platform at once instead of with the next hourly report.
    private func announce(_ alarms: [TillAlarmChange], _ engine: Engine, at now: Moment) {
        guard !alarms.isEmpty else { return }
        for alarm in alarms {
            if alarm.isRaised {
                log.error("\(alarm.kind.text(till: alarm.till))")
            } else {
                log.notice("till \(alarm.till): the alarm \(alarm.kind.rawValue) is over")
            }
        }
        publish(engine)
        guard let report = health(now, now) else { return }
        outbox.enqueue([GatewayEvent(.gatewayHealth, at: now, report).draft(by: box)])
    }

    private func checkpoint(_ held: inout (engine: Engine, store: EngineStateStore), at now: Moment) {
        do {
            outbox.enqueue([], state: try held.store.checkpoint(of: held.engine, at: now))
        } catch {
            log.error("a checkpoint could not be written: \(error); a crash loses the visits since the last one")
        }
    }

    private func publish(_ engine: Engine, _ coverage: [CoverageHours.Hour]? = nil) {
        let present = engine.presence
        published.withLock { summary in
            summary.counters = engine.counters
            summary.openVisits = present.open
            summary.present = present.byZone
            summary.subjects = engine.registry.count
            summary.refusedKeys = engine.registry.refusedKeys
            summary.feed = engine.registry.position
            if let coverage { summary.coverage = coverage }
            summary.alarms = engine.tills.alarms
            summary.clockOffsets = engine.tills.clockOffsets
        }
    }
}
