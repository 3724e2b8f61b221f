import Dispatch
import Foundation
import Synchronization
import Threads

/// Starts programs on one thread that never ends: what ends a child with its parent (PR_SET_PDEATHSIG of prctl(2)) watches
/// the thread that made the child, not the process.
final class ChildStarter: Sendable {
    static let shared = ChildStarter()

    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let bell = Doorbell()

    private init() {
        WorkerThread(name: "fb-children") { [self] in
            while true {
                bell.wait(timeout: .seconds(3_600))
                for job in jobs.withLock({ jobs in
                    defer { jobs = [] }
                    return jobs
                }) { job() }
            }
        }.start()
    }

    func start(_ process: Process) throws {
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<Result<Void, any Error>>(.success(()))
        jobs.withLock {
            $0.append {
                let started = Result { try process.run() }
                result.withLock { $0 = started }
                done.signal()
            }
        }
        bell.ring()
        done.wait()
        try result.withLock(\.self).get()
    }
}
