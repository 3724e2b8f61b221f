import Advertising
package import Subjects
import Synchronization
import Threads

/// One radio: a thread that reads advertisements from its source, resolves them, and lets only sightings of our
/// subjects out.
///
/// `sink` and `report` are called on that thread and must not block: behind them is a bounded queue, never a database
/// or a network. A lost controller is tried again, for ever, with a back-off of five seconds at most; an adapter of the
/// kernel is helped up by the recovery ladder before.
package final class RadioReader: Sendable {
    package let name: ReceiverID
    package let source: RadioSource
    let resolver: ResolverSlot
    let overflowBits: [Int]
    let clock: any RadioClock
    let commandTimeOut: Duration
    let host: any BluetoothHost
    let claims: AdapterClaims
    let timing: RadioTiming
    let sink: @Sendable (Sighting) -> Void
    private let report: @Sendable (RadioNotice) -> Void

    let bell = Doorbell()
    private let stopping = Atomic(false)
    private let thread = Mutex<WorkerThread?>(nil)
    private let shared = Mutex(Shared())
    /// Set by `RadioSurvey` before the start, and by nothing else.
    let observer = Mutex<(any ReportObserver)?>(nil)

    private struct Shared {
        var state = RadioState.starting
        var counters = RadioCounters()
        var controller: ControllerDescription?
        var lastReport: Moment?
        var remark: String?
    }

    /// - `resolver`: where the current table of our identifiers is found.
    /// - `overflowBits`: positions of our app's services in Apple's overflow mask.
    /// - `sink`: takes each sighting.
    /// - `report`: takes each change of state.
    /// - `commandTimeOut`: how long a controller may take to answer a command, in real time.
    /// - `host`: the kernel's Bluetooth.
    /// - `claims`: which radio has which adapter; the radios of a program share one.
    /// - `timing`: real time.
    package init(
        name: ReceiverID, source: RadioSource, resolver: ResolverSlot, overflowBits: [Int] = [], clock: any RadioClock,
        commandTimeOut: Duration = ControllerInitialiser.standardTimeOut, host: any BluetoothHost = KernelBluetooth(),
        claims: AdapterClaims = AdapterClaims(), timing: RadioTiming = .real,
        sink: @escaping @Sendable (Sighting) -> Void, report: @escaping @Sendable (RadioNotice) -> Void
    ) {
        self.name = name
        self.source = source
        self.resolver = resolver
        self.overflowBits = overflowBits
        self.clock = clock
        self.commandTimeOut = commandTimeOut
        self.host = host
        self.claims = claims
        self.timing = timing
        self.sink = sink
        self.report = report
    }

    /// A snapshot, at most one chunk of the stream old.
    package var counters: RadioCounters { shared.withLock { $0.counters } }
    package var state: RadioState { shared.withLock { $0.state } }
    /// What the controller said about itself when it last began to scan.
    package var controller: ControllerDescription? { shared.withLock { $0.controller } }
    /// What the operator should know beside the state: which adapter the radio has, how a capture ended.
    package var remark: String? { shared.withLock { $0.remark } }
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

    /// What the thread does: reads until it is stopped.
    func run() {
        var frames = FrameResolver(overflowBits: overflowBits)
        frames.observer = observer.withLock { $0 }
        var backoff = RadioBackoff()
        while !isStopping {
            do throws(RadioError) {
                switch source {
                case .adapter(let selector, let mode, let active):
                    follow(selector, mode, isActive: active, &frames)
                case .h4Socket(let path):
                    frames.counters.connections += 1
                    try listen(path, &frames, &backoff)
                case .btsnoop(let path, let speed):
                    frames.counters.connections += 1
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
            shared.remark = remark
            if shared.state == state { return false }
            shared.state = state
            return true
        }
        if isNew { report(RadioNotice(receiver: name, state: state, controller: controller, remark: remark)) }
    }
}
