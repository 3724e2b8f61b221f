import Advertising
import Radio
import Subjects
import Synchronization

/// Writes the recording of `radio capture`.
final class CaptureObserver: ReportObserver {
    private struct State: ~Copyable {
        var filter: CaptureFilter
        var writer: BtsnoopWriter
        var written = 0
        var fault: BtsnoopError?
    }

    private let state: Mutex<State>

    init(_ scope: CaptureFilter.Scope, _ writer: consuming BtsnoopWriter) {
        state = Mutex(State(filter: CaptureFilter(scope), writer: writer))
    }

    /// Packets written, packets left out because no report of ours was in them, and what stopped the writing.
    var progress: (written: Int, leftOut: Int, fault: BtsnoopError?) {
        state.withLock { ($0.written, $0.filter.leftOut, $0.fault) }
    }

    /// Writes what is still in memory. Call it when no radio listens any more.
    func finish() throws(BtsnoopError) {
        try state.withLock { (state) throws(BtsnoopError) in
            if let fault = state.fault { throw fault }
            try state.writer.flush()
        }
    }

    func observe(
        _ report: AdvertisingReport, _ data: Span<UInt8>, isJoined: Bool, whose: Resolution, by receiver: ReceiverID,
        at: Moment
    ) {
        state.withLock { $0.filter.observe(report, data, isJoined: isJoined, whose: whose) }
    }

    func observe(
        packet: Span<UInt8>, outcome: AdvertisingReportParser.Outcome, by receiver: ReceiverID, at: Moment
    ) {
        state.withLock { state in
            for packet in state.filter.packets(for: packet, outcome: outcome) where state.fault == nil {
                do throws(BtsnoopError) {
                    try state.writer.append(packet, at: at.wall)
                    state.written += 1
                } catch {
                    state.fault = error
                }
            }
        }
    }
}
