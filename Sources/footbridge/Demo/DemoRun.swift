import Foundation
import Gateway
import Glibc
import Outbox
import PlatformAPI
import Simulation
import Subjects

/// One demonstration: prepares the world, starts the programs, plays the hour, and holds what came out against the truth.
final class DemoRun {
    let footbridge: String
    let platform: String
    private let rate: Double
    private let folder: DemoFolder
    private let schedule = DemoSchedule()
    private let simulation: StoreSimulation
    private let setting: DemoSetting
    private let began = Pace.now()

    private var platformProcess: ChildProcess?
    private var daemonProcess: ChildProcess?
    private var pace: Pace
    private var lastProgress = 0.0

    init(seed: UInt64, rate: Double, folder: DemoFolder) throws {
        self.rate = rate
        self.folder = folder
        footbridge = try ChildProcess.sibling("footbridge")
        platform = try ChildProcess.sibling("footbridge-platform")
        var options = SimulationOptions(seed: seed, hours: schedule.hour / 3600)
        options.quiet = schedule.quiet
        simulation = StoreSimulation(options)
        setting = try DemoSetting(simulation: simulation, folder: folder, platform: platform)
        pace = Pace(start: options.start.seconds, real: Pace.now(), rate: rate)
    }

    deinit {
        daemonProcess?.killAtOnce()
        platformProcess?.killAtOnce()
    }

    // MARK: the hour

    func play() throws -> DemoResult {
        let truth = simulation.truth
        say(
            "a store with \(simulation.plan.receivers.count) radios, \(simulation.plan.tills.count) tills and "
                + "\(simulation.options.subjects) subjects in the feed; files in \(folder.path)")
        let player = try StorePlayer(simulation, folder: folder)
        try startPlatform(player)
        try startFirst(player)
        let start = simulation.options.start.seconds
        try play(player, until: start + schedule.platformGoes)

        say("the platform goes away")
        let platformWent = pace.simulated()
        platformProcess?.killAtOnce()
        platformProcess = nil
        try play(player, until: start + schedule.kill)

        let down = try killAndRestart(player)
        try play(player, until: start + schedule.platformReturns)

        let backlog = status()?.queue.depth
        say("the platform is back" + (backlog.map { "; \($0) events wait for it" } ?? ""))
        try startPlatform(player)
        let platformDown = pace.simulated() - platformWent
        try play(player, until: (truth.visits.map(\.exited).max() ?? start) + 60)

        say("the shop is empty; visits close when nobody has come back for 15 minutes")
        try close(player)
        say("stopping; counting")
        return try count(player, down: down, platformDown: platformDown, backlog: backlog)
    }

    private func startPlatform(_ player: StorePlayer) throws {
        let offset = (try? FileManager.default.attributesOfItem(atPath: folder.platformLog)[.size] as? Int) ?? 0
        let process = try ChildProcess(platform, setting.serveArguments, log: folder.platformLog)
        platformProcess = process
        let deadline = Pace.now() + schedule.readySeconds
        while true {
            let log = [UInt8](FileManager.default.contents(atPath: folder.platformLog) ?? Data()).dropFirst(offset)
            if String(decoding: log, as: UTF8.self).contains("listening on") { return }
            guard process.isRunning, Pace.now() < deadline else {
                throw DemoFailure("the platform did not start\(process.lastWords)")
            }
            // The store does not wait for the platform.
            if daemonProcess == nil { usleep(10_000) } else { player.step(pace) }
        }
    }

    private func startDaemon() throws {
        daemonProcess = try ChildProcess(
            footbridge,
            [
                "run", "--config", folder.configuration, "--accepted-log", folder.acceptedLog, "--clock-origin",
                pace.origin,
                "--clock-rate", "\(rate)",
            ], log: folder.log)
    }

    /// The clock begins before the shop opens, so that the daemon has its subjects when the first shopper comes.
    private func startFirst(_ player: StorePlayer) throws {
        let start = simulation.options.start.seconds
        pace = Pace(start: start - schedule.readySeconds * rate, real: Pace.now(), rate: rate)
        try startDaemon()
        while !player.isConnected || (status()?.subjects.subjects ?? 0) == 0 {
            player.step(pace)
            try checkDaemon()
            guard pace.simulated() < start else {
                throw DemoFailure(
                    "the daemon was not ready in \(schedule.readySeconds) s (waiting for \(player.unconnected), "
                        + "\(status()?.subjects.subjects ?? 0) subjects)\(daemonProcess?.lastWords ?? "")")
            }
        }
        say("the daemon listens, over mutual TLS it has its subjects; the shop opens")
    }

    private func play(_ player: StorePlayer, until time: Double) throws {
        while pace.simulated() < time {
            player.step(pace)
            try checkDaemon()
            progress(player)
        }
    }

    private func checkDaemon() throws {
        guard let daemonProcess, !daemonProcess.isRunning else { return }
        throw DemoFailure("the daemon ended by itself, exit code \(daemonProcess.status)\(daemonProcess.lastWords)")
    }

