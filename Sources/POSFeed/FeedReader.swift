package import Receipts
package import Subjects
import Synchronization
import Threads

/// Listens to one port on a thread of its own: bytes go into the decoders of its tills, redacted documents come out.
///
/// The port is only read. When it is lost it is closed at once, what was in hand is given out as incomplete, and the same
/// port is awaited: what appears in /dev wakes the thread, and a timer with a delay that grows to 5 s finds the rest.
package final class FeedReader: Sendable {
    /// The longest wait between two attempts to open the port, in simulated time.
    static let longestRetry = Duration.seconds(5)
    static let firstRetry = Duration.milliseconds(250)

    struct Shared {
        var state = FeedState.starting
        /// Of the port.
        var counters = FeedCounters()
        /// Of each till on it: documents, and what its decoders count.
        var documents: [TillID: Int] = [:]
        var counted: [TillID: FeedDecoder.Counted] = [:]
        var lastByte: [TillID: Moment] = [:]
        var lastDocument: [TillID: Moment] = [:]
        var observer: (@Sendable ([UInt8]) -> Void)?
    }

    /// The till's name, or the shared feed's.
    package let till: TillID
    /// The tills on this port, usually one.
    package let tills: [TillID]
    let source: PortSource
    private let decoder: FeedDecoder
    let clock: any FeedClock
    private let sink: @Sendable (Document) -> Void
    let report: @Sendable (FeedNotice) -> Void
    let shared = Mutex(Shared())
    private let stopping = Atomic(false)
    /// Ends the thread's waiting.
    let bell = Doorbell()
    private let thread = Mutex<WorkerThread?>(nil)

    /// `sink` is called on the feed's thread for each document, `report` for each change of state. Both may block the
    /// feed but not for long: the kernel holds a few kilobytes meanwhile.
    package convenience init(
        till: TillID, port: PortSource, decoder: ReceiptDecoder, clock: any FeedClock,
        sink: @escaping @Sendable (Document) -> Void, report: @escaping @Sendable (FeedNotice) -> Void
    ) {
        self.init(
            name: till, port: port, tills: [till], decoder: FeedDecoder(decoder), clock: clock, sink: sink,
            report: report)
    }

    /// Several tills on one port, told apart by their lines' prefixes.
    /// - Throws: when a prefix is no regular expression.
    package convenience init(
        name: TillID, port: PortSource, lines: [TillLine], clock: any FeedClock,
        sink: @escaping @Sendable (Document) -> Void, report: @escaping @Sendable (FeedNotice) -> Void
    ) throws {
        self.init(
            name: name, port: port, tills: lines.map(\.till), decoder: try FeedDecoder(lines), clock: clock, sink: sink,
            report: report)
    }

    private init(
        name: TillID, port: PortSource, tills: [TillID], decoder: FeedDecoder, clock: any FeedClock,
        sink: @escaping @Sendable (Document) -> Void, report: @escaping @Sendable (FeedNotice) -> Void
    ) {
        till = name
        self.tills = tills
        source = port
        self.decoder = decoder
        self.clock = clock
        self.sink = sink
        self.report = report
    }

    /// What the feed is doing.
    package var state: FeedState { shared.withLock { $0.state } }

    /// What the feed has done, all its tills together.
    package var counters: FeedCounters { shared.withLock { $0.counters } }

    /// What the feed has done for one of its tills: its own bytes and documents, and the port's errors.
    package func counters(of till: TillID) -> FeedCounters {
        shared.withLock { shared in
            guard tills.count > 1 else { return shared.counters }
            let counted = shared.counted[till] ?? FeedDecoder.Counted()
            var counters = shared.counters
            counters.bytes = counted.bytes
            counters.documents = shared.documents[till] ?? 0
            counters.knownCommands = counted.known
            counters.unknownCommands = counted.unknown
            counters.truncatedBytes = counted.truncatedBytes
            counters.redactions = counted.redactions
            counters.dialectAlarms = counted.dialectAlarms
            counters.lineBreaks = counted.lineBreaks
            counters.unknownShare = counted.unknownShare
            counters.lastByte = shared.lastByte[till]
            counters.lastDocument = shared.lastDocument[till]
            return counters
        }
    }

    /// Shows every byte as it is read, on the feed's thread and before it is decoded: only for a technician's view of the line,
    /// which has to mask what it shows.
    package func observe(_ body: @escaping @Sendable ([UInt8]) -> Void) { shared.withLock { $0.observer = body } }

    /// Starts the thread; a second call does nothing, nor does one after ``stop(deadline:)``.
    package func start() {
        guard !stopping.load(ordering: .acquiring) else { return }
        let worker = thread.withLock { thread -> WorkerThread in
            let worker = thread ?? WorkerThread(name: "till \(till.rawValue)") { [self] in run() }
            thread = worker
            return worker
        }
        if !worker.start() { setState(.waiting(FeedReader.noThread(source.path))) }
    }

    /// Wakes the thread and waits for it to give out what it holds, at most for `deadline` of real time. True when it has
    /// ended.
    @discardableResult
    package func stop(deadline: Duration = .seconds(2)) -> Bool {
        stopping.store(true, ordering: .releasing)
        bell.ring()
        return thread.withLock(\.self)?.join(deadline: deadline) ?? true
    }

    static func noThread(_ path: String) -> PortError {
        .failed(path: path, call: "pthread_create", reason: "no thread left")
    }

    // MARK: On the thread

    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    private func run() {
        var decoder = decoder
        switch source {
        case .tty(let path, let settings):
            follow(&decoder) { _ throws(PortError) in try TTYPort(path: path, settings: settings) }
        case .usb(let adapter, let settings):
            follow(&decoder) { _ throws(PortError) in try TTYPort(path: try adapter.port(), settings: settings) }
        case .connect(let address):
            follow(&decoder) { bell throws(PortError) in try ConnectedPort(address, bell: bell) }
        case .listen(let settings): serve(settings, &decoder)
        case .file(let path, let tail): self.tail(path, tail, &decoder)
        case .capture(let path, let rate): replay(path, rate, &decoder)
        }
        publish(decoder.finish(at: clock.now()), decoder)
        shared.withLock { if $0.state != .finished { $0.state = .stopped } }
    }

    func setState(_ state: FeedState) { shared.withLock { $0.state = state } }

    func count(_ bytes: ArraySlice<UInt8>, at moment: Moment) {
        let observer = shared.withLock { shared in
            shared.counters.bytes += bytes.count
            shared.counters.lastByte = moment
            return shared.observer
        }
        observer?(Array(bytes))
    }

    /// Waits for simulated time, while silence still ends documents. True when something woke it before: `descriptor`
    /// became readable.
    @discardableResult
    func wait(until deadline: Duration, watching descriptor: Int32 = -1, _ decoder: inout FeedDecoder) -> Bool {
        while !isStopping {
            let now = clock.now()
            publish(decoder.advance(to: now), decoder)
            guard now.monotonic < deadline else { return false }
            if poll(descriptor, until: min(deadline, decoder.nextDeadline ?? deadline)) != 0 { return true }
        }
        return false
    }

    /// Hands on documents, and what the decoders have counted.
    func publish(_ documents: [Document], _ decoder: FeedDecoder) {
        shared.withLock { shared in
            shared.counters.documents += documents.count
            var sum = FeedDecoder.Counted()
            for (index, till) in tills.enumerated() {
                let counted = decoder.counted(index)
                if counted.bytes != shared.counted[till]?.bytes { shared.lastByte[till] = shared.counters.lastByte }
                shared.counted[till] = counted
                sum.known += counted.known
                sum.unknown += counted.unknown
                sum.truncatedBytes += counted.truncatedBytes
                sum.redactions += counted.redactions
                sum.dialectAlarms += counted.dialectAlarms
                sum.lineBreaks = max(sum.lineBreaks, counted.lineBreaks)
                sum.unknownShare = max(sum.unknownShare, counted.unknownShare)
            }
            for document in documents {
                let ended = document.lastByte ?? shared.counters.lastByte
                shared.counters.lastDocument = ended
                guard let till = document.till else { continue }
                shared.documents[till, default: 0] += 1
                shared.lastDocument[till] = ended
            }
            shared.counters.knownCommands = sum.known
            shared.counters.unknownCommands = sum.unknown
            shared.counters.truncatedBytes = sum.truncatedBytes
            shared.counters.redactions = sum.redactions
            shared.counters.dialectAlarms = sum.dialectAlarms
            shared.counters.lineBreaks = sum.lineBreaks
            shared.counters.unknownShare = sum.unknownShare
            if decoder.strangeLines > 0 { shared.counters.lost[.unknownPrefix] = decoder.strangeLines }
        }
        for document in documents { sink(document) }
    }
}
