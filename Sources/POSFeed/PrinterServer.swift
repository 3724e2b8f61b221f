import Glibc
import Subjects
import Synchronization
import Threads

/// Plays a network printer on a thread of its own: takes the tills' connections, answers or forwards, and hands a copy of
/// every byte to the decoder. It never waits for the decoder, so the receipt prints whatever becomes of its copy.
final class PrinterServer: Sendable {
    /// How long the real printer may take to answer, as point-of-sale drivers wait.
    static let connectLimit = Duration.seconds(3)
    /// A connection that was silent for so long gives way to a new one when all places are taken.
    static let idleLimit = Duration.seconds(60)

    private let settings: PrinterSettings
    private let events: PortEvents
    private let clock: any FeedClock
    private let listener: Int32
    private let stopping = Atomic(false)
    private let bell = Doorbell()
    private let thread = Mutex<WorkerThread?>(nil)

    /// Begins to listen.
    init(_ settings: PrinterSettings, events: PortEvents, clock: any FeedClock) throws(PortError) {
        listener = try StreamSocket.listen(settings.address)
        self.settings = settings
        self.events = events
        self.clock = clock
    }

    deinit { close(listener) }

    func start(name: String) -> Bool {
        let worker = WorkerThread(name: name) { [self] in run() }
        thread.withLock { $0 = worker }
        return worker.start()
    }

    func stop(deadline: Duration) {
        stopping.store(true, ordering: .releasing)
        bell.ring()
        thread.withLock(\.self)?.join(deadline: deadline)
    }

    // MARK: On the thread

    private func run() {
        var connections: [PrinterConnection] = []
        var nextID = 1
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while !stopping.load(ordering: .acquiring) {
            var waited = [
                pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
            ]
            for connection in connections {
                waited.append(pollfd(fd: connection.client, events: connection.clientInterest, revents: 0))
                waited.append(
                    pollfd(fd: connection.upstream.descriptor, events: connection.upstreamInterest, revents: 0))
            }
            let pending = connections.contains { if case .connecting = $0.upstream { true } else { false } }
            poll(&waited, nfds_t(waited.count), pending ? 250 : -1)
            if waited[0].revents != 0 { bell.answer() }
            var open: [PrinterConnection] = []
            for (index, connection) in connections.enumerated() {
                var connection = connection
                let client = Int32(waited[2 + 2 * index].revents)
                let upstream = Int32(waited[3 + 2 * index].revents)
                if serve(&connection, client: client, upstream: upstream, &buffer) { open.append(connection) }
            }
            connections = open
            if waited[1].revents != 0 { accept(&connections, &nextID) }
        }
        for connection in connections { end(connection, whole: false, reset: false) }
    }

