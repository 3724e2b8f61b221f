import Foundation
import PlatformAPI
import Testing

@testable import Outbox

@Suite("Age and the clocks of a store box")
struct AgeTests {
    private let day: Int64 = 86_400

    @Test("a clock that is merely plausible and jumps 62 days ahead evicts nothing; the days that pass do")
    func holdoverJump() throws {
        let queue = try TemporaryQueue()
        queue.clock.set(seconds: 1_790_000_000, trusted: false)
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(3))
        queue.clock.set(seconds: 1_790_000_000 + 400 * day, trusted: false)
        #expect(try outbox.enforceCaps().isEmpty)
        queue.clock.set(seconds: 1_790_000_000 + 400 * day, trusted: true)
        #expect(try outbox.enforceCaps().isEmpty)
        queue.clock.advance(seconds: 62 * day + 10)
        #expect(try outbox.enforceCaps().events == ["too_old": 3])
    }

    @Test(
        "a box that starts in 1970 and is set right a minute later keeps its events 62 days, not none and not for ever")
    func startsIn1970() throws {
        let queue = try TemporaryQueue()
        queue.clock.set(seconds: 30, trusted: false)
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(2))
        #expect(try outbox.statistics().oldestAge == .zero)
        queue.clock.advance(seconds: 60)
        queue.clock.set(seconds: 1_790_000_000)
        try outbox.commit(drafts: drafts(2))
        #expect(try outbox.statistics().oldestAge == .seconds(60))
        #expect(try outbox.enforceCaps().isEmpty)
        queue.clock.advance(seconds: 62 * day)
        #expect(try outbox.enforceCaps().events == ["too_old": 2])
        queue.clock.advance(seconds: 60)
        #expect(try outbox.enforceCaps().events == ["too_old": 2])
    }

    @Test(
        "a step of a day, either way, changes neither the order nor an age, and no age is negative", arguments: [-1, 1])
    func steps(direction: Int64) throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(2))
        queue.clock.advance(seconds: 100)
        queue.clock.set(seconds: 1_790_000_000 + direction * day)
        try outbox.commit(drafts: drafts(2))
        #expect(try outbox.statistics().oldestAge == .seconds(100))
        let batch = try #require(try outbox.nextBatch(maximumEvents: 9, maximumBytes: 1 << 20))
        #expect(try batch.events().map(\.number) == [1, 2, 3, 4])
        try outbox.settle(epoch: batch.epoch, through: 2)
        #expect(try outbox.statistics().oldestAge == .zero)
        queue.clock.advance(seconds: 3_600)
        #expect(try outbox.enforceCaps().isEmpty)
        queue.clock.advance(seconds: 61 * day)
        #expect(try outbox.enforceCaps().isEmpty)
        queue.clock.advance(seconds: day + 1)
        #expect(try outbox.enforceCaps().events == ["too_old": 2])
    }

    @Test("days that the box was off count when its clock was synchronised before and after, and only then")
    func reboots() throws {
        let queue = try TemporaryQueue()
        var outbox = try queue.open()
        try outbox.commit(drafts: drafts(1))
        queue.clock.reboot(offFor: 70 * day, trusted: false)
        outbox.close()
        outbox = try queue.open()
        #expect(try outbox.enforceCaps().isEmpty)
        queue.clock.set(seconds: 1_790_000_000 + 70 * day, trusted: true)
        #expect(try outbox.enforceCaps().events == ["too_old": 1])
    }

    @Test("an event that was accepted while the clock was wrong goes with a later one that is certainly too old")
    func before() throws {
        let queue = try TemporaryQueue()
        queue.clock.set(seconds: 99, trusted: false)
        var outbox = try queue.open()
        try outbox.commit(drafts: drafts(1))
        queue.clock.reboot(offFor: 0)
        queue.clock.set(seconds: 1_790_000_000, trusted: true)
        outbox.close()
        outbox = try queue.open()
        try outbox.commit(drafts: drafts(1))
        queue.clock.reboot(offFor: 63 * day)
        #expect(try outbox.enforceCaps().events == ["too_old": 2])
    }

    @Test(
        "any walk of the clocks: the age is never negative and never more than the time that really passed",
        arguments: 0..<20)
    func bound(seed: UInt64) {
        var random = SplitMix(seed)
        var ledger = AgeLedger()
        var truth: Int64 = 0
        var boot = 0
        var bootedAt: Int64 = 0
        var accepted: [(sequence: UInt64, at: Int64)] = []
        for sequence in UInt64(1)...200 {
            let passed = Int64.random(in: 0...20_000, using: &random)
            truth += passed
            if Int.random(in: 0...9, using: &random) == 0 {
                boot += 1
                bootedAt = truth
            }
            let isTrusted = Bool.random(using: &random)
            let wall = isTrusted ? 1_790_000_000 + truth : Int64.random(in: 0...4_000_000_000, using: &random)
            let stamp = EventStamp(
                wallNanoseconds: wall * 1_000_000_000, time: "", bootID: "\(boot)",
                monotonicNanoseconds: (truth - bootedAt) * 1_000_000_000, wallIsTrusted: isTrusted)
            if let mark = ledger.due(sequence, at: stamp) { ledger.add(mark) }
            accepted.append((sequence, truth))
            for event in accepted {
                let age = ledger.age(of: event.sequence, at: stamp)
                #expect(age.least >= 0)
                #expect(age.least <= (truth - event.at) * 1_000_000_000)
                if let most = age.most { #expect(most >= (truth - event.at) * 1_000_000_000) }
            }
        }
    }
}
