import Outbox
import Synchronization

/// The box's wall clock, which a fault may set to anything.
final class SimulatedClock: Sendable {
    /// 2026-09-21, when every simulation begins.
    static let start: Int64 = 1_790_000_000

    private let state = Mutex((seconds: SimulatedClock.start, isTrusted: true))

    var wallSeconds: Int64 { state.withLock { $0.seconds } }

    var isTrusted: Bool { state.withLock { $0.isTrusted } }

    func step(by seconds: Int64) { state.withLock { $0.seconds += seconds } }

    func set(to seconds: Int64, trusted: Bool) { state.withLock { $0 = (seconds, trusted) } }

    var stamp: EventStamp {
        let (seconds, isTrusted) = state.withLock(\.self)
        return EventStamp(
            wallNanoseconds: seconds * 1_000_000_000, time: "2026-11-21T09:30:00.000Z",
            bootID: "00000000-0000-0000-0000-000000000000", monotonicNanoseconds: 1, wallIsTrusted: isTrusted)
    }
}
