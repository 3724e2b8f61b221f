import Synchronization
import Threads

/// The thread that commits the outbox by count and by time, at once for what is urgent: one fsync for many events.
package final class GroupCommitter: Sendable {
    package struct Policy: Sendable {
        /// Commit when this many drafts wait.
        package var count: Int
        /// Commit when the first draft has waited this long. Real time: it bounds what a power cut can take.
        package var interval: Duration

        /// 100 events or 250 ms: one fsync for 100 events writes a twelfth of the bytes of one fsync each
        /// (14,743 against 1,243 bytes an event, measured on ext4).
        package static let standard = Policy(count: 100, interval: .milliseconds(250))

        package init(count: Int, interval: Duration) {
            self.count = max(1, count)
            self.interval = interval
        }
    }

    /// What the operator should hear of.
    package enum Notice: Hashable, Sendable, CustomStringConvertible {
        /// A commit failed; its events wait in memory and are tried again.
        case failed(OutboxError)
        /// Commits work again.
        case recovered
        case evicted(Eviction)
        /// The write-ahead log cannot be emptied and grows.
        case logHeld(LogTrouble)
        /// It can be emptied again.
        case logEmptied
        /// The file was damaged and has been set aside.
        case rescued(Rescue)
        /// The types of drafts that could not be encoded.
        case unencodable([String])

        package var description: String {
            switch self {
            case .failed(let error): "\(error); events wait in memory until it works again"
            case .recovered: "events are accepted again, and what waited in memory is on disk"
            case .evicted(let eviction): "\(eviction)"
            case .logHeld(let trouble):
                "\(trouble); events are accepted meanwhile, until it takes what is left of queue.max_bytes"
            case .logEmptied: "the queue's log can be emptied again"
            case .rescued(let rescue): "\(rescue)"
            case .unencodable(let types):
                "\(types.count) events could not be encoded and are lost (\(Set(types).sorted().joined(separator: ", "))); "
                    + "this is a defect of the program, report it"
            }
        }
    }

    private struct State {
        var level = PendingGroup.Level(drafts: 0, states: 0, urgent: false)
        var deadline: ContinuousClock.Instant?
        var stopBy: ContinuousClock.Instant?
        var started = false
    }

    /// How often the caps are looked at when nothing presses.
    private static let capsInterval = Duration.seconds(10)
    private static let retryInterval = Duration.milliseconds(250)
    /// Between two attempts while the disk refuses for long.
    private static let longestRetryInterval = Duration.seconds(4)

    private let outbox: Outbox
    private let policy: Policy
    private let report: @Sendable (Notice) -> Void
    private let state = Mutex(State())
    private let bell = Doorbell()
    private let thread = Mutex<WorkerThread?>(nil)
    private let drained = Atomic<Bool>(false)
    /// The caps could not be enforced: said once.
    private let capsFail = Atomic<Bool>(false)
    /// That the log cannot be emptied was said.
    private let logIsHeld = Atomic<Bool>(false)

    package init(outbox: Outbox, policy: Policy = .standard, report: @escaping @Sendable (Notice) -> Void = { _ in }) {
        self.outbox = outbox
        self.policy = policy
        self.report = report
    }

    package func start() {
        let first = state.withLock { state in
            defer { state.started = true }
            return !state.started
        }
        guard first else { return }
        outbox.ring { [weak self] level in self?.heard(level) }
        let worker = WorkerThread(name: "outbox") { [self] in run() }
        thread.withLock { $0 = worker }
        worker.start()
    }

    /// Commits what waits and ends the thread.
    /// - Returns: true when everything that was enqueued is on disk.
    package func stop(deadline: Duration) -> Bool {
        let wasStarted = state.withLock { state in
            state.stopBy = .now + deadline
            return state.started
        }
        guard wasStarted else { return (try? outbox.commit()) != nil || outbox.uncommitted == 0 }
        bell.ring()
        guard let worker = thread.withLock(\.self), worker.join(deadline: deadline + .seconds(1)) else { return false }
        return drained.load(ordering: .acquiring)
    }

    /// Wakes the thread only when that changes when it would commit.
    private func heard(_ level: PendingGroup.Level) {
        let wake = state.withLock { state in
            state.level = level
            if state.deadline == nil {
                state.deadline = .now + policy.interval
                return true
            }
            return level.urgent || level.drafts >= policy.count
        }
        if wake { bell.ring() }
    }

    private func run() {
        var nextCaps = ContinuousClock.now
        var failing = outbox.condition != nil
        if let reason = outbox.condition { report(.failed(reason)) }
        tellRescues()
        var retry = Self.retryInterval
        while true {
            let (due, wakeAt, stopBy) = state.withLock {
                state -> (Bool, ContinuousClock.Instant, ContinuousClock.Instant?) in
                let due =
                    state.level.urgent || state.level.drafts >= policy.count || state.stopBy != nil
                    || state.deadline.map { $0 <= .now } == true
                return (
                    due && (!failing || state.stopBy != nil), state.deadline ?? .now + Self.capsInterval, state.stopBy
                )
            }
            if due || failing {
                let succeeded = commit(failing: failing)
                failing = !succeeded
                if let stopBy, succeeded || stopBy <= .now {
                    drained.store(succeeded && outbox.uncommitted == 0, ordering: .releasing)
                    break
                }
                if failing { wait(until: .now + retry) }
                retry = failing ? min(retry * 2, Self.longestRetryInterval) : Self.retryInterval
                continue
            }
            if nextCaps <= .now {
                enforceCaps(force: false)
                outbox.retryCheckpoint()
                tellLog()
                nextCaps = .now + Self.capsInterval
            }
            wait(until: wakeAt)
        }
        outbox.ring(nil)
    }

    private func commit(failing: Bool) -> Bool {
        state.withLock { state in
            state.level = PendingGroup.Level(drafts: 0, states: 0, urgent: false)
            state.deadline = nil
        }
        do throws(OutboxError) {
            let commit = try outbox.commit()
            tellRescues()
            tellLog()
            if let commit, !commit.unencodable.isEmpty { report(.unencodable(commit.unencodable)) }
            if failing { report(.recovered) }
            return true
        } catch {
            tellLog()
            if !failing { report(.failed(error)) }
            if case .full = error { enforceCaps(force: true, quietly: failing) }
            return false
        }
    }

    private func tellRescues() {
        for rescue in outbox.takeRescues() { report(.rescued(rescue)) }
    }

    private func tellLog() {
        let trouble = outbox.logTrouble
        guard logIsHeld.exchange(trouble != nil, ordering: .relaxed) != (trouble != nil) else { return }
        report(trouble.map { .logHeld($0) } ?? .logEmptied)
    }

    /// - Parameter quietly: that it fails was said with the attempt before.
    private func enforceCaps(force: Bool, quietly: Bool = false) {
        do throws(OutboxError) {
            let eviction = try outbox.enforceCaps(force: force)
            capsFail.store(false, ordering: .relaxed)
            if !eviction.isEmpty { report(.evicted(eviction)) }
        } catch {
            let isNew = !capsFail.exchange(true, ordering: .relaxed)
            if isNew, !quietly { report(.failed(error)) }
        }
    }

    private func wait(until instant: ContinuousClock.Instant) {
        bell.wait(timeout: max(.zero, instant - .now))
    }
}
