import GRDB
import Glibc
import Synchronization
import Threads

/// Looks through the whole queue file once after the start, on a connection and a thread of its own: the gateway captures,
/// accepts and sends meanwhile.
///
/// What costs little and must be known first (header, schema, log, mark, the rows' totals) is looked at when the file is
/// opened; this finds the rest, such as pages that nothing reads for weeks. Damage is seen to by the next commit, as
/// damage that somebody stumbles over.
package final class QueueCheck: Sendable {
    /// What the operator should hear of.
    package enum Notice: Hashable, Sendable, CustomStringConvertible {
        case sound(pages: Int64)
        case damaged(OutboxError)
        /// The disk did not give all pages; it is tried again.
        case unreadable(OutboxError)

        package var description: String {
            switch self {
            case .sound(let pages): "all \(pages) pages of the queue's file are sound"
            case .damaged(let error), .unreadable(let error): error.description
            }
        }
    }

    /// A page that the disk does not give so many times in a row is lost, as one that it gives wrongly.
    private static let attempts = 3
    private let outbox: Outbox
    private let pause: Duration
    private let report: @Sendable (Notice) -> Void
    private let bell = Doorbell()
    private let stopping = Atomic<Bool>(false)
    private let thread = Mutex<WorkerThread?>(nil)

    /// - Parameter pause: real time before what was interrupted, or what the disk refused, is tried again.
    package init(
        outbox: Outbox, pause: Duration = .seconds(60), report: @escaping @Sendable (Notice) -> Void = { _ in }
    ) {
        self.outbox = outbox
        self.pause = pause
        self.report = report
    }

    package func start() {
        let worker = WorkerThread(name: "fb-queue-check") { [self] in run() }
        thread.withLock { $0 = worker }
        worker.start()
    }

    /// - Returns: false when it did not end in time.
    @discardableResult
    package func stop(deadline: Duration) -> Bool {
        stopping.store(true, ordering: .releasing)
        bell.ring()
        guard let worker = thread.withLock(\.self) else { return true }
        outbox.interruptCheck()
        return worker.join(deadline: deadline)
    }

    private func run() {
        var refusals = 0
        while !stopping.load(ordering: .acquiring) {
            switch outbox.check(believingRefusals: refusals >= Self.attempts - 1) {
            case .sound(let pages):
                report(.sound(pages: pages))
                return
            case .damaged(let error):
                report(.damaged(error))
                return
            case .unreadable(let error):
                refusals += 1
                report(.unreadable(error))
            case .interrupted, .unavailable: break
            }
            bell.wait(timeout: pause)
        }
    }
}

/// What one look through the file found.
enum CheckOutcome: Hashable, Sendable {
    case sound(pages: Int64)
    /// The next commit sets the file aside.
    case damaged(OutboxError)
    case unreadable(OutboxError)
    /// Something that could not wait needed the file.
    case interrupted
    /// The file is away, or was closed.
    case unavailable

    /// - Parameters:
    ///   - said: what `PRAGMA quick_check` said (sqlite.org/pragma.html). Its words hold page and row numbers, never
    ///     contents.
    ///   - believingRefusals: a page that the disk refuses counts as damaged.
    init(said: String, pages: Int64, path: String, _ believingRefusals: Bool) {
        let said = said.split(separator: "\n").joined(separator: " ")
        if said == "ok" {
            self = .sound(pages: pages)
        } else if !believingRefusals, said.contains("error code="), !said.contains("error code=11") {
            // A page that could not be read is told like one that is wrong, but with another result code than
            // SQLITE_CORRUPT.
            self = .unreadable(.failed(operation: "checking the queue", path: path, reason: said))
        } else {
            self = .damaged(.damaged(path: path, reason: said))
        }
    }
}

extension Outbox {
    /// Looks through the whole file. Blocks nobody but the caller, except that the log cannot be emptied meanwhile; who
    /// needs that calls ``interruptCheck()``.
    /// - Parameter believingRefusals: a page that the disk refuses counts as damaged.
    func check(believingRefusals: Bool = false) -> CheckOutcome {
        guard case .open(let writer) = access.withLock(\.self) else { return .unavailable }
        let found: (said: String, pages: Int64)
        do {
            let reader = try QueueFile.reader(path)
            checking.withLock { $0 = reader }
            defer {
                try? reader.close()
                checking.withLock { $0 = nil }
            }
            found = try reader.inDatabase { db in
                (
                    try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "it says nothing",
                    try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                )
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
            return .interrupted
        } catch {
            return judge(OutboxError(error, operation: "checking the queue", path: path), writer)
        }
        let outcome = CheckOutcome(said: found.said, pages: found.pages, path: path, believingRefusals)
        if case .damaged(let error) = outcome { return judge(error, writer) }
        return outcome
    }

    /// Ends a check that runs, for the sake of something that cannot wait.
    /// - Returns: whether one ran.
    @discardableResult
    func interruptCheck() -> Bool {
        checking.withLock { reader in
            reader?.interrupt()
            return reader != nil
        }
    }

    /// Ends a check that runs, and waits until it has let go of the file.
    func endCheck() {
        while interruptCheck() { usleep(1_000) }
    }

    private func judge(_ error: OutboxError, _ writer: DatabaseQueue) -> CheckOutcome {
        guard case .damaged = noted(error, on: writer) else { return .unreadable(error) }
        return .damaged(error)
    }
}
