import Foundation
import GRDB
import PlatformAPI
import Subjects

@testable import Outbox
@testable import Uplink

/// A gateway without threads and without real time: a source of events with its checkpoint, the queue on a disk that fails, the
/// engine. The process may end between any two steps and, by the disk's plan, inside one.
final class SimulatedBox {
    struct Setting {
        var maximumBytes: Int64 = 1 << 30
        var policy = SyncPolicy(maximumEvents: 8, refusalStreak: 1000)
        /// Pages of WAL after which SQLite copies them into the main file; small, so that short runs see it happen.
        var checkpointPages = 20
        /// The source is the gateway's own core instead of a row of numbers.
        var hasCore = false
        /// Negative control: commits are reported before they are on disk.
        var isRelaxed = false
    }

    private static let checkpointKey = "source"

    let disk: FaultyDisk
    let ledger: Ledger
    private let setting: Setting
    private let seed: UInt64
    let clock = SimulatedClock()
    /// Nil while the process does not run, or cannot open its queue.
    private(set) var outbox: Outbox?
    private(set) var engine: SyncEngine
    /// Monotonic.
    var now = Duration.zero
    /// The number of the last event that the source has made.
    private var made = 0
    /// On an older copy of its disk the source must not say again what the platform has: its numbers go on from here.
    var numberFloor = 0
    private(set) var starts = 0
    private var core: GatewayCore?
    var world: StoreWorld
    private var coreNumber = 0
    private var boots = 0
    private var bootedAt = Duration.zero
    /// Whether a start had to read what it knows from a file that it could not write.
    private(set) var hasStartedHeld = false
    /// The sequences of the last commit, for the trace.
    private(set) var committed: ClosedRange<UInt64>?

    init(seed: UInt64, setting: Setting = Setting(), ledger: Ledger = Ledger()) throws {
        self.seed = seed
        self.setting = setting
        self.ledger = ledger
        disk = try FaultyDisk(seed: seed)
        world = StoreWorld(seed: seed)
        engine = SyncEngine(policy: setting.policy, seed: seed)
    }

    deinit { outbox?.close() }

    // MARK: The process

    /// Starts the process unless it runs; the disk may refuse.
    func start() -> OutboxError? {
        guard outbox == nil else { return nil }
        do throws(OutboxError) {
            let opened = try Outbox(configuration())
            do throws(OutboxError) {
                try tune(opened)
                made = max(try made(in: opened), numberFloor)
                if setting.hasCore { core = try restoredCore(opened) }
            } catch {
                opened.close()
                throw error
            }
            let ledger = ledger
            opened.observeCommits { ledger.observe($0) }
            if opened.condition != nil { hasStartedHeld = true }
            outbox = opened
            starts += 1
            engine = SyncEngine(policy: setting.policy, seed: seed)
            return nil
        } catch {
            return error
        }
    }

    /// Ends the process in good order; what it had not committed is gone, as its sources would say it again or not.
    func stop() {
        outbox?.close()
        outbox = nil
        core = nil
    }

    /// The power goes and comes back.
    func cutPower(_ loss: FaultyDisk.Loss) {
        disk.powerOff()
        stop()
        disk.powerOn(loss)
        boots += 1
        bootedAt = now
    }

    /// The disk is replaced by an older copy of itself.
    func restoreDisk() -> Bool {
        stop()
        // The mark beside the queue stands on the same disk.
        try? FileManager.default.removeItem(atPath: disk.path + ".lock")
        return disk.restore()
    }

    private func configuration() -> OutboxConfiguration {
        OutboxConfiguration(path: disk.path, gateway: "shop-1", maximumBytes: setting.maximumBytes) { [clock] in
            clock.stamp
        }
    }

    private func tune(_ opened: Outbox) throws(OutboxError) {
        let setting = setting
        try opened.read("tuning") { db in
            try db.execute(sql: "PRAGMA wal_autocheckpoint = \(setting.checkpointPages)")
            if setting.isRelaxed { try db.execute(sql: "PRAGMA synchronous = NORMAL") }
        }
    }

    // MARK: The source

    /// Makes events; the next commit carries them and how far the source has come.
    func make(_ count: Int) -> [Int] {
        guard let outbox else { return [] }
        let numbers = Array(made + 1...made + count)
        made += count
        outbox.enqueue(drafts(numbers), state: [Self.checkpointKey: Array(String(made).utf8)])
        return numbers
    }

    func enqueue(_ numbers: [Int]) { outbox?.enqueue(drafts(numbers)) }

    private func drafts(_ numbers: [Int]) -> [EventDraft] {
        let ledger = ledger
        return numbers.map { StoreEvent(number: $0).draft { ledger.encode($0, $1) } }
    }

    private func made(in outbox: Outbox) throws(OutboxError) -> Int {
        try outbox.state(Self.checkpointKey).flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    }

    /// What the committing thread does: after a full disk it makes room.
    func commit() -> OutboxError? {
        committed = nil
        guard let outbox else { return nil }
        do throws(OutboxError) {
            committed = try outbox.commit()?.sequences
            return nil
        } catch {
            if case .full = error { _ = enforceCaps(force: true) }
            return error
        }
    }

    func enforceCaps(force: Bool) -> OutboxError? {
        guard let outbox else { return nil }
        let before = held
        do throws(OutboxError) {
            _ = try outbox.enforceCaps(force: force)
            ledger.excuse(before.subtracting(held))
            return nil
        } catch {
            // Some may be gone, each told by a gap; which, the rows no longer tell.
            ledger.excuse(before)
            return error
        }
    }

