import Advertising
import CLinux
package import Subjects
import Synchronization
import Threads

/// One radio: a thread that reads advertisements from its source, resolves them, and lets only sightings of our
/// subjects out.
///
/// `sink` and `report` are called on that thread and must not block: behind them is a bounded queue, never a database
/// or a network. A lost controller is tried again, for ever, with a back-off of five seconds at most.
package final class RadioReader: Sendable {
    package let name: ReceiverID
    package let source: RadioSource
    let resolver: ResolverSlot
    let overflowBits: [Int]
    let clock: any RadioClock
    let commandTimeOut: Duration
    let sink: @Sendable (Sighting) -> Void
    private let report: @Sendable (RadioNotice) -> Void

    let bell = Doorbell()
    private let stopping = Atomic(false)
    private let thread = Mutex<WorkerThread?>(nil)
    private let shared = Mutex(Shared())

    private struct Shared {
        var state = RadioState.starting
        var counters = RadioCounters()
        var controller: ControllerDescription?
        var lastReport: Moment?
    }

    /// - `resolver`: where the current table of our identifiers is found.
    /// - `overflowBits`: positions of our app's services in Apple's overflow mask.
    /// - `sink`: takes each sighting.
    /// - `report`: takes each change of state.
    /// - `commandTimeOut`: how long a controller may take to answer a command, in real time.
    package init(
        name: ReceiverID, source: RadioSource, resolver: ResolverSlot, overflowBits: [Int] = [], clock: any RadioClock,
        commandTimeOut: Duration = ControllerInitialiser.standardTimeOut,
        sink: @escaping @Sendable (Sighting) -> Void, report: @escaping @Sendable (RadioNotice) -> Void
    ) {
        self.name = name
        self.source = source
        self.resolver = resolver
        self.overflowBits = overflowBits
        self.clock = clock
        self.commandTimeOut = commandTimeOut
        self.sink = sink
        self.report = report
    }

    /// A snapshot, at most one chunk of the stream old.
    package var counters: RadioCounters { shared.withLock { $0.counters } }
    package var state: RadioState { shared.withLock { $0.state } }
    /// What the controller said about itself when it last began to scan.
    package var controller: ControllerDescription? { shared.withLock { $0.controller } }
    /// When the last advertisement of anybody was heard: a sign of life of the radio.
    package var lastReport: Moment? { shared.withLock { $0.lastReport } }

    /// Starts the thread; a second call does nothing.
    /// - Returns: false when the system has no thread left.
    @discardableResult
    package func start() -> Bool {
        thread.withLock { thread in
            if thread != nil { return true }
            let created = WorkerThread(name: "radio \(name.rawValue)") { self.run() }
            thread = created
            return created.start()
        }
    }

    /// Stops the scan and the thread.
    /// - Returns: false when the thread has not ended within `deadline` (real time).
    @discardableResult
    package func stop(deadline: Duration = .seconds(2)) -> Bool {
        stopping.store(true, ordering: .releasing)
        bell.ring()
        guard let thread = thread.withLock({ $0 }) else { return true }
        return thread.join(deadline: deadline)
    }

    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    /// Real monotonic time, for the controller's time-outs.
    static var realNow: Duration { .nanoseconds(fb_boottime_nanoseconds()) }

    private func run() {
        var frames = FrameResolver(overflowBits: overflowBits)
        var backoff = RadioBackoff()
        while !isStopping {
            do throws(RadioError) {
                frames.counters.connections += 1
                switch source {
                case .h4Socket(let path):
                    try listen(path, &frames, &backoff)
                case .btsnoop(let path, let speed):
                    let remark = try play(path, speed: speed, &frames)
                    if !isStopping { return enter(.finished, remark: remark) }
                }
            } catch {
                frames.counters.losses += 1
                if case .controller(_, .hardware) = error { frames.counters.controllerResets += 1 }
                publish(frames, heard: nil)
                enter(.waiting(reason: error.description))
                pause(backoff.next())
            }
        }
        enter(.stopped)
    }

    /// Waits for simulated time to pass; ends early when the reader is stopped.
    private func pause(_ delay: Duration) {
        let until = clock.now().moment.monotonic + delay
        while !isStopping {
            let rest = until - clock.now().moment.monotonic
            guard rest > .zero else { return }
            bell.wait(timeout: clock.realDelay(rest))
        }
    }

    /// Waits until the box's monotonic clock shows `due`. False when the reader is stopped.
    func wait(until due: Duration) -> Bool {
        pause(due - clock.now().moment.monotonic)
        return !isStopping
    }

    /// Makes the counters visible.
    func publish(_ frames: borrowing FrameResolver, heard: Moment?) {
        let counters = frames.counters
        shared.withLock { shared in
            shared.counters = counters
            if let heard { shared.lastReport = heard }
        }
    }

    /// Changes the state and tells the log, once for each change.
    func enter(_ state: RadioState, controller: ControllerDescription? = nil, remark: String? = nil) {
        let isNew = shared.withLock { shared in
            if let controller { shared.controller = controller }
            if shared.state == state { return false }
            shared.state = state
            return true
        }
        if isNew { report(RadioNotice(receiver: name, state: state, controller: controller, remark: remark)) }
    }
}
