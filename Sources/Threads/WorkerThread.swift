import CLinux
import Dispatch
import Glibc
import Synchronization

/// A named POSIX thread for work that blocks: one for each adapter, port, database and connection. Swift's own pool has one thread
/// for each core and would stall if these blocked in it.
package final class WorkerThread: Sendable {
    private let name: String
    private let body: Mutex<(@Sendable () -> Void)?>
    private let finished = DispatchSemaphore(value: 0)
    private let started = Mutex(false)

    /// - Parameters:
    ///   - name: as `ps -L` and a debugger show it; cut at 15 bytes.
    ///   - body: runs once, on the thread; released when it returns.
    package init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = Mutex(body)
    }

    /// Starts the thread; a second call does nothing.
    /// - Returns: false when the system has no thread left.
    @discardableResult
    package func start() -> Bool {
        let first = started.withLock { started in
            defer { started = true }
            return !started
        }
        guard first else { return true }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let held = Unmanaged.passRetained(self)
        let result = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<WorkerThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, held.toOpaque())
        if result != 0 {
            held.release()
            finished.signal()
        }
        return result == 0
    }

    /// Waits until the body has returned.
    /// - Parameter deadline: real time to wait at most.
    /// - Returns: false when it still runs then. True for a thread that was never started.
    @discardableResult
    package func join(deadline: Duration) -> Bool {
        guard started.withLock({ $0 }) else { return true }
        let nanoseconds = Int(clamping: Int64((deadline / .nanoseconds(1)).rounded()))
        guard finished.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success else { return false }
        finished.signal()
        return true
    }

    private func run() {
        fb_set_thread_name(name)
        if let body = body.withLock({ $0.take() }) { body() }
        finished.signal()
    }
}
