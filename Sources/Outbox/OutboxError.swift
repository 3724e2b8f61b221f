import GRDB
import Glibc

/// Why the queue could not do what was asked: what, where, why, and what to do next, in one line.
package enum OutboxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file was written by a newer version of the program. It is left untouched.
    case newerVersion(path: String)
    /// The file belongs to another gateway, whose name stands in its events.
    case otherGateway(path: String, expected: String, found: String)
    /// Commits would not survive a power cut.
    case notDurable(path: String, journalMode: String, synchronous: Int)
    /// Another process has the queue open.
    case inUse(path: String)
    case cannotOpen(path: String, reason: String)
    case damaged(path: String, reason: String)
    /// The quota or the file system is full.
    case full(path: String)
    case readOnly(path: String)
    /// The write-ahead log cannot be emptied and has taken what was left of the quota.
    case logHeld(LogTrouble)
    /// Any other failure of SQLite or the disk.
    case failed(operation: String, path: String, reason: String)
    /// The platform refuses a `gateway.gap` itself; nothing can stand in for it.
    case gapRefused(sequence: UInt64)
    /// The queue was closed.
    case closed(path: String)
    /// For a command: nothing is there.
    case noQueue(path: String)
    /// For a command: something else is there.
    case notAQueue(path: String, reason: String)
    /// For a command that changes nothing, so that it cannot bring the file up to date.
    case olderVersion(path: String)
    /// For a command: another user has to do it.
    case forbidden(path: String)
    /// For a command that reads in pages: the queue got a new epoch between two of them.
    case renumbered(path: String)

    /// True when a person has to change the installation first: exit code 78 (`EX_CONFIG` of sysexits.h).
    package var needsConfiguration: Bool {
        switch self {
        case .newerVersion, .otherGateway, .notDurable: true
        default: false
        }
    }

    /// True when waiting may mend it (the disk is full, read-only or failing): events are held in memory meanwhile.
    var mayPass: Bool {
        switch self {
        case .full, .readOnly, .logHeld, .failed: true
        default: false
        }
    }

    /// A system call's error number.
    init(errno code: Int32, path: String) {
        let reason = String(cString: strerror(code))
        switch code {
        case EROFS: self = .readOnly(path: path)
        case ENOSPC, EDQUOT: self = .full(path: path)
        case EIO, EMFILE, ENFILE, ENOMEM: self = .failed(operation: "opening the queue", path: path, reason: reason)
        default: self = .cannotOpen(path: path, reason: reason)
        }
    }

    package var description: String {
        switch self {
        case .newerVersion(let path):
            "\(path): the queue was written by a newer version of footbridge and was left untouched;"
                + " install that version again, or let it drain the queue first"
        case .otherGateway(let path, let expected, let found):
            "\(path): the queue belongs to gateway \(found), not \(expected);"
                + " drain it under its old name first, or set the file aside"
        case .notDurable(let path, let journalMode, let synchronous):
            "\(path): SQLite would not keep commits through a power cut (journal_mode \(journalMode),"
                + " synchronous \(synchronous), wanted wal and 2); keep the queue on a local disk"
        case .inUse(let path):
            "\(path): another process has the queue open; stop it first (systemctl stop footbridge)"
        case .cannotOpen(let path, let reason):
            "\(path): the queue cannot be opened: \(reason); check the directory's owner and mode"
        case .damaged(let path, let reason):
            "\(path): the queue is damaged: \(reason); it is set aside and what it still holds goes on in a new epoch"
        case .full(let path):
            "\(path): no room for more events; free disk space or raise queue.max_bytes"
        case .readOnly(let path):
            "\(path): the file system is read-only; check the disk (dmesg) and mount it read-write"
        case .logHeld(let trouble):
            "\(trouble); it may not grow beyond queue.max_bytes"
        case .failed(let operation, let path, let reason):
            "\(path): \(operation) failed: \(reason); check the disk (dmesg)"
        case .gapRefused(let sequence):
            "the platform refuses the gateway.gap \(sequence) itself; ask the platform team, nothing is dropped meanwhile"
        case .closed(let path):
            "\(path): the queue is closed"
        case .noQueue(let path):
            "\(path): there is no queue; has the gateway ever run with this configuration?"
        case .notAQueue(let path, let reason):
            "\(path): this is no queue: \(reason); give the queue.sqlite of a gateway"
        case .olderVersion(let path):
            "\(path): the queue is of an older version; start the gateway once, it brings it up to date"
        case .forbidden(let path):
            "\(path): you may not open this queue; use sudo, or be the gateway's own user"
        case .renumbered(let path):
            "\(path): the gateway numbered its events anew meanwhile; do it again"
        }
    }

    /// SQLite's result code in the words of this room. The SQL and its arguments never get into the text.
    init(_ error: any Error, operation: String, path: String) {
        if let own = error as? OutboxError {
            self = own
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed(operation: operation, path: path, reason: "\(error)")
            return
        }
        let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_READONLY: self = .readOnly(path: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(path: path, reason: reason)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .cannotOpen(path: path, reason: reason)
        case .SQLITE_MISUSE: self = .closed(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .inUse(path: path)
        default: self = .failed(operation: operation, path: path, reason: reason)
        }
    }
}
