/// The queue's write-ahead log cannot be emptied into the file, so it grows. What is committed to it is safe.
package struct LogTrouble: Hashable, Sendable, CustomStringConvertible {
    package enum Cause: Hashable, Sendable {
        /// Another connection keeps an old state of the queue in use.
        case reader
        /// The disk refuses to write the file, in SQLite's words.
        case disk(String)
    }

    /// Of the queue.
    package var path: String
    package var cause: Cause
    /// RFC 3339 UTC: when it was first noticed.
    package var since: String
    /// Of the log, at the last attempt.
    package var bytes: Int64

    package var description: String {
        let why =
            switch cause {
            case .reader: "another program keeps reading the queue; end it (sudo fuser -v \(path))"
            case .disk(let reason): "writing the queue's file failed: \(reason); check the disk (dmesg)"
            }
        return "\(path): the queue's log cannot be emptied since \(since) and has grown to "
            + "\(max(1, bytes >> 20)) MiB: \(why)"
    }
}

/// What a checkpoint achieved.
struct CheckpointResult: Hashable, Sendable {
    enum Outcome: Hashable, Sendable {
        /// The log is in the file, and the next transaction begins it anew when nobody reads from it.
        case whole
        /// A reader needs what stands in the log.
        case held
        /// The file has no room to grow, which is told in other ways.
        case full
        /// The disk failed, in SQLite's words.
        case refused(String)
    }

    var outcome: Outcome
    /// Of the log.
    var bytes: Int64

    var isWhole: Bool { outcome == .whole }
}

/// Judges from the checkpoints whether the log can still be emptied. A short reader is no trouble, a log that has grown is.
struct LogWatch: Sendable {
    let path: String
    /// A larger log has been in somebody's way for long.
    let bearableBytes: Int64
    private(set) var trouble: LogTrouble?
    /// Of the log when it was last whole.
    private var wholeBytes: Int64 = 0

    init(path: String, bearableBytes: Int64) {
        self.path = path
        self.bearableBytes = bearableBytes
    }

    /// - Parameter time: RFC 3339 UTC.
    mutating func noted(_ result: CheckpointResult, at time: String) {
        var cause: LogTrouble.Cause?
        switch result.outcome {
        case .refused(let reason): cause = .disk(reason)
        case .held: if result.bytes > bearableBytes { cause = .reader }
        case .full: if result.bytes > bearableBytes { cause = .disk("it is full") }
        case .whole:
            // Whole, and longer than when it was last whole: readers that take turns keep it from beginning anew.
            if result.bytes > bearableBytes, wholeBytes > bearableBytes, result.bytes > wholeBytes { cause = .reader }
            wholeBytes = result.bytes
        }
        trouble = cause.map {
            LogTrouble(path: path, cause: $0, since: trouble?.since ?? time, bytes: result.bytes)
        }
    }
}
