package import Subjects

/// A change of a feed's state, for the log and the health report. `till` is the till's name, or the shared feed's.
package enum FeedNotice: Sendable, Hashable, CustomStringConvertible {
    case opened(till: TillID, path: String)
    /// The port is not there (any more); it is tried again until it is. A capture is not.
    case waiting(till: TillID, error: PortError)
    /// A capture has been read to its end.
    case finished(till: TillID, path: String)
    /// The real printer behind a forwarding one does not answer; said once until it does again.
    case printerAway(till: TillID, error: PortError)
    /// It answers again.
    case printerBack(till: TillID)

    package var description: String {
        switch self {
        case .opened(let till, let path): "till \(till): listening on \(path)"
        case .waiting(let till, let error): "till \(till): \(error)"
        case .finished(let till, let path): "till \(till): \(path) has been read to its end"
        case .printerAway(let till, let error): "till \(till): \(error)"
        case .printerBack(let till): "till \(till): the printer answers again"
        }
    }
}

/// What a feed is doing.
package enum FeedState: Sendable, Hashable {
    case starting
    case listening
    /// The port cannot be opened, for this reason.
    case waiting(PortError)
    /// Tills are listened to, but the printer behind does not answer.
    case printerAway(PortError)
    /// A capture was read to its end.
    case finished
    case stopped
}

/// What a feed has done since it was started.
package struct FeedCounters: Sendable, Hashable {
    package var bytes = 0
    package var documents = 0
    /// Times that the port was opened again after it was lost.
    package var reopened = 0
    /// Attempts to open it that failed.
    package var openFailures = 0
    /// Errors on the line since the feed was started; zero where the driver does not count.
    package var lineErrors = LineErrors()
    /// What the decoder counts.
    package var knownCommands = 0
    package var unknownCommands = 0
    package var truncatedBytes = 0
    package var redactions = 0
    /// Times that "wrong dialect?" was raised.
    package var dialectAlarms = 0
    /// BREAKs after which a decoder began anew.
    package var lineBreaks = 0
    /// Unknown commands among the last few hundred, 0 to 1.
    package var unknownShare = 0.0
    /// What did not become part of a document, by reason.
    package var lost: [FeedLoss: Int] = [:]
    /// When the last byte came, nil before the first.
    package var lastByte: Moment?
    /// When the last document was given out, nil before the first.
    package var lastDocument: Moment?
}
