package import Subjects
import Synchronization
import Threads

/// Keeps the resolver table in step with the registry and with time: rebuilt on its own thread, swapped whole.
package final class ResolverTableKeeper: Sendable {
    private struct State {
        var registry = SubjectRegistry()
        var stopping = false
    }

    /// What the reading threads look into.
    package let slot = ResolverSlot()
    private let clock: GatewayClock
    private let resolved = ResolvedTokens()
    private let builder = Mutex(ResolverTableBuilder())
    private let state = Mutex(State())
    private let bell = Doorbell()
    private let thread = Mutex<WorkerThread?>(nil)

    package init(clock: GatewayClock) { self.clock = clock }

    /// Takes a new registry over; the table follows shortly.
    package func update(_ registry: SubjectRegistry) {
        state.withLock { $0.registry = registry }
        bell.ring()
    }

    /// Builds the first table before it returns, so that a radio that starts next knows everybody.
    package func start() {
        rebuild()
        let worker = WorkerThread(name: "fb-subjects") { [self] in run() }
        thread.withLock { $0 = worker }
        worker.start()
    }

    @discardableResult
    package func stop(deadline: Duration) -> Bool {
        state.withLock { $0.stopping = true }
        bell.ring()
        return thread.withLock { $0 }?.join(deadline: deadline) ?? true
    }

    private func run() {
        while true {
            bell.wait(timeout: clock.realDelay(ResolverTableBuilder.rebuildInterval))
            if state.withLock({ $0.stopping }) { return }
            rebuild()
        }
    }

    private func rebuild() {
        let registry = state.withLock { $0.registry }
        let now = clock.reading().moment.wall
        slot.store(builder.withLock { $0.build(registry: registry, at: now, resolved: resolved) })
    }
}
