package import Logging
package import Outbox
import PlatformAPI
package import Subjects
import Synchronization
import Threads

/// The line to the platform: one thread that sends batches, tells the present state and asks for subjects.
package final class Uplink: Sendable {
    /// Puts a verified page in force. When it throws, the page is asked for again.
    package typealias SubjectsHandler = @Sendable (SubjectPage, FeedPosition) throws -> Void

    /// How often the clock is looked at while it is waited for.
    private static let clockLook = Duration.seconds(5)
    /// While a backlog drains the platform's picture of the box is not older than this and one batch. A state before each batch
    /// would be a second request for each, and up to 3 of 110 bytes an event.
    private static let freshness = Duration.seconds(1)

    private let outbox: Outbox
    let client: HTTPSClient
    let configuration: UplinkConfiguration
    let clock: any UplinkClock
    private let snapshot: @Sendable () -> [UInt8]?
    private let onSubjects: SubjectsHandler
    let logger: Logger
    private let bell = Doorbell()
    private let stopping = Atomic<Bool>(false)
    private let started = Atomic<Bool>(false)
    private let poked = Atomic<Bool>(false)
    private let thread = Mutex<WorkerThread?>(nil)
    let current = Mutex(UplinkStatus())

    /// - Parameters:
    ///   - state: the body of `PUT /v1/state` as of now; nil when there is none.
    ///   - onSubjects: called on the uplink's thread, page by page, in order.
    /// - Throws: when libcurl cannot be started.
    package init(
        configuration: UplinkConfiguration, outbox: Outbox, clock: any UplinkClock,
        state: @escaping @Sendable () -> [UInt8]?, onSubjects: @escaping SubjectsHandler,
        logger: Logger = Logger(label: "uplink")
    ) throws(UplinkError) {
        self.configuration = configuration
        self.outbox = outbox
        self.clock = clock
        snapshot = state
        self.onSubjects = onSubjects
        self.logger = logger
        client = try HTTPSClient(configuration.https)
    }

    package var status: UplinkStatus {
        var status = current.withLock(\.self)
        status.bytesOnWire = Int64(client.bytesOnWire)
        return status
    }

    package func start() {
        guard !started.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let worker = WorkerThread(name: "uplink") { [self] in run() }
        thread.withLock { $0 = worker }
        worker.start()
    }

    /// Something was enqueued.
    package func wake() { bell.ring() }

    /// Tries at once what is held or waited for: the operator has changed something.
    package func retryNow() {
        poked.store(true, ordering: .releasing)
        bell.ring()
    }

    /// Breaks off the request that goes on and ends the thread. What was not confirmed stays in the queue.
    /// - Returns: false when the thread did not end in time.
    package func stop(deadline: Duration) -> Bool {
        stopping.store(true, ordering: .releasing)
        client.cancel()
        bell.ring()
        return thread.withLock(\.self)?.join(deadline: deadline) ?? true
    }

    private func run() {
        var session = UplinkSession(
            engine: SyncEngine(policy: configuration.policy, seed: configuration.seed),
            poller: SubjectPoller(
                verifier: configuration.verifier, interval: configuration.pollInterval,
                backOff: configuration.policy.backOff, position: configuration.position, seed: ~configuration.seed))
        warnOfEnvironment()
        while !stopping.load(ordering: .acquiring) {
            if poked.exchange(false, ordering: .acquiringAndReleasing) { session.engine.poke() }
            if isQuiet(&session) { continue }
            if session.isWaitingForTime, clock.systemTime().isSet {
                session.clockIsSet(at: clock.now().monotonic)
            }
            if session.poller.due <= clock.now().monotonic { poll(&session) }
            let backlog = outbox.backlog
            switch session.engine.step(at: clock.now().monotonic, rows: backlog.rows, bytes: backlog.bytes) {
            case .send(let events, let bytes):
                send(&session, events, bytes, backlog: backlog.rows)
                publish(session)
            case .wait(let until):
                var now = clock.now().monotonic
                if session.mayTellState, session.stateDue <= now {
                    tellStateWhileIdle(&session)
                    now = clock.now().monotonic
                }
                publish(session)
                var next = min(until ?? session.poller.due, session.poller.due)
                if session.mayTellState { next = min(next, session.stateDue) }
                // The clock is set by others, who ring no bell.
                if session.isWaitingForTime { next = min(next, now + Self.clockLook) }
                bell.wait(timeout: clock.realDelay(max(.zero, next - now)))
            }
        }
    }

    /// The fleet's starts are spread: nothing goes out before this gateway's turn.
    private func isQuiet(_ session: inout UplinkSession) -> Bool {
        let now = clock.now().monotonic
        let start = session.engine.quietUntil(from: now)
        guard start > now else { return false }
        current.withLock { status in
            status.state = "waiting"
            status.reason = "the first connection after a start is spread over the fleet (platform.start_jitter)"
        }
        bell.wait(timeout: clock.realDelay(start - now))
        return true
    }

    private func send(_ session: inout UplinkSession, _ events: Int, _ bytes: Int, backlog: Int) {
        let batch: StoredBatch
        do throws(OutboxError) {
            guard let next = try outbox.nextBatch(maximumEvents: events, maximumBytes: bytes) else {
                throw .failed(
                    operation: "reading the queue", path: outbox.path, reason: "nothing where events were counted")
            }
            batch = next
        } catch {
            session.engine.verdictFailed(error, at: clock.now().monotonic)
            note(.events, error.description, &session)
            return
        }
        // Today's state goes before yesterday's events; and when the line is down, one attempt is enough to see it.
        let now = clock.now().monotonic
        let isBehind = backlog > batch.bodies.count && session.freshStateDue <= now || session.engine.failures > 0
        if isBehind || session.stateDue <= now, let broken = tellState(&session) {
            settle(&session, broken, batch)
            return
        }
        let outcome: SyncEngine.Outcome
        do throws(UplinkError) {
            let request = BatchRequest.make(
                batch, sent: clock.now(), bootID: configuration.bootID, coding: session.engine.coding)
            outcome = .response(try perform(request, &session))
        } catch {
            outcome = .failure(error)
        }
        settle(&session, outcome, batch)
        // A refusal that the batch met as well has been told.
        if session.engine.failures == 0 { noteStateRefusal(&session) }
    }

    private func settle(_ session: inout UplinkSession, _ outcome: SyncEngine.Outcome, _ batch: StoredBatch) {
        if case .failure(.cancelled) = outcome { return }
        let now = clock.now()
        let before = session.engine.failures
        let verdict = session.engine.answered(outcome, to: batch, at: now.monotonic, wallSeconds: now.wall.wholeSeconds)
        do throws(OutboxError) {
            try VerdictApplier(outbox: outbox).apply(verdict, to: batch)
        } catch {
            session.engine.verdictFailed(error, at: now.monotonic)
            note(.events, error.description, &session)
            return
        }
        current.withLock { $0.record(verdict, batch, at: now.wall) }
        if session.engine.failures > before, let reason = session.engine.reason {
            note(.events, reason, answer: outcome.status, &session)
            current.withLock { $0.failures += 1 }
        } else if session.engine.failures == 0 {
            noteWorks(.events, &session)
        }
        if case .quarantine(let sequence, let problem) = verdict {
            logger.warning("event \(sequence) refused and put in quarantine: \(problem)")
        }
        if case .moveToNewEpoch = verdict {
            logger.warning("the platform holds other events of this epoch; moved to epoch \(outbox.epoch)")
        }
    }

    /// A gateway that the platform does not know, or that is too old for it, is told so before its first event.
    private func tellStateWhileIdle(_ session: inout UplinkSession) {
        switch tellState(&session) {
        case nil: noteStateRefusal(&session)
        case .failure(.cancelled): break
        case .failure(let error): note(.state, error.description, &session)
        case .response(let response):
            let refusal = refusal(of: response, by: session.engine)
            session.stateRefusal = refusal
            if response.refusesGateway { session.turnedAway = (.state, refusal) }
            noteStateRefusal(&session, answer: response.status)
        }
    }

    private func refusal(of response: HTTPResponse, by engine: SyncEngine) -> String {
        let passes = response.status >= 429
        return "the platform does not take the state (\(engine.reason(of: response))); "
            + (passes ? "it will be tried again" : SyncEngine.remedy(response))
    }

    private func noteStateRefusal(_ session: inout UplinkSession, answer: Int? = nil) {
        guard let refusal = session.stateRefusal else { return }
        note(.state, refusal, answer: answer ?? 0, &session)
    }

    /// - Returns: the outcome when it shows that a batch would not get through either.
    private func tellState(_ session: inout UplinkSession) -> SyncEngine.Outcome? {
        let now = clock.now()
        session.stateDue = now.monotonic + configuration.pollInterval
        session.freshStateDue = now.monotonic + Self.freshness
        guard let body = snapshot() else { return nil }
        do throws(UplinkError) {
            let headers = [("Content-Type", Wire.jsonMediaType), (Wire.sentAtHeader, now.wall.rfc3339())]
            let response = try perform(HTTPRequest(.put, Wire.statePath, headers: headers, body: body), &session)
            switch response.status {
            case 200..<300:
                current.withLock { $0.statesSent += 1 }
                session.stateRefusal = nil
                noteWorks(.state, &session)
                return nil
            case 429, 500...599: return .response(response)
            case _ where response.refusesGateway: return .response(response)
            default:
                session.stateRefusal = refusal(of: response, by: session.engine)
                return nil
            }
        } catch {
            return .failure(error)
        }
    }

    private func poll(_ session: inout UplinkSession) {
        do throws(UplinkError) {
            let response = try perform(session.poller.request, &session)
            let now = clock.now()
            switch session.poller.answered(response, at: now.monotonic, wallSeconds: now.wall.wholeSeconds) {
            case .nothingNew:
                current.withLock { $0.lastFeed = now.wall }
                noteWorks(.subjects, &session)
            case .page(let page): apply(page, &session, at: now)
            case .refused(let reason, let detail):
                current.withLock { $0.pagesRefused[reason, default: 0] += 1 }
                var said = detail
                if response.refusesGateway {
                    said = "\(session.engine.reason(of: response)); \(SyncEngine.remedy(response))"
                    session.turnedAway = (.subjects, said)
                }
                note(.subjects, said, answer: response.status, &session)
            }
        } catch {
            guard error != .cancelled else { return }
            session.poller.failed(at: clock.now().monotonic, retryAfter: nil)
            current.withLock { $0.pagesRefused["transport", default: 0] += 1 }
            note(.subjects, error.description, &session)
        }
    }

    private func apply(_ page: SubjectPage, _ session: inout UplinkSession, at now: Moment) {
        do {
            try onSubjects(page, page.position)
            session.poller.applied(page, at: now.monotonic)
            current.withLock { status in
                status.pagesApplied += 1
                status.lastFeed = now.wall
            }
            noteWorks(.subjects, &session)
        } catch {
            session.poller.failed(at: now.monotonic, retryAfter: nil)
            note(.subjects, "subject feed page \(page.serial) was not applied: \(error)", &session)
        }
    }

    private func publish(_ session: UplinkSession) {
        current.withLock { status in
            status.state = session.stateName
            status.reason = session.reason
            status.coding = session.engine.coding.rawValue
        }
    }
}
