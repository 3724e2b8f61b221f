package import Advertising
package import Subjects

/// Sees advertisements before strangers are dropped: for a technician who stands beside the box, never for the daemon.
///
/// Only a `RadioSurvey` can give a radio an observer, and a surveyed radio has no sink: so no program can both watch
/// strangers and feed the engine. Both functions are called on the reading thread, must not block, and must keep
/// nothing beyond what the command that owns the observer shows.
package protocol ReportObserver: AnyObject, Sendable {
    /// One whole advertisement, its parts joined.
    ///
    /// - `isJoined`: `data` came in several reports.
    func observe(
        _ report: AdvertisingReport, _ data: Span<UInt8>, isJoined: Bool, whose: Resolution, by receiver: ReceiverID,
        at: Moment)

    /// The H4 packet in which the reports came that were observed since the packet before.
    func observe(packet: Span<UInt8>, outcome: AdvertisingReportParser.Outcome, by receiver: ReceiverID, at: Moment)
}
