import Foundation
import Outbox
import PlatformModel

@testable import Uplink

/// A store for some simulated days, out of one seed: events, a line, a platform, and everything that breaks them. No threads, no
/// real time: the same seed is the same run, step by step.
final class DeliverySimulation {
    /// What is done wrong on purpose, to see that it is seen.
    enum Sabotage {
        case none
        /// `synchronous=NORMAL`: commits are reported before they are on disk.
        case relaxedCommits
        /// A disk that confirms syncs and does nothing.
        case lyingDisk
        /// Events count as accepted when they are enqueued.
        case acceptedInMemory
        /// Events are deleted although the platform never saw them.
        case settledUnsent
    }

    struct Report {
        var seed: UInt64
        var violations: [String]
        var trace: [String]
        var accepted = 0
        var evicted = 0
        var powerCuts = 0
        var operations: UInt64 = 0
        /// Of the gateway's core, where a run has one and nothing was given up on the way.
        var journeys: JourneyAudit?
    }

    enum Restores { case none, disk, platform }

    let seed: UInt64
    let sabotage: Sabotage
    let restores: Restores
    let maximumBytes: Int64
    /// Whether the events come from the gateway's own core.
    let hasCore: Bool
    var journeys: JourneyAudit?
    /// Whether the disk may damage the queue's file on its own.
    let isRotten: Bool
    /// It has.
    var isDamaged = false
    var rescues = 0
    let ledger: Ledger
    let box: SimulatedBox
    var random: SplitMix64
    var platform = PlatformModel.forStoreEvents()
    var platformBackup: PlatformModel?
    var line = FaultyLine()
    var trace: [String] = []
    var powerCuts = 0
    /// Steps until a lasting fault ends.
    var lasting = 0
    var checkedStarts = 0
    var diskWasRestored = false

    init(seed: UInt64, sabotage: Sabotage = .none) throws {
        self.seed = seed
        self.sabotage = sabotage
        random = SplitMix64(seed: seed)
        restores =
            switch seed % 6 {
            case 0: .disk
            case 1: .platform
            default: .none
            }
        maximumBytes = seed % 4 == 0 ? 64 * 4096 : 1 << 24
        hasCore = seed % 4 == 3 && restores == .none
        isRotten = seed % 5 < 2 && restores == .none && !hasCore && seed % 4 != 0 && sabotage == .none
        ledger = Ledger(isCredulous: sabotage == .acceptedInMemory)
        var setting = SimulatedBox.Setting()
        setting.maximumBytes = maximumBytes
        setting.hasCore = hasCore
        setting.isRelaxed = sabotage == .relaxedCommits
        setting.checkpointPages = seed % 2 == 0 ? 20 : 1000
        box = try SimulatedBox(seed: seed, setting: setting, ledger: ledger)
        if sabotage == .lyingDisk { box.disk.setLying(true) }
        if seed % 3 == 0 { platform.maximumEvents = 5 }
        line.lies = sabotage == .settledUnsent
    }

    /// One run in ten is long: three times as many steps between the same two ends.
    func run() -> Report {
        for _ in 0..<(seed % 10 == 9 ? 180 : 60) {
            endLastingFault()
            keepRunning()
            if isRotten { rot() }
            act()
            if box.disk.isDead, chance(3, of: 4) { cutPower() }
            checkBounds()
        }
        recover()
        judge()
        let statistics = try? box.outbox?.statistics()
        defer { box.stop() }
        return Report(
            seed: seed, violations: ledger.violations, trace: trace, accepted: ledger.accepted.count,
            evicted: Int(statistics?.evicted.values.reduce(0, +) ?? 0), powerCuts: powerCuts,
            operations: box.disk.operations, journeys: journeys)
    }

    // MARK: Steps

