package import Receipts
package import Subjects
import Synchronization
import Threads

/// The bounded queue between the reading threads and the engine.
///
/// A sighting that finds no room pushes out the oldest sighting, counted: the newest says most about where somebody is, and a
/// reading thread must never wait. Documents and subject pages are never dropped: their producer waits, and the tty's own buffer
/// holds what comes meanwhile.
package final class InputQueue: Sendable {
    private struct State {
        var inputs: [EngineInput] = []
        var sightings = 0
        /// Documents and pages.
        var kept = 0
        var dropped: UInt64 = 0
        var droppedOf: [ReceiverID: UInt64] = [:]
        /// Producers that wait for room.
        var waiting = 0
        var closed = false
    }

    private let state = Mutex(State())
    private let bell = Doorbell()
    /// Rings when there is room again.
    private let room = Doorbell()
    private let sightingCapacity: Int
    private let keptCapacity: Int

    /// - Parameters:
    ///   - sightingCapacity: sightings that wait at most, about a second of a very busy store.
    ///   - keptCapacity: documents and pages that wait at most before their producer does.
    package init(sightingCapacity: Int = 16_384, keptCapacity: Int = 1_024) {
        self.sightingCapacity = sightingCapacity
        self.keptCapacity = keptCapacity
    }

    /// Sightings pushed out because the engine could not follow.
    package var droppedSightings: UInt64 { state.withLock { $0.dropped } }

    /// Those that this receiver had heard.
    package func droppedSightings(of receiver: ReceiverID) -> UInt64 {
        state.withLock { $0.droppedOf[receiver] ?? 0 }
    }

    package func push(_ sighting: Sighting) {
        state.withLock { state in
            if state.sightings >= sightingCapacity { dropOldestSightings(&state) }
            state.inputs.append(.sighting(sighting))
            state.sightings += 1
        }
        ring()
    }

    /// Waits while `keptCapacity` documents and pages wait already; returns at once when the queue is closed.
    package func push(_ document: Document) { pushKept(.document(document)) }

    package func push(_ page: SubjectPage) { pushKept(.subjects(page)) }

    private func pushKept(_ input: EngineInput) {
        var waits = false
        while true {
            let (done, others) = state.withLock { state -> (Bool, Bool) in
                guard state.kept < keptCapacity || state.closed else {
                    if !waits { state.waiting += 1 }
                    return (false, false)
                }
                state.inputs.append(input)
                state.kept += 1
                if waits { state.waiting -= 1 }
                return (true, state.waiting > 0 && (state.kept < keptCapacity || state.closed))
            }
            ring()
            // One ring wakes one of them: each hands it on while there is room.
            if others { room.ring() }
            if done { return }
            waits = true
            room.wait(timeout: .seconds(3600))
        }
    }

    /// Everything that waits, and an empty queue. Blocks for at most `timeout` (real time) while nothing waits.
    package func take(timeout: Duration) -> [EngineInput] {
        let now = drain()
        if !now.isEmpty { return now }
        bell.wait(timeout: timeout)
        return drain()
    }

    /// From now on nobody waits for room: what comes is still taken, so that nothing read is lost at the end.
    package func close() {
        state.withLock { $0.closed = true }
        room.ring()
        ring()
    }

    /// Wakes `take` although nothing came.
    package func ring() { bell.ring() }

    private func drain() -> [EngineInput] {
        bell.answer()
        let (inputs, isAwaited) = state.withLock { state in
            let inputs = state.inputs
            state.inputs = []
            state.sightings = 0
            state.kept = 0
            return (inputs, state.waiting > 0)
        }
        if isAwaited { room.ring() }
        return inputs
    }

    /// Makes room in one pass for a sixteenth of the capacity, so that a flood does not shift the array for each sighting.
    private func dropOldestSightings(_ state: inout State) {
        var left = max(1, sightingCapacity / 16)
        let before = state.inputs.count
        var dropped = state.droppedOf
        state.inputs.removeAll { input in
            guard left > 0, case .sighting(let sighting) = input else { return false }
            left -= 1
            dropped[sighting.receiver, default: 0] += 1
            return true
        }
        let gone = before - state.inputs.count
        state.droppedOf = dropped
        state.sightings -= gone
        state.dropped += UInt64(gone)
    }
}
