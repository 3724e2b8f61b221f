import CLinux
import Foundation
package import Logging
import Outbox
import POSFeed
import PlatformAPI
import Radio
import Receipts
import ServiceLifecycle
import Subjects
import Synchronization
import Threads
import UnixSignals
import Uplink

/// `footbridge run`: the rooms joined, each on its thread, from the first byte to the clean stop.
///
/// Everything that can be wrong with the installation is found in `init`, before anything runs. A stop goes against the way of the
/// data: sources, engine, queue, uplink; each takes what the one before still had to give.
package final class Daemon: Sendable {
    package struct Options: Sendable {
        /// Where to write one `EPOCH FIRST LAST` after each commit; nil = nowhere.
        package var acceptedLog: String?
        package var scale: GatewayClock.Scale?

        package init(acceptedLog: String? = nil, scale: GatewayClock.Scale? = nil) {
            self.acceptedLog = acceptedLog
            self.scale = scale
        }
    }

    /// Real time from SIGTERM until the process ends, whatever still hangs. Below systemd's default of 90 s and its usual 15 s.
    private static let hardDeadline = Duration.seconds(12)
    /// Of each part; what is still to be saved comes first, so that whatever hangs does not take its time.
    private static let stopDeadline = Duration.seconds(2)
    /// A radio that is switching a mute adapter on when the stop comes waits 2.1 s for the kernel.
    private static let sourcesDeadline = Duration.seconds(3)

    private let clock: GatewayClock
    private let outbox: Outbox
    private let committer: GroupCommitter
    private let check: QueueCheck
    private let manager: ServiceManager
    private let uplink: Uplink
    private let engine: EngineThread
    private let inputs: InputQueue
    private let tables: ResolverTableKeeper
    private let radios: [RadioReader]
    private let feeds: [FeedReader]
    private let control: ControlSocket
    private let recordings: CaptureSweep
    private let log: Logger

    /// Opens the queue and restores what the last run knew.
    /// - Throws: ``ConfigurationErrors``, ``GatewayError``, `OutboxError`, `UplinkError`, ``ControlSocketError``, ``AcceptedLogError``;
    ///   each prints as what is wrong and what to do.
    package init(_ configuration: Configuration, _ options: Options, log: Logger) throws {
        if options.scale != nil, !configuration.platform.isLoopback {
            throw GatewayError.scaledClockNeedsLoopback(host: configuration.platform.host)
        }
        self.log = log
        if !ProcessGuards.raise() {
            log.warning("core dumps could not be switched off: a crash could write memory to disk")
        }
        let hasher = try ReceiptSettings.hasher(configuration)
        let box = BoxIdentity(gateway: configuration.gateway.id, bootID: BoxIdentity.kernelBootID())

        let stampClock = Mutex(GatewayClock(scale: options.scale))
        let manager = ServiceManager(log: log)
        self.manager = manager
        let outbox = try Outbox(
            OutboxConfiguration(configuration, progress: { manager.tell($0) }) {
                EventStamp(stampClock.withLock { $0 }.reading(), bootID: box.bootID)
            })
        self.outbox = outbox
        let clock = GatewayClock(scale: options.scale, lastStored: try EngineStateStore.lastStoredTime(in: outbox))
        stampClock.withLock { $0 = clock }
        self.clock = clock

        var (restored, store, unreadable) = try EngineStateStore.restore(
            EngineSettings(configuration), from: outbox, bootID: box.bootID, now: clock.reading().moment)
        store.trustsWall = clock.isTrustworthy
        for part in unreadable { log.error("the saved state of \(part) cannot be read and is left out") }
        let verifier = FeedVerifier(
            gateway: configuration.gateway.id,
            keys: configuration.platform.feedKeys.compactMap { FeedKey(kid: $0.kid, publicKey: $0.publicKeyText) })
        if let file = configuration.subjects.file {
            try SubjectFile(path: file).apply(
                verifier, to: &restored, store: &store, outbox: outbox, box: box, at: clock.reading().moment, log: log)
        }

        let tables = ResolverTableKeeper(clock: clock)
        self.tables = tables
        let inputs = InputQueue()
        self.inputs = inputs
        let claims = AdapterClaims()
        radios = try configuration.radios.map { radio in
            RadioReader(
                name: ReceiverID(radio.name), source: try RadioSource(radio.source), resolver: tables.slot,
                overflowBits: configuration.subjects.overflowBits, clock: clock, claims: claims,
                sink: { inputs.push($0) }, report: { log.notice("\($0)") })
        }
        feeds = try TillFeeds(
            configuration: configuration, hasher: hasher, clock: clock, sink: { inputs.push($0) },
            report: { log.notice("\($0)") }
        ).readers()

        let collector = StatusCollector(
            configuration, outbox: outbox, clock: clock, box: box, radios: radios, feeds: feeds, inputs: inputs)
        engine = EngineThread(
            engine: restored, store: store, inputs: inputs, outbox: outbox, box: box, clock: clock, tables: tables,
            log: log,
            health: { collector.health(from: $0, to: $1) }, overflowSeen: { collector.overflowSeen })
        collector.follow(engine)
        uplink = try Uplink(
            configuration: UplinkConfiguration(
                configuration, verifier: verifier, position: restored.registry.position,
                bootID: clock.runsAtRealPace ? box.bootID : nil),
            outbox: outbox,
            clock: clock, state: { collector.snapshot() }, onSubjects: { page, _ in inputs.push(page) }, logger: log)
        collector.follow(uplink)
        committer = GroupCommitter(
            outbox: outbox,
            policy: .init(count: configuration.queue.commitCount, interval: configuration.queue.commitInterval),
            report: QueueNotices(
                outbox: outbox, collector: collector, clock: clock, box: box, manager: manager, log: log
            ).take)
        check = QueueCheck(outbox: outbox) { notice in
            if case .sound = notice { log.info("queue: \(notice)") } else { log.error("queue: \(notice)") }
        }
        let state = configuration.gateway.stateDirectory
        recordings = CaptureSweep(
            folders: [state, "\(state)/captures"], now: { clock.reading().moment.wall }, report: { log.notice("\($0)") }
        )
        control = try ControlSocket(
            path: configuration.gateway.controlSocket, answer: { collector.report().json },
            perform: { request, user in QueueRequest.answer(request, from: user, outbox: outbox, log: log) })

        if let path = options.acceptedLog {
            let accepted = try AcceptedLog(path: path)
            outbox.observeCommits { commit in
                if let sequences = commit.sequences { accepted.record(epoch: commit.epoch, sequences: sequences) }
            }
        }
        outbox.observeCommits { [uplink] commit in
            if commit.sequences != nil { uplink.wake() }
        }
    }

    /// Runs until SIGTERM or SIGINT, then stops in order.
    package func run() async throws {
        // Stopped from the last to the first. Started by the group, which traps the signals before: a SIGTERM that comes during the
        // start stops cleanly too.
        let services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: StoppableService(stop: { [self] in stopUplink() })),
            .init(service: StoppableService(stop: { [self] in stopQueue() })),
            .init(service: StoppableService(stop: { [self] in stopEngine() })),
            .init(service: StoppableService(start: { [self] in start() }, stop: { [self] in stopSources() })),
        ]
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        group.maximumGracefulShutdownDuration = Self.hardDeadline
        try await ServiceGroup(configuration: group).run()
        log.notice("stopped")
    }

    private func start() {
        tables.start()
        committer.start()
        engine.start()
        uplink.start()
        for feed in feeds { feed.start() }
        for radio in radios { radio.start() }
        control.start()
        recordings.start()
        log.notice(
            "footbridge \(GatewayVersion.text) runs: \(radios.count) radios, \(feeds.count) tills, queue epoch \(outbox.epoch)"
        )
        manager.ready()
        check.start()
    }

    private func stopSources() {
        manager.stopping()
        armDeadline()
        control.stop()
        recordings.stop(deadline: .zero)
        // All sources share one deadline: several that hang must leave time to save what the others brought.
        let end = ContinuousClock.now + Self.sourcesDeadline
        for radio in radios { radio.stop(deadline: .zero) }
        for feed in feeds { feed.stop(deadline: .zero) }
        for radio in radios where !radio.stop(deadline: max(.zero, end - .now)) {
            log.error("radio \(radio.name) did not stop in time")
        }
        for feed in feeds where !feed.stop(deadline: max(.zero, end - .now)) {
            log.error("till \(feed.till) did not stop in time")
        }
    }

    private func stopEngine() {
        if !engine.stop(deadline: Self.stopDeadline) {
            log.error("the engine did not stop in time: what it still had is lost")
        }
    }

    private func stopQueue() {
        check.stop(deadline: .zero)
        if !committer.stop(deadline: Self.stopDeadline) {
            log.error("the queue could not commit everything: \(outbox.uncommitted) events lost")
        }
    }

    private func stopUplink() {
        tables.stop(deadline: Self.stopDeadline)
        if !uplink.stop(deadline: Self.stopDeadline) { log.error("the uplink did not stop in time") }
        outbox.close()
    }

    /// Whatever hangs, the process ends: a service manager must be able to start the next one.
    private func armDeadline() {
        let log = log
        WorkerThread(name: "fb-deadline") {
            Doorbell().wait(timeout: Self.hardDeadline)
            log.critical("the stop took longer than \(Self.hardDeadline); ending at once")
            _exit(70)
        }.start()
    }
}

/// A part of the daemon that runs on its own threads: the group only has to start it, and to stop it in its turn.
private struct StoppableService: Service {
    var start: @Sendable () -> Void = {}
    let stop: @Sendable () -> Void

    func run() async throws {
        start()
        try? await gracefulShutdown()
        stop()
    }
}