    func checkpoint() -> OutboxError? {
        guard let outbox else { return nil }
        do throws(OutboxError) {
            try outbox.checkpoint()
            return nil
        } catch {
            return error
        }
    }

    /// Looks through the whole file; nil while the process does not run.
    func look() -> CheckOutcome? { outbox?.check() }

    // MARK: The core

    /// What the box's two clocks say at a time of the simulation.
    private func moment(_ time: Duration) -> Moment {
        Moment(monotonic: time - bootedAt + .seconds(30), wall: UnixTime(seconds: clock.wallSeconds) + time)
    }

    private func restoredCore(_ opened: Outbox) throws(OutboxError) -> GatewayCore {
        do {
            return try GatewayCore(
                opened, bootID: "00000000-0000-0000-0000-\(SequenceText.text(UInt64(boots)).suffix(12))",
                at: moment(now))
        } catch {
            throw (error as? OutboxError)
                ?? .failed(operation: "restoring the core", path: disk.path, reason: "\(error)")
        }
    }

    /// Time passes in the store; what the core says of it waits for the next commit.
    func live(_ duration: Duration, withCheckpoint: Bool) throws -> [Int] {
        let start = now
        now += duration
        let inputs = world.pass(from: start, to: now) { moment($0) }
        guard outbox != nil, core != nil else { return [] }
        core?.take(inputs, clock: clock.isTrusted ? .synchronised : .unset, trustsWall: clock.isTrusted)
        var numbers = try enqueue(core?.advance(to: moment(now), withCheckpoint: withCheckpoint))
        let serial: UInt64 = world.hasWithdrawn ? 2 : 1
        while let next = core.map({ $0.serial + 1 }), next <= serial {
            let page = StoreWorld.page(next, at: UnixTime(seconds: SimulatedClock.start))
            numbers += try enqueue(core?.apply(page, at: moment(now)))
        }
        return numbers
    }

    private func enqueue(_ group: GatewayCore.Group?) throws -> [Int] {
        guard let group, let core, let outbox else { return [] }
        let ledger = ledger
        var numbers: [Int] = []
        let drafts = group.events.map { event in
            // A number whose fate is to be taken.
            coreNumber += 29
            numbers.append(coreNumber)
            return core.draft(event, coreNumber) { ledger.encode($0, $1) }
        }
        outbox.enqueue(drafts, state: group.state)
        return numbers
    }

    // MARK: The line

    enum Turn {
        case idle
        case sent(String)
    }

    /// One turn of the uplink's loop. `send` says what comes back; nil ends the process before the answer is read.
    func turn(_ send: (StoredBatch) -> SyncEngine.Outcome?) -> Turn {
        guard let outbox else { return .idle }
        let backlog = outbox.backlog
        switch engine.step(at: now, rows: backlog.rows, bytes: backlog.bytes) {
        case .wait(let until):
            if let until { now = max(now, until) }
            return .idle
        case .send(let events, let bytes):
            return transmit(outbox, events, bytes, send)
        }
    }

    private func transmit(
        _ outbox: Outbox, _ events: Int, _ bytes: Int, _ send: (StoredBatch) -> SyncEngine.Outcome?
    ) -> Turn {
        do throws(OutboxError) {
            guard let batch = try outbox.nextBatch(maximumEvents: events, maximumBytes: bytes) else { return .idle }
            guard let outcome = send(batch) else { return .sent("\(batch.first)...\(batch.last) and killed") }
            let verdict = engine.answered(outcome, to: batch, at: now, wallSeconds: clock.wallSeconds)
            try VerdictApplier(outbox: outbox).apply(verdict, to: batch)
            if case .moveToNewEpoch = verdict { ledger.forgetSequences() }
            return .sent("\(batch.first)...\(batch.last): \(verdict.name)")
        } catch {
            engine.verdictFailed(error, at: now)
            return .sent("\(error)")
        }
    }

    func poke() { engine.poke() }

    // MARK: What the file says

    /// The numbers of the events that wait.
    func numbers() throws -> Set<Int> {
        guard let outbox else { return [] }
        return try outbox.read("listing") { db in
            // As StoreEvent reads a body, by SQLite's own functions: thousands of runs list millions of rows.
            let texts = try String.fetchAll(
                db,
                sql: """
                    SELECT CAST(substr(body, instr(body, CAST('"text":"' AS BLOB)) + 8, 30) AS TEXT)
                    FROM event WHERE gap_first IS NULL
                    """)
            return Set(texts.compactMap { StoreEvent(text: $0)?.number })
        }
    }

    func quarantinedNumbers() throws -> Set<Int> {
        guard let outbox else { return [] }
        return Set(try outbox.quarantined().compactMap { StoreEvent(body: $0.body)?.number })
    }

    /// What waits and what is in quarantine; making room may take both.
    private var held: Set<Int> { ((try? numbers()) ?? []).union((try? quarantinedNumbers()) ?? []) }

    var sourceCheckpoint: Int? { outbox.flatMap { try? made(in: $0) } }
}

extension SyncEngine.Verdict {
    fileprivate var name: String {
        switch self {
        case .nothing: "nothing"
        case .settle(let through, let rejected): "settled through \(through), \(rejected.count) refused"
        case .quarantine(let sequence, _): "\(sequence) to quarantine"
        case .moveToNewEpoch: "a new epoch"
        case .fill(let from): "filled from \(from)"
        }
    }
}
