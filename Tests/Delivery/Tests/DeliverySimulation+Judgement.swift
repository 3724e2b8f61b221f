import Outbox
import PlatformModel

@testable import Uplink

// The end of a run: everything must come right by itself, and then it is judged.

extension DeliverySimulation {
    /// Nothing breaks any more: from here on everything must come right by itself.
    func recover() {
        note("faults end")
        line.isHealthy = true
        lasting = 0
        box.disk.plan(.none, after: 0)
        box.disk.setCapacity(nil)
        box.disk.setReadOnly(false)
        box.clock.set(to: SimulatedClock.start, trusted: true)
        if box.disk.isDead { cutPower() }
        if let error = box.start() { ledger.violate("I5: the queue does not open any more: \(error)") }
        checkPresence()
        if hasCore { closeStore() }
        // The committer goes on trying, also to open a file that was away.
        var errors = 0
        while errors < 10 {
            let error = box.commit()
            if error == nil, box.outbox.map({ $0.uncommitted == 0 }) != false { break }
            errors += 1
            if errors == 10 { ledger.violate("I5: commits fail on a good disk: \(error.map { "\($0)" } ?? "")") }
        }
        if isDamaged { recoverFromDamage() }
        drain()
    }

    /// Sends until nothing waits.
    func drain() {
        box.poke()
        for _ in 0..<3000 {
            if box.outbox.map({ $0.backlog.rows == 0 }) != false { return }
            _ = box.turn { .response(platform.receive($0)) }
        }
        ledger.violate("I5: \(box.outbox?.backlog.rows ?? 0) rows still wait, the engine is \(box.engine.state)")
    }

    /// Everybody goes home; what was open ends.
    private func closeStore() {
        _ = box.commit()
        box.world.close()
        for _ in 0..<12 {
            do {
                ledger.enqueue(try box.live(.seconds(1_800), withCheckpoint: false))
            } catch {
                ledger.violate("I8: the core cannot save what it knows: \(error)")
            }
        }
    }

    /// I8: the journeys are whole. What was given up on the way, counted and told, may have been a part of one.
    private func judgeJourneys() {
        guard let statistics = try? box.outbox?.statistics(), !box.hasStartedHeld,
            statistics.evicted.values.reduce(0, +) == 0
        else { return }
        let audit = JourneyAudit(platform.stored)
        for violation in audit.violations { ledger.violate("I8: \(violation)") }
        journeys = audit
    }

    func judge() {
        checkBalance()
        let stored = platform.numbers
        let once = Set(stored)
        if once.count != stored.count {
            let twice = Dictionary(grouping: stored) { $0 }.filter { $0.value.count > 1 }.keys
            ledger.violate("I7: at the platform twice: \(twice.sorted())")
        }
        let refused = (try? box.quarantinedNumbers()) ?? []
        for number in ledger.owed.sorted() {
            let event = StoreEvent(number: number)
            let isThere = event.fate == .event ? once.contains(number) : refused.contains(number)
            if !isThere, !isTold(number) { ledger.violate("I7: \(event.fate) \(number) was accepted and is nowhere") }
        }
        if let wrong = refused.first(where: { StoreEvent(number: $0).fate == .event }) {
            ledger.violate("I7: event \(wrong) is in quarantine, nobody refused it")
        }
        for number in once.subtracting(ledger.attempted) { ledger.violate("I7: \(number) was never made") }
        if !platform.untoldHoles.isEmpty { ledger.violate("I2: holes nobody told of: \(platform.untoldHoles)") }
        for epoch in platform.epochs.values {
            let numbers = epoch.rows.sorted { $0.key < $1.key }.compactMap { StoreEvent(body: $0.value)?.number }
            if zip(numbers, numbers.dropFirst()).contains(where: { $0 >= $1 }) {
                ledger.violate("I4: out of order at the platform: \(numbers)")
            }
        }
        if hasCore { judgeJourneys() } else { judgeBooks() }
        if seed % 8 == 5 { compareWithTwin(stored) }
    }

    private func judgeBooks() {
        guard !diskWasRestored, !isDamaged else { return }
        if platform.order.count > 1 { ledger.violate("I3: a new epoch without need") }
        guard let statistics = try? box.outbox?.statistics(), let checkpoint = box.sourceCheckpoint else { return }
        if statistics.enqueued != Int64(checkpoint) {
            ledger.violate("I2: \(checkpoint) events were made, \(statistics.enqueued) are in the books")
        }
    }

    /// I7: the platform holds what it would hold had nothing ever broken, of the events that were settled.
    private func compareWithTwin(_ stored: [Int]) {
        guard !diskWasRestored, let twin = try? SimulatedBox(seed: seed), twin.start() == nil else { return }
        defer { twin.stop() }
        var judge = PlatformModel.forStoreEvents()
        twin.enqueue(stored)
        if let error = twin.commit() { ledger.violate("the twin cannot commit: \(error)") }
        twin.now += .seconds(60)
        for _ in 0..<1000 where twin.outbox.map({ $0.backlog.rows > 0 }) == true {
            _ = twin.turn { .response(judge.receive($0)) }
        }
        if judge.numbers != stored { ledger.violate("I7: without faults the platform would hold \(judge.numbers)") }
    }
}
