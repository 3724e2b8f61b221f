import Advertising
import Subjects
import Threads

extension RadioReader {
    private static let chunkBytes = 16 * 1024
    /// So many reads before anything else gets its turn.
    private static let readsInARow = 64
    /// While it scans, reports may gather for so long, by the box's clock, before they are read together: a turn for each
    /// costs four times as much. So late may a sighting's time be.
    private static let gathering = Duration.milliseconds(20)
    /// A turn that brought more reports than this is followed by the next at once: a socket of the standard size holds
    /// some 300 small packets.
    private static let gatheredReports: UInt64 = 100
    /// How long a stop may take to read what has come: a socket that is full is read in a tenth of it.
    private static let conclusion = Duration.milliseconds(500)
    /// How often the kernel's counters are looked at.
    private static let sampleInterval = Duration.seconds(1)
    /// Lets somebody else, who has just ended our scan, finish what it is doing.
    private static let courtesy = Duration.milliseconds(100)
    /// An end of our scan by others more often than this in a minute is a war that we do not fight.
    private static let mostInterruptions = 20

    /// Connects to the controller behind a unix socket and listens until the reader is stopped or the controller is
    /// lost.
    func listen(_ path: String, _ frames: inout FrameResolver, _ backoff: inout RadioBackoff) throws(RadioError) {
        let transport = try UnixStreamTransport(path: path, bell: bell)
        var session = ControllerSession(timeOut: commandTimeOut)
        let first = session.start(at: timing.now())
        var line = ControllerLine(name: path, transport: transport, session: session, at: timing.now())
        var ladder: RecoveryLadder?
        try transport.write(first)
        defer { if line.controller != nil { backoff.reset() } }
        try attend(&line, &ladder, &frames)
    }

    /// Listens until the reader is stopped; throws when the line has failed.
    func attend(
        _ line: inout ControllerLine, _ ladder: inout RecoveryLadder?, _ frames: inout FrameResolver
    ) throws(RadioError) {
        var buffer = [UInt8](repeating: 0, count: Self.chunkBytes)
        while true {
            let readiness = try line.transport.wait(timeout: max(.zero, line.deadline - timing.now()))
            if isStopping { return conclude(&line, &frames, &buffer) }
            if readiness == .readable {
                let before = frames.counters.reports
                let isEmptied = try hear(&line, &ladder, &frames, &buffer)
                let brought = frames.counters.reports - before
                // What is left would wait in a buffer that fills: there is nothing to gather.
                if isEmptied, line.isListening, brought > 0, brought <= Self.gatheredReports { gather() }
            }
            let now = timing.now()
            if let fault = line.session?.advance(to: now) { throw Self.error(fault, line.name) }
            try restartIfDue(&line, at: now)
            if now >= line.nextSample { sample(&line, &frames, at: now) }
            try judge(&line, &ladder, at: now)
        }
    }

    /// Switches the scan off and hears what came before that: a stop loses nothing that has reached the box.
    ///
    /// The connection is given up in any case, so that nothing that goes wrong now matters.
    private func conclude(_ line: inout ControllerLine, _ frames: inout FrameResolver, _ buffer: inout [UInt8]) {
        if let stop = line.session?.stopPacket { try? line.transport.write(stop) }
        let table = resolver.load()
        let end = timing.now() + Self.conclusion
        let before = frames.counters.reports
        while timing.now() < end, let count = try? line.transport.read(into: &buffer), count > 0 {
            let chunk = buffer.span.extracting(0..<count)
            if line.session == nil {
                resolve(chunk, table, &frames)
            } else {
                _ = converse(chunk, table, &line, &frames)
            }
        }
        sample(&line, &frames, at: timing.now())
        publish(frames, heard: frames.counters.reports > before ? clock.now().moment : nil)
    }

    private func gather() {
        let delay = clock.realDelay(Self.gathering)
        // On a clock that runs fast there is nothing to gather.
        guard delay >= .milliseconds(1) else { return }
        timing.wait(delay, bell)
        // The wait has answered the bell; the next one must hear it too.
        if isStopping { bell.ring() }
    }

    /// Reads what is there.
    /// - Returns: false when there may be more.
    private func hear(
        _ line: inout ControllerLine, _ ladder: inout RecoveryLadder?, _ frames: inout FrameResolver,
        _ buffer: inout [UInt8]
    ) throws(RadioError) -> Bool {
        let before = frames.counters
        defer {
            let now = timing.now()
            let after = frames.counters
            let empty = after.emptyReports - before.emptyReports
            let useful = after.reports - before.reports - empty
            line.health.heard(
                useful: useful, empty: empty, malformed: after.malformed.ofEvents - before.malformed.ofEvents, at: now)
            publish(frames, heard: after.reports > before.reports ? clock.now().moment : nil)
            if useful > 0 { note(&line, &ladder, useful: true, at: now) }
        }
        let table = resolver.load()
        for _ in 0..<Self.readsInARow {
            let count = try line.transport.read(into: &buffer)
            guard count > 0 else { return true }
            guard line.session != nil else {
                resolve(buffer.span.extracting(0..<count), table, &frames)
                continue
            }
            let reaction = converse(buffer.span.extracting(0..<count), table, &line, &frames)
            for command in reaction.commands { try line.transport.write(command) }
            if let controller = reaction.controller {
                line.controller = controller
                line.health.restarted(at: timing.now())
                announce(line, ladder)
            }
            if reaction.isAlive {
                line.health.answered(at: timing.now())
                note(&line, &ladder, useful: false, at: timing.now())
            }
            if reaction.isDisturbed { try interrupted(&line, &frames) }
            if let fault = reaction.fault { throw Self.error(fault, line.name) }
        }
        return false
    }

