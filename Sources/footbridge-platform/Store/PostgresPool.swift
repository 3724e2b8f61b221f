import Dispatch
import Synchronization
import Threads

/// Threads with a connection each, made when there is work for them. A connection that broke is made again for the next piece of work.
final class PostgresPool: Sendable {
    /// Work that waits for a connection; more is refused, so that a slow server cannot fill the memory.
    static let maximumWaiting = 256
    /// After a connection could not be made, work is refused at once for so long: a server that does not answer costs each attempt
    /// the whole connect_timeout.
    static let pause = Duration.seconds(1)

    private struct Work {
        let opening: PostgresConnection.Opening
        /// Called with a connection on which the opening has been carried out.
        let body: @Sendable (Result<PostgresConnection, StoreFailure>) -> Void
    }

    private struct State {
        var waiting: [Work] = []
        var threads = 0
        var idle = 0
        var isClosed = false
        var failure: (reason: StoreFailure, until: ContinuousClock.Instant)?
    }

    private let url: String
    private let connections: Int
    private let state = Mutex(State())
    private let doorbell = DispatchSemaphore(value: 0)

    init(url: String, connections: Int) {
        self.url = url
        self.connections = connections
    }

    /// Ends the threads when they are done with what waits.
    func close() {
        let threads = state.withLock { state in
            state.isClosed = true
            return state.threads
        }
        for _ in 0..<threads { doorbell.signal() }
    }

    /// Runs `body` on a thread with a connection on which `opening` has been carried out.
    ///
    /// - Throws: ``StoreFailure/unavailable(reason:)`` also when too much waits already.
    func run<Value: Sendable>(
        _ opening: PostgresConnection.Opening,
        _ body: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let refused = add(
                Work(opening: opening) { connection in
                    continuation.resume(with: Result { try body(connection.get()) })
                })
            if let refused { continuation.resume(throwing: refused) }
        }
    }

    private func add(_ work: Work) -> StoreFailure? {
        enum Next {
            case refuse(StoreFailure)
            case wake, start
        }
        let next: Next = state.withLock { state in
            guard !state.isClosed else { return .refuse(.unavailable(reason: "the platform is stopping")) }
            guard state.waiting.count < Self.maximumWaiting else {
                return .refuse(.unavailable(reason: "\(state.waiting.count) requests wait for PostgreSQL already"))
            }
            state.waiting.append(work)
            guard state.waiting.count > state.idle, state.threads < connections else { return .wake }
            state.threads += 1
            return .start
        }
        switch next {
        case .refuse(let failure): return failure
        case .wake: doorbell.signal()
        case .start:
            // The thread does not hold on to the database, whose end closes the pool.
            guard WorkerThread(name: "postgres", body: { self.serve() }).start() else {
                startFailed()
                return nil
            }
            doorbell.signal()
        }
        return nil
    }

    /// The system has no thread left: without any, what waits would wait for ever.
    private func startFailed() {
        let stranded = state.withLock { state -> [Work] in
            state.threads -= 1
            guard state.threads == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for work in stranded { work.body(.failure(.unavailable(reason: "the system has no thread left"))) }
    }

    private func serve() {
        var held: PostgresConnection?
        while true {
            state.withLock { $0.idle += 1 }
            doorbell.wait()
            let work: Work? = state.withLock { state in
                state.idle -= 1
                return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            }
            guard let work else {
                if state.withLock({ $0.isClosed }) { return }
                continue
            }
            do {
                let connection = try open(work.opening, held)
                held = connection
                work.body(.success(connection))
            } catch let failure as StoreFailure {
                held = nil
                work.body(.failure(failure))
            } catch {
                held = nil
                work.body(.failure(.unavailable(reason: "no connection")))
            }
        }
    }

    /// A connection on which the work has begun: the one that is held, or a new one when the server has left that since. Whether it
    /// has, only asking tells: what libpq has read may be the server's farewell, with the end still behind it.
    private func open(
        _ opening: PostgresConnection.Opening, _ held: PostgresConnection?
    ) throws -> PostgresConnection {
        if let held, !held.isBroken, (try? held.open(opening)) != nil { return held }
        let connection = try connect()
        try connection.open(opening)
        return connection
    }

    private func connect() throws -> PostgresConnection {
        let paused = state.withLock { state in
            state.failure.flatMap { $0.until > ContinuousClock.now ? $0.reason : nil }
        }
        if let paused { throw paused }
        do {
            let connection = try PostgresConnection(url: url)
            state.withLock { $0.failure = nil }
            return connection
        } catch let failure as StoreFailure {
            state.withLock { $0.failure = (failure, ContinuousClock.now.advanced(by: Self.pause)) }
            throw failure
        }
    }
}