    func chance(_ part: Int, of whole: Int) -> Bool { Int.random(in: 0..<whole, using: &random) < part }
    /// Without the folder, which is another each time.
    func note(_ text: String) {
        trace.append(text.replacingOccurrences(of: box.disk.folder + "/", with: ""))
        for rescue in box.outbox?.takeRescues() ?? [] {
            rescues += 1
            ledger.follow(rescue)
            note("rescued: \(rescue.reason)")
        }
    }

    func act() {
        switch Int.random(in: 0..<106, using: &random) {
        case 0..<28: make()
        case 28..<33: commit()
        case 33..<62: turn()
        case 62..<65: cutPower()
        case 65..<72: plan(.death, within: 60)
        case 72..<75: endProcess()
        case 75..<79: plan(.inputOutputError, within: 40)
        case 79..<81: plan(.full, within: 40)
        case 81..<83: fillDisk()
        case 83: setReadOnly()
        case 84..<87: stepClock()
        case 87..<90: note("checkpoint \(box.checkpoint().map { "\($0)" } ?? "done")")
        case 90..<92: swapCertificate()
        case 92..<94: note("late request: \(line.arriveLate(at: &platform, using: &random))")
        case 94, 100..<103: backUp()
        case 95, 103..<106: restore()
        case 96: note("caps \(box.enforceCaps(force: chance(1, of: 4)).map { "\($0)" } ?? "kept")")
        default: box.now += .seconds(Int.random(in: 0...600, using: &random))
        }
    }

    func make() {
        if hasCore { return live(.seconds(Int.random(in: 20...240, using: &random))) }
        let numbers = box.make(Int.random(in: 1...6, using: &random))
        ledger.enqueue(numbers)
        note("make \(numbers.first ?? 0)...\(numbers.last ?? 0)")
        if chance(4, of: 5) { commit() }
    }

    func live(_ duration: Duration) {
        if chance(1, of: 12) { box.world.withdraw() }
        do {
            let numbers = try box.live(duration, withCheckpoint: chance(1, of: 3))
            ledger.enqueue(numbers)
            note("\(duration) in the store: \(numbers.count) events")
        } catch {
            ledger.violate("I8: the core cannot save what it knows: \(error)")
        }
        if chance(4, of: 5) { commit() }
    }

    func commit() {
        let error = box.commit()
        note("commit \(error.map { "\($0)" } ?? box.committed.map { "done: \($0)" } ?? "of nothing")")
    }

    func turn() {
        var killed = false
        let turn = box.turn { batch in
            let outcome = line.carry(batch, to: &platform, using: &random)
            killed = outcome == nil
            return outcome
        }
        note("turn \(turn)\(line.deed.isEmpty ? "" : ", \(line.deed)")")
        if killed { cutPower(.nothing) }
    }

    func plan(_ fault: FaultyDisk.Fault, within operations: Int) {
        let after = Int.random(in: 0..<operations, using: &random)
        let count = Int.random(in: 1...4, using: &random)
        note("plan \(fault) after \(after), \(count) times")
        box.disk.plan(fault, after: after, count: count)
    }

    func cutPower(_ chosen: FaultyDisk.Loss? = nil) {
        let loss = chosen ?? FaultyDisk.Loss.allCases.randomElement(using: &random) ?? .all
        note("power cut, losing \(loss)")
        powerCuts += 1
        box.cutPower(loss)
    }

    func endProcess() {
        note("stop")
        box.stop()
    }

    func fillDisk() {
        let free = Int64.random(in: 0..<20_000, using: &random)
        note("disk full after \(free) bytes")
        box.disk.setCapacity(box.disk.bytes + free)
        lasting = Int.random(in: 1...12, using: &random)
    }

    func setReadOnly() {
        note("read-only")
        box.disk.setReadOnly(true)
        lasting = Int.random(in: 1...6, using: &random)
    }

    func swapCertificate() {
        note("certificate swapped")
        line.isSwapped = true
        lasting = Int.random(in: 1...12, using: &random)
    }