    private func converse(
        _ chunk: Span<UInt8>, _ table: ResolverTable, _ line: inout ControllerLine, _ frames: inout FrameResolver
    ) -> ControllerSession.Reaction {
        guard var session = line.session else { return .init() }
        let garbage = session.garbageBytes
        let reaction = session.consume(chunk, at: timing.now()) { packet in resolve(packet, table, &frames) }
        frames.counters.garbageBytes += session.garbageBytes - garbage
        line.session = session
        return reaction
    }

    private func resolve(_ packet: Span<UInt8>, _ table: ResolverTable, _ frames: inout FrameResolver) {
        let (moment, state) = clock.now()
        frames.frames(
            in: packet, receiver: name, at: moment, table: table, clockState: state, sink: sink)
    }

    // MARK: Health

    /// Says that the radio scans, unless a recovery has yet to prove itself.
    func announce(_ line: ControllerLine, _ ladder: RecoveryLadder?) {
        guard ladder?.isUnproven != true else { return }
        enter(.scanning, controller: line.controller, remark: line.remark)
    }

    private func note(
        _ line: inout ControllerLine, _ ladder: inout RecoveryLadder?, useful: Bool, at now: Duration
    ) {
        if ladder?.lived(useful: useful, at: now) == true { announce(line, ladder) }
    }

    private func judge(
        _ line: inout ControllerLine, _ ladder: inout RecoveryLadder?, at now: Duration
    ) throws(RadioError) {
        switch line.health.advance(to: now, heedsDoubt: ladder?.heedsDoubt(at: now) ?? false) {
        case .fine: return
        case .onlyEmpty(let reports): throw .onlyEmpty(path: line.name, reports: reports)
        case .onlyMalformed(let events): throw .onlyMalformed(path: line.name, events: events)
        case .ask:
            if line.session != nil {
                if let question = line.session?.ask(at: now) { try line.transport.write(question) }
            } else {
                try askKernel(&line, &ladder, at: now)
            }
        }
    }

    /// Where no command of ours may reach the controller, the kernel's count of its events is the sign of life; one that
    /// stands still is put to the test by letting the kernel begin its scan again.
    private func askKernel(
        _ line: inout ControllerLine, _ ladder: inout RecoveryLadder?, at now: Duration
    ) throws(RadioError) {
        guard let index = line.index else { return }
        do throws(AdapterError) {
            let events = try host.statistics(index: index).events
            if line.eventsAtAsk == nil || events != line.eventsAtAsk {
                line.eventsAtAsk = events
                line.isRearmed = false
                line.health.answered(at: now)
                note(&line, &ladder, useful: false, at: now)
            } else if line.isRearmed {
                throw .mute(adapter: line.name, doing: "scan")
            } else {
                line.transport = try host.openKernelScan(index: index, bell: bell)
                line.seenDrops = 0
                line.isRearmed = true
            }
        } catch {
            throw .adapter(error)
        }
    }

    /// Takes over the kernel's counters. Those of events wrap, and begin anew when the adapter is switched on.
    private func sample(_ line: inout ControllerLine, _ frames: inout FrameResolver, at now: Duration) {
        line.nextSample = now + Self.sampleInterval
        let drops = line.transport.dropped
        var isChanged = false
        if drops > line.seenDrops {
            frames.counters.droppedSocket += drops - line.seenDrops
            isChanged = true
        }
        line.seenDrops = drops
        if let index = line.index, let events = try? host.statistics(index: index).events {
            if let seen = line.seenEvents, events != seen {
                frames.counters.controllerEvents += UInt64(events > seen ? events - seen : events)
                isChanged = true
            }
            line.seenEvents = events
            if line.eventsAtAsk == nil { line.eventsAtAsk = events }
        }
        if isChanged { publish(frames, heard: nil) }
    }

    // MARK: Others

    private func interrupted(_ line: inout ControllerLine, _ frames: inout FrameResolver) throws(RadioError) {
        let now = timing.now()
        frames.counters.scanInterrupted += 1
        line.interruptions.removeAll { now - $0 > .seconds(60) }
        line.interruptions.append(now)
        if line.interruptions.count > Self.mostInterruptions {
            throw .contended(path: line.name, times: line.interruptions.count)
        }
        line.restartAt = now + Self.courtesy
    }

    private func restartIfDue(_ line: inout ControllerLine, at now: Duration) throws(RadioError) {
        guard let due = line.restartAt, now >= due else { return }
        line.restartAt = nil
        if let packet = line.session?.restart(at: now) { try line.transport.write(packet) }
    }

    private static func error(_ fault: ControllerSession.Fault, _ path: String) -> RadioError {
        switch fault {
        case .controller(let error): .controller(path: path, error)
        case .outOfStep(let bytes): .outOfStep(path: path, bytes: bytes)
        }
    }
}
