import CLinux
import Logging
import Outbox
import Synchronization

/// What systemd is told (sd_notify(3), Type=notify).
///
/// Salvaging a damaged queue of a gibibyte takes minutes and must be done before anything runs: without what the queue
/// knows nobody is recognised, and a visit that is open would be opened twice. systemd would end the start after
/// TimeoutStartSec and begin it anew, for ever. So each step that was done buys time for the next one; a start that hangs
/// does no step and buys none.
final class ServiceManager: Sendable {
    /// Beyond what any one step takes, also on a slow memory card.
    private static let patience = Duration.seconds(120)
    private static let interval = Duration.seconds(1)

    private struct State {
        var isReady = false
        var step: OpeningProgress.Step?
        var lastTold: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let log: Logger

    init(log: Logger) { self.log = log }

    /// Says it at the begin of each step, then at most once a second. Nothing is said of a start that is quick.
    func tell(_ progress: OpeningProgress) {
        let now = ContinuousClock.now
        let (isDue, isNew, isReady) = state.withLock { state in
            let isNew = state.step != progress.step
            let isDue = isNew || state.lastTold.map { now - $0 >= Self.interval } ?? true
            state.step = progress.step
            if isDue { state.lastTold = now }
            return (isDue, isNew, state.isReady)
        }
        if isNew, progress.step == .salvaging {
            log.error("queue: damaged; what it still holds is salvaged, which takes minutes for a large one")
        }
        guard isDue else { return }
        let more = isReady ? "" : "EXTEND_TIMEOUT_USEC=\(Int64(Self.patience / .microseconds(1)))\n"
        fb_sd_notify("\(more)STATUS=\(progress)")
    }

    func ready() {
        state.withLock {
            $0.isReady = true
            $0.step = nil
        }
        fb_sd_notify("READY=1\nSTATUS=capturing")
    }

    /// A rescue has ended. One of the start is told of when the committing thread first runs, which may be before READY.
    func rescued() {
        let isReady = state.withLock { state in
            state.step = nil
            return state.isReady
        }
        if isReady { fb_sd_notify("STATUS=capturing") }
    }

    func stopping() { fb_sd_notify("STOPPING=1\nSTATUS=saving what is in memory") }
}
