import Advertising
import Radio
import Subjects
import Synchronization

/// Fills the table of `radio scan`.
final class ScanObserver: ReportObserver {
    private let table: Mutex<ScanTable>

    init(_ table: ScanTable) { self.table = Mutex(table) }

    /// The table as it is now.
    var current: ScanTable { table.withLock { $0 } }

    func observe(
        _ report: AdvertisingReport, _ data: Span<UInt8>, isJoined: Bool, whose: Resolution, by receiver: ReceiverID,
        at: Moment
    ) {
        table.withLock { $0.observe(report, data, whose: whose, by: receiver, at: at.monotonic) }
    }

    func observe(
        packet: Span<UInt8>, outcome: AdvertisingReportParser.Outcome, by receiver: ReceiverID, at: Moment
    ) {}
}
