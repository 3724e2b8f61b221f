package import Subjects
import Synchronization

/// A radio that a technician watches: what it hears goes to an observer, and to nobody else.
///
/// The daemon works with `RadioReader`, whose package initialiser takes no observer; a survey has no sink for
/// sightings.
package final class RadioSurvey: Sendable {
    private let reader: RadioReader

    /// - `report`: takes each change of state, on the reading thread.
    package init(
        name: ReceiverID, source: RadioSource, resolver: ResolverSlot, clock: any RadioClock,
        claims: AdapterClaims = AdapterClaims(), observer: any ReportObserver,
        report: @escaping @Sendable (RadioNotice) -> Void
    ) {
        reader = RadioReader(
            name: name, source: source, resolver: resolver, clock: clock, claims: claims, sink: { _ in }, report: report
        )
        reader.observer.withLock { $0 = observer }
    }

    package var name: ReceiverID { reader.name }
    package var state: RadioState { reader.state }
    package var counters: RadioCounters { reader.counters }
    /// What the controller said about itself when it last began to scan.
    package var controller: ControllerDescription? { reader.controller }

    /// - Returns: false when the system has no thread left.
    @discardableResult
    package func start() -> Bool { reader.start() }

    /// Stops the scan and the thread.
    /// - Returns: false when the thread has not ended within `deadline` (real time).
    @discardableResult
    package func stop(deadline: Duration = .seconds(2)) -> Bool { reader.stop(deadline: deadline) }
}
