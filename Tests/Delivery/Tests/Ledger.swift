import Foundation
import Outbox
import Synchronization

/// What the box has promised, as an outsider who sees only durable commits knows it, and every promise that was broken.
final class Ledger: Sendable {
    private struct State {
        var encoded: [EventIdentity: Int] = [:]
        /// As which an event goes on, after every renumbering that was told.
        var identity: [Int: EventIdentity] = [:]
        var attempted: Set<Int> = []
        var accepted: Set<Int> = []
        var lastSequence: [UUID: UInt64] = [:]
        /// Told to be gone, and no loss: evicted, or on a disk that was replaced.
        var excused: Set<Int> = []
        var violations: [String] = []
    }

    private let state = Mutex(State())
    /// Negative control: believes what was only enqueued.
    private let isCredulous: Bool

    init(isCredulous: Bool = false) { self.isCredulous = isCredulous }

    func enqueue(_ numbers: [Int]) {
        if isCredulous { state.withLock { $0.accepted.formUnion(numbers) } }
    }

    /// A commit gives an event this identity.
    func encode(_ identity: EventIdentity, _ number: Int) {
        state.withLock { state in
            state.encoded[identity] = number
            state.identity[number] = identity
            state.attempted.insert(number)
        }
    }

    func observe(_ commit: Commit) {
        guard let sequences = commit.sequences else { return }
        state.withLock { state in
            if let last = state.lastSequence[commit.epoch], sequences.lowerBound <= last {
                state.violations.append("I3: \(sequences) was accepted after \(last)")
            }
            state.lastSequence[commit.epoch] = sequences.upperBound
            for sequence in sequences {
                let identity = EventIdentity(epoch: commit.epoch, sequence: sequence)
                guard let number = state.encoded[identity] else {
                    state.violations.append("I3: \(sequence) was accepted and never encoded")
                    continue
                }
                if !state.accepted.insert(number).inserted, !isCredulous {
                    state.violations.append("I2: event \(number) was accepted twice")
                }
            }
        }
    }

    /// What a damaged file held goes on under new identities.
    func follow(_ rescue: Rescue) {
        state.withLock { state in
            for (number, old) in state.identity where old.epoch == rescue.oldEpoch && old.sequence > rescue.settled {
                state.identity[number] = EventIdentity(
                    epoch: rescue.newEpoch, sequence: old.sequence - rescue.settled)
            }
        }
    }

    func identity(of number: Int) -> EventIdentity? { state.withLock { $0.identity[number] } }

    /// The sequences of another disk, or of rows that got new identities, do not bind the present one.
    func forgetSequences() { state.withLock { $0.lastSequence = [:] } }
    func excuse(_ numbers: some Sequence<Int>) { state.withLock { $0.excused.formUnion(numbers) } }
    func violate(_ text: String) { state.withLock { $0.violations.append(text) } }

    var violations: [String] { state.withLock { $0.violations } }
    var accepted: Set<Int> { state.withLock { $0.accepted } }
    var attempted: Set<Int> { state.withLock { $0.attempted } }
    /// What must be somewhere.
    var owed: Set<Int> { state.withLock { $0.accepted.subtracting($0.excused) } }
    var excused: Set<Int> { state.withLock { $0.excused } }
}