    /// Simulated seconds from the SIGKILL until every radio scans and every port is open again.
    private func killAndRestart(_ player: StorePlayer) throws -> Double {
        say("SIGKILL for the daemon, with the platform still away")
        let killed = pace.simulated()
        daemonProcess?.killAtOnce()
        daemonProcess = nil
        // As the disk was at that moment, with the WAL still beside the queue.
        try? FileManager.default.removeItem(atPath: folder.afterKill)
        try FileManager.default.createDirectory(atPath: folder.afterKill, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.state) where !name.hasSuffix(".sock") {
            try FileManager.default.copyItem(atPath: "\(folder.state)/\(name)", toPath: "\(folder.afterKill)/\(name)")
        }
        for till in player.tills { try till.plug() }
        try startDaemon()
        let deadline = Pace.now() + 3 * schedule.readySeconds
        repeat {
            player.step(pace)
            try checkDaemon()
            guard Pace.now() < deadline else {
                throw DemoFailure(
                    "the daemon did not come back (\(player.unconnected))\(daemonProcess?.lastWords ?? "")")
            }
        } while !player.isConnected
        let down = pace.simulated() - killed
        say("the daemon is back after \(Int(down.rounded())) store seconds and goes on")
        return down
    }

    /// Lets time run on until every visit has closed and everything has been delivered.
    private func close(_ player: StorePlayer) throws {
        let end = pace.simulated() + schedule.closing
        var asked = 0.0
        // An event waits up to 250 ms for its commit, and until then no depth tells of it: so twice in a row.
        var quiet = 0
        while pace.simulated() < end {
            player.step(pace)
            try checkDaemon()
            progress(player)
            guard Pace.now() > asked + 0.4, player.isOver else { continue }
            asked = Pace.now()
            let isQuiet = status().map { $0.visits.open == 0 && $0.queue.depth == 0 } ?? false
            quiet = isQuiet ? quiet + 1 : 0
            if quiet > 1 { break }
        }
        let deadline = Pace.now() + 8
        while (status()?.queue.depth ?? 0) > 0, Pace.now() < deadline { player.step(pace) }
        daemonProcess?.terminate()
        guard daemonProcess?.waits(seconds: 15) ?? true else {
            throw DemoFailure("the daemon did not stop within 15 s of SIGTERM\(daemonProcess?.lastWords ?? "")")
        }
        let code = daemonProcess?.status ?? 0
        guard code == 0 else {
            throw DemoFailure("the daemon stopped with exit code \(code)\(daemonProcess?.lastWords ?? "")")
        }
        daemonProcess = nil
    }

    // MARK: what came out

    private func count(
        _ player: StorePlayer, down: Double, platformDown: Double, backlog: Int?
    ) throws -> DemoResult {
        platformProcess?.terminate()
        if platformProcess?.waits(seconds: 2) == false { platformProcess?.killAtOnce() }
        platformProcess = nil
        var reported = ReportedDay()
        let listing = try ChildProcess.output(platform, ["events", "--store", folder.platformStore])
        for line in listing.split(separator: 0x0A) { reported.add(line: line) }
        let accepted = (try? String(contentsOfFile: folder.acceptedLog, encoding: .utf8)) ?? ""

        var secrets = player.secrets
        secrets.formUnion(simulation.printedSecrets)
        var sweep = LeakSweep(secrets)
        sweep.sweep(folder.gateway)
        sweep.sweep(folder.afterKill)
        let marker = try LeakSweep.provesItself(
            queue: folder.queue, scratch: "\(folder.world)/marker.sqlite", marker: 0x5EC2_E7A1_3D94)
        return DemoResult(
            seed: simulation.options.seed, truth: simulation.truth,
            score: TruthScore(truth: simulation.truth, reported: reported),
            audit: DeliveryAudit(acceptedLog: accepted, platform: reported), reported: reported,
            waiting: waitingEvents(),
            packets: player.packets, unheard: player.unheard, heldBytes: player.heldBytes, daemonDownSeconds: down,
            platformDownSeconds: platformDown, backlogAtReturn: backlog, sweep: sweep, secrets: secrets.subjects,
            marker: marker, realSeconds: Pace.now() - began)
    }

    /// Events that the stopped daemon left in its queue.
    private func waitingEvents() -> Int {
        let configuration = OutboxConfiguration(path: folder.queue, gateway: SimulationOptions.gateway) {
            EventStamp(
                wallNanoseconds: 0, time: UnixTime(nanoseconds: 0).rfc3339(), bootID: "", monotonicNanoseconds: 0,
                wallIsTrusted: false)
        }
        guard let queue = try? Outbox(configuration) else { return 0 }
        defer { queue.close() }
        return queue.backlog.rows
    }

    private func status() -> StatusReport? {
        guard let bytes = try? ControlSocket.ask(path: folder.controlSocket) else { return nil }
        return StatusReport(json: bytes)
    }

    // MARK: progress

    private func progress(_ player: StorePlayer) {
        guard Pace.now() > lastProgress + 5 else { return }
        lastProgress = Pace.now()
        let report = status()
        say(
            "\(player.documentsBegun) documents printed, \(player.packets) advertisements heard"
                + (report.map { ", \($0.visits.open) people in the store, \($0.queue.depth) events in the queue" } ?? "")
        )
    }

    /// One line with the store's time of day.
    private func say(_ text: String) {
        let local = simulation.localTime(pace.simulated())
        DemoOutput.line("  \(local)  \(text)")
        lastProgress = Pace.now()
    }
}
