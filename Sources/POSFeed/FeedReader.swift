import Glibc
package import Receipts
package import Subjects
import Synchronization
import Threads

/// Listens to one till on a thread of its own: bytes go into the decoder, redacted documents come out.
///
/// The port is only read. When it is lost it is closed at once, what was in hand is given out as incomplete, and the same
/// path is tried again, with a delay that grows to 5 s.
package final class FeedReader: Sendable {
    /// The longest wait between two attempts to open the port, in simulated time.
    static let longestRetry = Duration.seconds(5)
    static let firstRetry = Duration.milliseconds(250)

    private struct Shared {
        var state = FeedState.starting
        var counters = FeedCounters()
    }

    package let till: TillID
    private let source: PortSource
    private let decoder: ReceiptDecoder
    private let clock: any FeedClock
    private let sink: @Sendable (Document) -> Void
    private let report: @Sendable (FeedNotice) -> Void
    private let shared = Mutex(Shared())
    private let stopping = Atomic(false)
    /// Ends the thread's waiting.
    private let bell = Doorbell()
    private let thread = Mutex<WorkerThread?>(nil)

    /// `sink` is called on the feed's thread for each document, `report` for each change of state. Both may block the
    /// feed but not for long: the kernel holds a few kilobytes meanwhile.
    package init(
        till: TillID, port: PortSource, decoder: ReceiptDecoder, clock: any FeedClock,
        sink: @escaping @Sendable (Document) -> Void, report: @escaping @Sendable (FeedNotice) -> Void
    ) {
        self.till = till
        source = port
        self.decoder = decoder
        self.clock = clock
        self.sink = sink
        self.report = report
    }

    /// What the feed is doing.
    package var state: FeedState { shared.withLock { $0.state } }

    /// What the feed has done.
    package var counters: FeedCounters { shared.withLock { $0.counters } }

    /// Starts the thread; a second call does nothing, nor does one after ``stop(deadline:)``.
    package func start() {
        guard !stopping.load(ordering: .acquiring) else { return }
        let worker = thread.withLock { thread -> WorkerThread in
            let worker = thread ?? WorkerThread(name: "till \(till.rawValue)") { [self] in run() }
            thread = worker
            return worker
        }
        if !worker.start() {
            shared.withLock {
                $0.state = .waiting(.failed(path: source.path, call: "pthread_create", reason: "no thread left"))
            }
        }
    }

    /// Wakes the thread and waits for it to give out what it holds, at most for `deadline` of real time. True when it has
    /// ended.
    @discardableResult
    package func stop(deadline: Duration = .seconds(2)) -> Bool {
        stopping.store(true, ordering: .releasing)
        bell.ring()
        return thread.withLock(\.self)?.join(deadline: deadline) ?? true
    }

    // MARK: On the thread

    private func run() {
        var decoder = decoder
        switch source {
        case .tty(let path, let settings): listen(path, settings, &decoder)
        case .capture(let path, let rate): replay(path, rate, &decoder)
        }
        publish(decoder.finish(at: clock.now()), decoder)
        shared.withLock { if $0.state != .finished { $0.state = .stopped } }
    }

    private var isStopping: Bool { stopping.load(ordering: .acquiring) }

    private func listen(_ path: String, _ settings: LineSettings, _ decoder: inout ReceiptDecoder) {
        var delay = FeedReader.firstRetry
        var opened = false
        var lost: PortError?
        var said: PortError?
        while !isStopping {
            do throws(PortError) {
                if let lost { throw lost }
                let port = try TTYPort(path: path, settings: settings)
                shared.withLock { shared in
                    shared.state = .listening
                    if opened { shared.counters.reopened += 1 }
                }
                opened = true
                said = nil
                report(.opened(till: till, path: path))
                let before = shared.withLock { $0.counters.bytes }
                lost = read(port, &decoder)
                if shared.withLock({ $0.counters.bytes }) > before { delay = FeedReader.firstRetry }
            } catch {
                let fresh = lost == nil
                lost = nil
                shared.withLock { shared in
                    shared.state = .waiting(error)
                    if fresh { shared.counters.openFailures += 1 }
                }
                // Once, not with every attempt: a port may stay away for a night.
                if said != error { report(.waiting(till: till, error: error)) }
                said = error
                wait(until: clock.now().monotonic + delay, &decoder)
                delay = min(delay * 2, FeedReader.longestRetry)
            }
        }
    }

    /// Reads until the port is lost (returns why) or the feed is stopped (nil).
    private func read(_ port: borrowing TTYPort, _ decoder: inout ReceiptDecoder) -> PortError? {
        let baseline = port.lineErrors()
        let earlier = shared.withLock { $0.counters.lineErrors }
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !isStopping {
            let events = poll(port.descriptor, until: decoder.nextDeadline)
            let now = clock.now()
            guard events != 0 else {
                publish(decoder.advance(to: now), decoder)
                continue
            }
            let count = Glibc.read(port.descriptor, &buffer, buffer.count)
            if count > 0 {
                shared.withLock { shared in
                    shared.counters.bytes += count
                    shared.counters.lastByte = now
                }
                publish(decoder.consume(buffer[..<count], at: now), decoder)
                if let baseline, let present = port.lineErrors() {
                    let since = present - baseline
                    shared.withLock { shared in
                        shared.counters.lineErrors = LineErrors(
                            framing: earlier.framing + since.framing, overrun: earlier.overrun + since.overrun,
                            parity: earlier.parity + since.parity, breaks: earlier.breaks + since.breaks)
                    }
                }
                continue
            }
            let code = errno
            if count < 0, code == EAGAIN || code == EINTR, events & Int32(POLLHUP | POLLERR | POLLNVAL) == 0 {
                continue
            }
            publish(decoder.interrupt(at: now), decoder)
            return count == 0 || code == EAGAIN ? .gone(path: port.path) : TTYPort.error(port.path, "read", code)
        }
        return nil
    }

    private func replay(_ path: String, _ bytesPerSecond: Int?, _ decoder: inout ReceiptDecoder) {
        do throws(PortError) {
            let capture = try CapturePort(path: path)
            shared.withLock { $0.state = .listening }
            report(.opened(till: till, path: path))
            let rate = max(1, bytesPerSecond ?? 0)
            // Paced in pieces of a tenth of a second, so that timing is like a line's.
            var buffer = [UInt8](repeating: 0, count: bytesPerSecond == nil ? 4096 : min(4096, max(1, rate / 10)))
            let start = clock.now().monotonic
            var sent = 0
            while !isStopping {
                let count = try capture.read(into: &buffer)
                guard count > 0 else { break }
                if bytesPerSecond != nil {
                    let seconds = sent / rate
                    let rest = Duration.nanoseconds(Int64(sent % rate) * 1_000_000_000 / Int64(rate))
                    wait(until: start + .seconds(seconds) + rest, &decoder)
                    if isStopping { break }
                }
                let now = clock.now()
                sent += count
                shared.withLock { shared in
                    shared.counters.bytes += count
                    shared.counters.lastByte = now
                }
                publish(decoder.consume(buffer[..<count], at: now), decoder)
            }
            guard !isStopping else { return }
            shared.withLock { $0.state = .finished }
            report(.finished(till: till, path: path))
        } catch {
            shared.withLock { shared in
                shared.state = .waiting(error)
                shared.counters.openFailures += 1
            }
            report(.waiting(till: till, error: error))
        }
    }

    /// Waits for simulated time, while silence still ends documents.
    private func wait(until deadline: Duration, _ decoder: inout ReceiptDecoder) {
        while !isStopping {
            let now = clock.now()
            publish(decoder.advance(to: now), decoder)
            guard now.monotonic < deadline else { return }
            _ = poll(-1, until: min(deadline, decoder.nextDeadline ?? deadline))
        }
    }

    /// Waits for bytes, a wake-up or the simulated time `deadline`; returns the port's events, 0 for the others.
    private func poll(_ descriptor: Int32, until deadline: Duration?) -> Int32 {
        var milliseconds: Int32 = -1
        if let deadline {
            let real = clock.realDelay(max(.zero, deadline - clock.now().monotonic))
            // Rounded up, so that the deadline has passed when the wait is over.
            let (seconds, attoseconds) = min(real, .seconds(3600)).components
            milliseconds = Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
        }
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard Glibc.poll(&descriptors, 2, milliseconds) > 0 else { return 0 }
        if descriptors[1].revents != 0 { bell.answer() }
        return Int32(descriptors[0].revents)
    }

    private func publish(_ documents: [Document], _ decoder: ReceiptDecoder) {
        let counters = decoder.counters
        shared.withLock { shared in
            shared.counters.documents += documents.count
            shared.counters.knownCommands = counters.knownCommands
            shared.counters.unknownCommands = counters.unknownCommands
            shared.counters.truncatedBytes = counters.truncatedBytes
            shared.counters.redactions = counters.redactions.total
        }
        for document in documents { sink(document) }
    }
}
