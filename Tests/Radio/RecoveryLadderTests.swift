import Testing

@testable import Radio

@Suite struct RecoveryLadderTests {
    private func climb(_ mode: ScanMode, _ fault: RecoveryLadder.Fault, hasUSB: Bool = true, _ count: Int = 5)
        -> [RecoveryLadder.Rung?]
    {
        var ladder = RecoveryLadder(mode: mode)
        return (0..<count).map { ladder.next(after: fault, at: .seconds($0), hasUSB: hasUSB).rung }
    }

    @Test("each mode climbs from what disturbs least, and takes only what it may")
    func order() {
        #expect(climb(.exclusive, .deaf, 4) == [.restartScan, .reopen, .downUp, .resetUSB])
        #expect(climb(.raw, .deaf) == [.restartScan, .reopen, .powerCycle, .downUp, .resetUSB])
        #expect(climb(.shared, .deaf, 4) == [.reopen, .powerCycle, .downUp, .resetUSB])
        #expect(climb(.exclusive, .broken, 3) == [.reopen, .downUp, .resetUSB])
        #expect(!climb(.raw, .deaf, hasUSB: false, 40).contains(.resetUSB))
    }

    @Test("when all is tried the adapter is lost and probed, three seconds apart at most, now and then with force")
    func lost() {
        var ladder = RecoveryLadder(mode: .exclusive)
        for second in 0..<4 { _ = ladder.next(after: .deaf, at: .seconds(second), hasUSB: true) }
        #expect(!ladder.isLost)
        let probes = (0..<32).map { ladder.next(after: .deaf, at: .seconds(10 + $0), hasUSB: true) }
        #expect(ladder.isLost)
        #expect(probes.map(\.pause).max() == .seconds(3))
        #expect(probes.count { $0.rung == .resetUSB } == 4)
        #expect(probes.count { $0.rung == .reopen } == 28)
    }

    @Test("only a good life brings the next fault back to the bottom")
    func life() {
        var ladder = RecoveryLadder(mode: .exclusive)
        _ = ladder.next(after: .deaf, at: .zero, hasUSB: true)
        let isProven = ladder.lived(useful: true, at: .seconds(1))
        let isSaidAgain = ladder.lived(useful: true, at: .seconds(5))
        #expect(isProven && !isSaidAgain)
        #expect(ladder.next(after: .deaf, at: .seconds(6), hasUSB: true).rung == .reopen)
        _ = ladder.lived(useful: true, at: .seconds(7))
        _ = ladder.lived(useful: true, at: .seconds(17))
        #expect(ladder.next(after: .deaf, at: .seconds(18), hasUSB: true).rung == .restartScan)
        // In a quiet shop ten minutes of answers do.
        _ = ladder.lived(useful: false, at: .seconds(19))
        #expect(ladder.next(after: .deaf, at: .seconds(20), hasUSB: true).rung == .reopen)
        _ = ladder.lived(useful: false, at: .seconds(621))
        #expect(ladder.next(after: .deaf, at: .seconds(622), hasUSB: true).rung == .restartScan)
    }

    @Test("an answer proves a deaf controller mended, but not one that sent nothing readable")
    func proof() {
        for (fault, isProven) in [(RecoveryLadder.Fault.deaf, true), (.garbled, false), (.suspect, false)] {
            var ladder = RecoveryLadder(mode: .raw)
            _ = ladder.next(after: fault, at: .zero, hasUSB: true)
            #expect(ladder.isUnproven)
            let answered = ladder.lived(useful: false, at: .seconds(5))
            #expect(answered == isProven)
            let useful = ladder.lived(useful: true, at: .seconds(6))
            #expect(useful == !isProven)
            #expect(!ladder.isUnproven)
        }
    }

    @Test("what is absent, blocked or denied is waited for, never forced")
    func patience() {
        for fault in [RecoveryLadder.Fault.absent, .blocked, .denied] {
            var ladder = RecoveryLadder(mode: .raw)
            let steps = (0..<50).map { ladder.next(after: fault, at: .seconds($0), hasUSB: true) }
            #expect(steps.allSatisfy { $0.rung == nil && $0.pause > .zero && $0.pause <= .seconds(5) })
            #expect(!ladder.isLost)
        }
    }

    @Test("a doubt is climbed for once, then let rest for an hour or until something useful comes")
    func doubt() {
        var ladder = RecoveryLadder(mode: .shared)
        for second in 0..<4 {
            #expect(ladder.heedsDoubt(at: .seconds(second)))
            #expect(ladder.next(after: .suspect, at: .seconds(second), hasUSB: true).rung != nil)
        }
        #expect(ladder.next(after: .suspect, at: .seconds(9), hasUSB: true) == .init(rung: nil, pause: .zero))
        #expect(!ladder.isLost)
        #expect(!ladder.heedsDoubt(at: .seconds(3_600)))
        #expect(ladder.heedsDoubt(at: .seconds(3_609)))
        _ = ladder.lived(useful: true, at: .seconds(20))
        #expect(ladder.heedsDoubt(at: .seconds(21)))
    }
}

@Suite struct RadioHealthTests {
    @Test("useful frames need no question; after five seconds without one is due, once")
    func asks() {
        var health = RadioHealth(at: .zero)
        for second in 1..<60 {
            health.heard(useful: 1, empty: 9, malformed: 9, at: .seconds(second))
            #expect(health.advance(to: .seconds(second)) == .fine)
        }
        #expect(health.advance(to: .seconds(63)) == .fine)
        #expect(health.advance(to: .seconds(64)) == .ask)
        #expect(health.advance(to: .seconds(65)) == .fine)
        health.answered(at: .seconds(65))
        #expect(health.deadline == .seconds(70))
    }

    @Test("questions that cost something grow apart to a minute, and come close again with people")
    func grows() {
        var health = RadioHealth(at: .zero, askGrowth: 2)
        var now = Duration.zero
        var gaps: [Duration] = []
        for _ in 0..<6 {
            gaps.append(health.deadline - now)
            now = health.deadline
            #expect(health.advance(to: now) == .ask)
            health.answered(at: now)
        }
        #expect(gaps == [5, 10, 20, 40, 60, 60].map { .seconds($0) })
        health.heard(useful: 1, empty: 0, malformed: 0, at: now)
        #expect(health.deadline - now == .seconds(5))
    }

    @Test(
        "a hundred unreadable events and nothing useful for five seconds are a fault, beside useful frames they are not"
    )
    func malformed() {
        var health = RadioHealth(at: .zero)
        health.heard(useful: 0, empty: 0, malformed: 99, at: .seconds(4))
        #expect(health.advance(to: .seconds(4.5)) == .fine)
        health.heard(useful: 0, empty: 0, malformed: 1, at: .seconds(4.6))
        #expect(health.advance(to: .seconds(4.7)) == .fine)
        #expect(health.advance(to: .seconds(5)) == .onlyMalformed(100))
        health.heard(useful: 1, empty: 0, malformed: 0, at: .seconds(6))
        #expect(health.advance(to: .seconds(6)) == .fine)
    }

    @Test("empty advertisements are a fault after half a minute, where the doubt is heeded")
    func empty() {
        var health = RadioHealth(at: .zero)
        health.heard(useful: 0, empty: 500, malformed: 0, at: .seconds(1))
        #expect(health.advance(to: .seconds(2)) == .fine)
        #expect(health.advance(to: .seconds(31), heedsDoubt: false) == .ask)
        #expect(health.advance(to: .seconds(31)) == .onlyEmpty(500))
    }
}
