import Foundation
import Outbox
import PlatformAPI
import PlatformModel
import Subjects
import Testing

@testable import Uplink

@Suite("When the line is used")
struct SyncEnginePaceTests {
    private let batch = StoredBatch(epoch: UUID(), first: 1, covers: 1, last: 2, bodies: [[0x31], [0x32]])
    private let taken = SyncEngine.Outcome.response(PlatformModel.answer(BatchAnswer(acceptedThrough: 2)))

    @Test("the starts of a fleet fill the time of the jitter evenly, and nothing is sent before")
    func startJitter() {
        let policy = SyncPolicy(startJitter: .seconds(20))
        var starts: [Duration] = []
        for seed in 0..<2000 {
            var engine = SyncEngine(policy: policy, seed: UInt64(seed))
            guard case .wait(let until?) = engine.step(at: .seconds(100), rows: 900, bytes: 1 << 30) else {
                Issue.record("sent at once")
                return
            }
            #expect(engine.quietUntil(from: .seconds(105)) == until)
            starts.append(until - .seconds(100))
            #expect(engine.step(at: until, rows: 900, bytes: 1 << 30) != .wait(until: until))
        }
        for tenth in 0..<10 {
            let from = Duration.seconds(2 * tenth)
            #expect((130...280).contains(starts.filter { $0 >= from && $0 < from + .seconds(2) }.count))
        }
    }

    @Test("an operator who asks does not wait for the fleet's jitter")
    func pokeAtStart() {
        var engine = SyncEngine(policy: SyncPolicy(startJitter: .seconds(3600)), seed: 3)
        #expect(engine.quietUntil(from: .seconds(1)) > .seconds(1))
        engine.poke()
        #expect(engine.quietUntil(from: .seconds(1)) <= .seconds(1))
    }

    @Test("a gateway that may send 60 batches a minute sends one a second, also while it drains")
    func rate() {
        var engine = SyncEngine(policy: SyncPolicy(maximumPerMinute: 60), seed: 1)
        var sent = 0
        var now = Duration.zero
        while now < .seconds(60) {
            switch engine.step(at: now, rows: 10_000, bytes: 1 << 30) {
            case .send:
                sent += 1
                _ = engine.answered(taken, to: batch, at: now + .milliseconds(30), wallSeconds: 0)
                now += .milliseconds(30)
            case .wait(let until): now = until ?? .seconds(60)
            }
        }
        #expect((59...61).contains(sent))
    }

    @Test("when a line that worked is lost, the first attempt is spread over the jitter; later ones back off as ever")
    func reconnect() {
        let policy = SyncPolicy(reconnectJitter: .seconds(20))
        var first: [Duration] = []
        for seed in 0..<500 {
            var engine = SyncEngine(policy: policy, seed: UInt64(seed))
            _ = engine.answered(taken, to: batch, at: .zero, wallSeconds: 0)
            _ = engine.answered(.failure(.reset(host: "h")), to: batch, at: .zero, wallSeconds: 0)
            guard case .waiting(let until, _) = engine.state else { continue }
            first.append(until)
            _ = engine.answered(.failure(.refused(host: "h")), to: batch, at: until, wallSeconds: 0)
            guard case .waiting(let second, _) = engine.state else { continue }
            #expect(second - until <= .seconds(2))
        }
        #expect(first.filter { $0 < .seconds(5) }.count < 200)
        #expect(first.contains { $0 > .seconds(18) } && first.allSatisfy { $0 <= .seconds(20) })
        var told = SyncEngine(policy: policy, seed: 1)
        _ = told.answered(taken, to: batch, at: .zero, wallSeconds: 0)
        let busy = PlatformModel.problem(429, .unavailable, headers: ["retry-after": "2"])
        _ = told.answered(.response(busy), to: batch, at: .zero, wallSeconds: 0)
        guard case .waiting(let until, _) = told.state else {
            Issue.record("not waiting")
            return
        }
        #expect(until >= .seconds(2) && until <= .seconds(3))
    }

    @Test("after an outage the drain begins slowly and is soon at full speed")
    func slowStart() {
        var engine = SyncEngine(policy: SyncPolicy(reconnectJitter: .seconds(60)), seed: 4)
        _ = engine.answered(.failure(.refused(host: "h")), to: batch, at: .zero, wallSeconds: 0)
        var now = Duration.seconds(60)
        var sent = 0
        while sent < 20 {
            switch engine.step(at: now, rows: 10_000, bytes: 1 << 30) {
            case .send:
                sent += 1
                _ = engine.answered(taken, to: batch, at: now, wallSeconds: 0)
            case .wait(let until):
                #expect(sent < 8)
                now = until ?? .seconds(3600)
            }
        }
        #expect(now > .seconds(61) && now < .seconds(72))
    }

    @Test("a platform that has no room for anybody is left alone for up to the whole cap, whatever little it asked for")
    func overloaded() {
        var random = SplitMix64(seed: 8)
        let delays = (0..<1000).map { _ in
            BackOff.standard.delay(failures: 1, retryAfter: .seconds(1), isOverloaded: true, using: &random)
        }
        #expect(delays.contains { $0 > .seconds(55) } && delays.contains { $0 < .seconds(5) })
        #expect(delays.allSatisfy { $0 >= .seconds(1) && $0 <= .seconds(61) })
    }

    @Test("a certificate that is not valid yet is a matter of the clock while the clock is not set, else of a person")
    func notYetValid() {
        let error = UplinkError.certificateNotYetValid(host: "h")
        let wall = UnixTime(seconds: Int64(86_400))
        let unset = error.seen(isClockSet: false, wall: wall, certificate: nil, path: nil)
        #expect(unset == .clockNotSet(host: "h") && unset.remedy == .time)
        #expect(error.seen(isClockSet: true, wall: wall, certificate: nil, path: nil).remedy == .person)
        var engine = SyncEngine(seed: 1)
        for _ in 0..<9 { _ = engine.answered(.failure(unset), to: batch, at: .zero, wallSeconds: 0) }
        #expect(engine.stateName == "waiting for time")
        guard case .waitingForTime(let until, _) = engine.state else { return }
        #expect(until <= .seconds(30))
        engine.poke()
        #expect(engine.step(at: .zero, rows: 1, bytes: 1) == .send(maximumEvents: 1000, maximumBytes: 2_000_000))
    }
}