    func endLastingFault() {
        guard lasting > 0 else { return }
        lasting -= 1
        guard lasting == 0 else { return }
        note("lasting faults end")
        box.disk.setCapacity(nil)
        box.disk.setReadOnly(false)
        if line.isSwapped { box.poke() }
        line.isSwapped = false
    }

    func stepClock() {
        switch Int.random(in: 0..<8, using: &random) {
        case 0..<2: box.clock.step(by: 86_400)
        case 2..<4: box.clock.step(by: -86_400)
        case 4: box.clock.set(to: 5, trusted: false)
        case 5: box.clock.step(by: 63 * 86_400)
        default: box.clock.set(to: SimulatedClock.start, trusted: true)
        }
        note("clock \(box.clock.wallSeconds)")
    }

    func backUp() {
        switch restores {
        case .none: break
        case .disk:
            guard box.outbox != nil, !box.disk.isDead else { return }
            note("disk copied")
            box.disk.backUp()
        case .platform:
            note("platform copied")
            platformBackup = platform
        }
    }

    func restore() {
        switch restores {
        case .none: break
        case .disk:
            guard box.restoreDisk() else { return }
            note("disk replaced by its copy")
            diskWasRestored = true
            ledger.forgetSequences()
            box.numberFloor = (ledger.attempted.max() ?? 0) + 1
            excuseWhatTheDiskTook()
        case .platform:
            guard let older = platformBackup else { return }
            note("platform replaced by its copy")
            ledger.excuse(Set(platform.numbers).subtracting(older.numbers))
            platform = older
            line.forgetLate()
        }
    }

    /// What was accepted after the copy and had not reached the platform went with the disk.
    func excuseWhatTheDiskTook() {
        guard box.start() == nil else {
            ledger.excuse(ledger.accepted)
            return
        }
        let there = ((try? box.numbers()) ?? []).union(platform.numbers)
        ledger.excuse(ledger.owed.subtracting(there))
    }

    // MARK: Checks on the way

    func keepRunning() {
        guard box.outbox == nil else { return }
        // What the source knew may be damaged, too; it says nothing twice.
        if isDamaged { box.numberFloor = ledger.attempted.max() ?? 0 }
        if let error = box.start() {
            note("no start: \(error)")
            return
        }
        note("start")
        checkPresence()
    }

    /// I1, and that the source's checkpoint came with its events.
    func checkPresence() {
        // After damage, what is there is told by what the platform gets.
        guard box.starts != checkedStarts, !box.disk.isDead, !isDamaged else { return }
        checkedStarts = box.starts
        guard let waiting = try? box.numbers(), let refused = try? box.quarantinedNumbers() else { return }
        let missing = ledger.owed.subtracting(waiting).subtracting(refused).subtracting(platform.numbers)
        if !missing.isEmpty { ledger.violate("I1: accepted and gone after a start: \(missing.sorted())") }
        if !diskWasRestored, !hasCore, let checkpoint = box.sourceCheckpoint, let last = ledger.accepted.max(),
            checkpoint < last
        {
            ledger.violate("I1: the source's checkpoint says \(checkpoint) after event \(last) was accepted")
        }
        checkBalance()
    }

    /// I2 in the queue's own books.
    func checkBalance() {
        guard let statistics = try? box.outbox?.statistics() else { return }
        let known =
            statistics.delivered + Int64(statistics.pendingEvents) + statistics.quarantined
            + statistics.evicted.values.reduce(0, +)
        if statistics.enqueued != known {
            ledger.violate("I2: \(statistics.enqueued) were enqueued, the queue can name \(known)")
        }
    }

    /// I6.
    func checkBounds() {
        let main = box.disk.bytes(of: "queue.sqlite")
        if main > maximumBytes { ledger.violate("I6: the queue file has \(main) bytes, \(maximumBytes) are allowed") }
        let log = box.disk.bytes(of: "queue.sqlite-wal")
        if log > 2 << 24 { ledger.violate("I6: the WAL has \(log) bytes") }
    }
}
