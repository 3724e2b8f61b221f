import Glibc
package import Subjects
import Synchronization
import Threads

/// Deletes technicians' recordings that nobody deleted when they had expired: at the start and once an hour, in the folders
/// where the docs tell technicians to make them.
///
/// Only names with ``TechnicianCapture/ending`` are opened. The queue's files may lie in the same folder, and whoever closes any
/// descriptor of a file gives up all locks that his process has on it (fcntl(2)): SQLite's among them (decision 1).
package final class CaptureSweep: Sendable {
    static let interval = Duration.seconds(3600)

    private let folders: [String]
    private let now: @Sendable () -> UnixTime
    private let report: @Sendable (String) -> Void
    private let stopping = Atomic(false)
    private let bell = Doorbell()
    private let thread = Mutex<WorkerThread?>(nil)

    /// - Parameters:
    ///   - now: the wall clock; not to be called while the clock is not set.
    ///   - report: gets a line for each file that was deleted.
    package init(
        folders: [String], now: @escaping @Sendable () -> UnixTime, report: @escaping @Sendable (String) -> Void
    ) {
        self.folders = folders
        self.now = now
        self.report = report
    }

    /// Starts the thread; a second call does nothing.
    package func start() {
        let worker = thread.withLock { thread -> WorkerThread in
            let worker = thread ?? WorkerThread(name: "recordings") { [self] in run() }
            thread = worker
            return worker
        }
        worker.start()
    }

    package func stop(deadline: Duration) {
        stopping.store(true, ordering: .releasing)
        bell.ring()
        thread.withLock(\.self)?.join(deadline: deadline)
    }

    private func run() {
        while !stopping.load(ordering: .acquiring) {
            for folder in folders {
                for path in CaptureSweep.sweep(folder, now: now()) {
                    report("\(path): the recording has expired and was deleted")
                }
            }
            bell.wait(timeout: CaptureSweep.interval)
            bell.answer()
        }
    }

    /// Deletes the expired recordings of a folder, not of those in it.
    /// - Returns: their paths. Files that are no recordings, links and what cannot be read are left alone.
    package static func sweep(_ folder: String, now: UnixTime) -> [String] {
        let recordings = PortHolder.entries(folder).filter { $0.hasSuffix(TechnicianCapture.ending) }
        return recordings.map { "\(folder)/\($0)" }.filter { path in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW)
            guard descriptor >= 0 else { return false }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
            var start = [UInt8](repeating: 0, count: 512)
            let count = pread(descriptor, &start, start.count, 0)
            guard count > 0 else { return false }
            do throws(TechnicianCapture.Failure) {
                _ = try TechnicianCapture(file: Array(start[..<count]), now: now)
            } catch .expired {
                return unlink(path) == 0
            } catch {
                return false
            }
            return false
        }
    }
}