    private func accept(_ connections: inout [PrinterConnection], _ nextID: inout Int) {
        while true {
            let client = StreamSocket.accept(listener)
            guard client >= 0 else { return }
            let peer = NetworkAddress(peerOf: client)?.bytes ?? []
            guard settings.allow.contains(where: { $0.contains(peer) }) else {
                refuse(client, .addressRefused)
                continue
            }
            let now = ContinuousClock.now
            if connections.count >= settings.maximumConnections {
                // A printer that never closes must not keep the next till out.
                let delivered = connections.firstIndex { $0.isDelivered }
                let idlest = connections.indices.min { connections[$0].lastByte < connections[$1].lastByte }
                let silent = idlest.flatMap { now - connections[$0].lastByte >= PrinterServer.idleLimit ? $0 : nil }
                guard let idlest = delivered ?? silent else {
                    refuse(client, .connectionLimit)
                    continue
                }
                end(connections.remove(at: idlest), whole: true, reset: false)
            }
            StreamSocket.keepAlive(client)
            StreamSocket.set(client, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
            guard let upstream = connect(now) else {
                refuse(client, .printerAway)
                continue
            }
            connections.append(
                PrinterConnection(
                    id: nextID, client: client, upstream: upstream, status: PrinterStatus(dialect: settings.dialect),
                    lastByte: now))
            nextID += 1
        }
    }

    /// Begins to connect to the real printer; nil when it cannot be reached at all.
    private func connect(_ now: ContinuousClock.Instant) -> PrinterConnection.Upstream? {
        guard let printer = settings.forward else { return PrinterConnection.Upstream.none }
        let descriptor = StreamSocket.open(printer)
        guard descriptor >= 0 else { return nil }
        StreamSocket.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        switch StreamSocket.connect(descriptor, printer) {
        case 0: return .open(descriptor: descriptor)
        case EINPROGRESS: return .connecting(descriptor: descriptor, until: now + PrinterServer.connectLimit)
        case let failure:
            close(descriptor)
            away(failure)
            return nil
        }
    }

    private func refuse(_ client: Int32, _ reason: FeedLoss) {
        StreamSocket.resetOnClose(client)
        close(client)
        events.count(reason)
    }

    private func away(_ code: Int32) {
        guard let printer = settings.forward else { return }
        events.failure = .unreachable(
            address: "printer \(printer)", reason: "\(StreamSocket.reason(code)): the till cannot print")
    }

    /// Moves what can be moved; false when the connection is over.
    private func serve(
        _ connection: inout PrinterConnection, client: Int32, upstream: Int32, _ buffer: inout [UInt8]
    ) -> Bool {
        if case .connecting(let descriptor, let until) = connection.upstream {
            let late = ContinuousClock.now >= until
            if upstream != 0 || late {
                let failure = upstream != 0 ? StreamSocket.error(descriptor) : ETIMEDOUT
                guard failure == 0 else {
                    away(failure)
                    events.count(.printerAway)
                    end(connection, whole: false, reset: true)
                    return false
                }
                connection.upstream = .open(descriptor: descriptor)
                events.failure = nil
            } else if client & Int32(POLLHUP | POLLERR) != 0 {
                end(connection, whole: false, reset: true)
                return false
            }
            return true
        }
        if client & Int32(POLLIN | POLLHUP | POLLERR) != 0, connection.clientInterest & Int16(POLLIN) != 0 {
            let count = recv(connection.client, &buffer, buffer.count, 0)
            if count > 0 {
                take(buffer[..<count], &connection)
            } else if count == 0 {
                connection.tillIsDone = true
            } else if errno != EAGAIN, errno != EINTR {
                end(connection, whole: false, reset: true)
                return false
            }
        } else if client & Int32(POLLERR) != 0 {
            end(connection, whole: false, reset: true)
            return false
        }
        if case .open(let printer) = connection.upstream {
            guard relay(&connection, printer, upstream, &buffer) else { return false }
        }
        if !PrinterConnection.write(&connection.toTill, to: connection.client) {
            end(connection, whole: connection.tillIsDone, reset: false)
            return false
        }
        guard connection.isFinished else { return true }
        end(connection, whole: true, reset: false)
        return false
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ connection: inout PrinterConnection) {
        connection.lastByte = .now
        events.push(bytes, of: connection.id, at: clock.now())
        switch (connection.upstream, settings.mode) {
        case (.open, _): connection.toPrinter += bytes
        case (_, .printer):
            let answers = connection.status.consume(bytes)
            // A till that asks and never reads gets no more answers than fit.
            if connection.toTill.count + answers.count <= PrinterConnection.bufferLimit {
                connection.toTill += answers
            }
        case (_, .tap): break
        }
    }

    /// Between the till and the real printer; false when the printer has ended the connection.
    private func relay(
        _ connection: inout PrinterConnection, _ printer: Int32, _ ready: Int32, _ buffer: inout [UInt8]
    ) -> Bool {
        guard PrinterConnection.write(&connection.toPrinter, to: printer) else {
            away(errno)
            events.count(.printerAway)
            end(connection, whole: false, reset: true)
            return false
        }
        if connection.tillIsDone, connection.toPrinter.isEmpty, !connection.printerWasTold {
            connection.printerWasTold = true
            shutdown(printer, Int32(SHUT_WR))
        }
        guard ready & Int32(POLLIN | POLLHUP | POLLERR) != 0 else { return true }
        let count = recv(printer, &buffer, buffer.count, 0)
        if count > 0 {
            connection.toTill += buffer[..<count]
            return true
        }
        if count < 0, errno == EAGAIN || errno == EINTR { return true }
        // The printer closes after the till: the job is done. Before it: the job was broken off there.
        let code = count < 0 ? errno : EPIPE
        _ = PrinterConnection.write(&connection.toTill, to: connection.client)
        if !connection.tillIsDone || !connection.toPrinter.isEmpty {
            away(code)
            events.count(.printerAway)
            end(connection, whole: false, reset: true)
        } else {
            end(connection, whole: true, reset: false)
        }
        return false
    }

    private func end(_ connection: PrinterConnection, whole: Bool, reset: Bool) {
        if reset { StreamSocket.resetOnClose(connection.client) }
        close(connection.client)
        if connection.upstream.descriptor >= 0 { close(connection.upstream.descriptor) }
        events.close(connection.id, whole: whole, at: clock.now())
    }
}
