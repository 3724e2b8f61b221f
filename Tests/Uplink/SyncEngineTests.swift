import Foundation
import Outbox
import PlatformAPI
import PlatformModel
import Testing

@testable import Uplink

@Suite("The sync engine")
struct SyncEngineTests {
    private let batch = StoredBatch(epoch: UUID(), first: 5, covers: 5, last: 8, bodies: [[1], [2], [3], [4]])
    private let single = StoredBatch(epoch: UUID(), first: 5, covers: 5, last: 5, bodies: [[1]])

    private func sending(_ policy: SyncPolicy = .standard) -> SyncEngine {
        var engine = SyncEngine(policy: policy, seed: 7)
        _ = engine.step(at: .zero, rows: policy.maximumEvents, bytes: 1)
        return engine
    }

    private func until(_ engine: SyncEngine) -> Duration? {
        switch engine.state {
        case .waiting(let until, _), .holding(let until, _), .waitingForTime(let until, _): until
        case .idle, .sending: nil
        }
    }

    @Test("a batch goes when it is large enough or its first event is old enough")
    func triggers() {
        var engine = SyncEngine(seed: 1)
        #expect(engine.step(at: .seconds(1), rows: 0, bytes: 0) == .wait(until: nil))
        #expect(engine.step(at: .seconds(2), rows: 3, bytes: 900) == .wait(until: .seconds(7)))
        #expect(engine.step(at: .seconds(4), rows: 4, bytes: 1200) == .wait(until: .seconds(7)))
        #expect(
            engine.step(at: .seconds(7), rows: 4, bytes: 1200) == .send(maximumEvents: 1000, maximumBytes: 2_000_000))
        var byCount = SyncEngine(seed: 1)
        #expect(byCount.step(at: .zero, rows: 1000, bytes: 1) != .wait(until: .seconds(5)))
        var byBytes = SyncEngine(seed: 1)
        #expect(byBytes.step(at: .zero, rows: 2, bytes: 2_000_000) != .wait(until: .seconds(5)))
    }

    @Test("a verdict that the disk refuses is waited out, and the same answer leads to it again")
    func verdictFailed() {
        var engine = sending()
        let expected = PlatformModel.problem(409, .expectedSequence) { $0.expectedSequence = 3 }
        for attempt in 1...3 {
            #expect(
                engine.answered(.response(expected), to: batch, at: .zero, wallSeconds: 0) == .fill(from: 3),
                "attempt \(attempt)")
            engine.verdictFailed(.full(path: "queue.sqlite"), at: .zero)
            guard case .waiting(_, let reason) = engine.state else {
                Issue.record("\(engine.state)")
                return
            }
            #expect(reason.contains("queue.sqlite"))
        }
        #expect(engine.failures == 3)
        var moving = sending()
        let conflict = PlatformModel.problem(409, .identityConflict)
        for _ in 1...3 {
            #expect(moving.answered(.response(conflict), to: single, at: .zero, wallSeconds: 0) == .moveToNewEpoch)
            moving.verdictFailed(.full(path: "queue.sqlite"), at: .zero)
        }
    }

    @Test("a refused gap is held for a person: nothing can stand in for it")
    func gapRefused() {
        var engine = sending()
        engine.verdictFailed(.gapRefused(sequence: 9), at: .seconds(1))
        guard case .holding(let until, _) = engine.state else {
            Issue.record("\(engine.state)")
            return
        }
        #expect(until > .seconds(1))
    }

    @Test("an answer never settles more than was sent, and an answer that settles nothing is a failure")
    func bounds() {
        var engine = sending()
        let far = PlatformModel.answer(BatchAnswer(acceptedThrough: 5000))
        #expect(
            engine.answered(.response(far), to: batch, at: .zero, wallSeconds: 0) == .settle(through: 8, rejected: []))
        var stuck = sending()
        let nothing = PlatformModel.answer(BatchAnswer(acceptedThrough: 4))
        #expect(stuck.answered(.response(nothing), to: batch, at: .zero, wallSeconds: 0) == .nothing)
        #expect(stuck.failures == 1)
    }

    @Test(
        "what a person must repair is held, never dropped, and probed slowly",
        arguments: [301, 401, 403, 404, 405, 407, 410, 426, 495])
    func held(status: Int) {
        for candidate in [batch, single] {
            var engine = sending()
            let response = HTTPResponse(status: status)
            #expect(engine.answered(.response(response), to: candidate, at: .zero, wallSeconds: 0) == .nothing)
            #expect(engine.stateName == "holding")
            #expect((until(engine) ?? .zero) >= .seconds(15))
        }
    }

    @Test("what passes by itself is waited for", arguments: [408, 429, 500, 502, 503, 504])
    func waited(status: Int) {
        var engine = sending()
        #expect(
            engine.answered(.response(HTTPResponse(status: status)), to: single, at: .zero, wallSeconds: 0) == .nothing)
        #expect(engine.stateName == "waiting")
    }

    @Test("TLS trouble holds, a broken line waits")
    func transport() {
        for error: UplinkError in [.certificateExpired(host: "h"), .unknownAuthority(host: "h"), .wrongHost(host: "h")]
        {
            var engine = sending()
            _ = engine.answered(.failure(error), to: single, at: .zero, wallSeconds: 0)
            #expect(engine.stateName == "holding")
        }
        for error: UplinkError in [
            .refused(host: "h"), .reset(host: "h"), .timedOut(host: "h"), .nameNotFound(host: "h"),
        ] {
            var engine = sending()
            _ = engine.answered(.failure(error), to: single, at: .zero, wallSeconds: 0)
            #expect(engine.stateName == "waiting")
        }
    }

    @Test("a 400 that is not the platform's own voice judges no event")
    func proxyPage() {
        var engine = sending()
        let page = HTTPResponse(status: 400, headers: ["content-type": "text/html"], body: Array("<html>".utf8))
        #expect(engine.answered(.response(page), to: single, at: .zero, wallSeconds: 0) == .nothing)
        #expect(engine.stateName == "holding")
    }

    @Test("413 lowers the batch to what the platform states, and it stays there")
    func tooLarge() {
        var engine = sending()
        let answer = PlatformModel.problem(413, .tooLarge) { problem in
            problem.maxEvents = 2
            problem.maxBytes = 3000
        }
        #expect(engine.answered(.response(answer), to: batch, at: .zero, wallSeconds: 0) == .nothing)
        #expect(engine.step(at: .zero, rows: 9, bytes: 9) == .send(maximumEvents: 2, maximumBytes: 3000))
        let settled = PlatformModel.answer(BatchAnswer(acceptedThrough: 8))
        _ = engine.answered(.response(settled), to: batch, at: .zero, wallSeconds: 0)
        #expect(engine.step(at: .zero, rows: 9, bytes: 9000) == .send(maximumEvents: 2, maximumBytes: 3000))
    }

    @Test("many refusals in a row look like a broken platform: it goes on slowly")
    func streak() {
        var engine = sending(SyncPolicy(refusalStreak: 3))
        let answer = PlatformModel.problem(422, .unprocessable)
        for _ in 0..<3 {
            _ = engine.step(at: .zero, rows: 600, bytes: 1)
            guard case .quarantine = engine.answered(.response(answer), to: single, at: .zero, wallSeconds: 0) else {
                Issue.record("not in quarantine")
                return
            }
        }
        #expect(engine.stateName == "holding")
    }

    @Test("that the platform takes the gap of a refused event does not end the streak")
    func streakThroughGaps() {
        var engine = sending(SyncPolicy(refusalStreak: 3))
        let refusal = PlatformModel.problem(422, .unprocessable)
        for sequence in UInt64(1)...3 {
            let event = StoredBatch(
                epoch: single.epoch, first: sequence, covers: sequence, last: sequence, bodies: [[0x7B]])
            _ = engine.step(at: .zero, rows: 600, bytes: 1)
            _ = engine.answered(.response(refusal), to: event, at: .zero, wallSeconds: 0)
            guard sequence < 3 else { break }
            let taken = PlatformModel.answer(BatchAnswer(acceptedThrough: sequence))
            _ = engine.step(at: .zero, rows: 600, bytes: 1)
            _ = engine.answered(.response(taken), to: event, at: .zero, wallSeconds: 0)
        }
        #expect(engine.stateName == "holding")
    }

    @Test("whatever a problem says, it is one line of a bounded length")
    func problemText() throws {
        let text = "no\n2026-11-21 critical: \u{1B}[2J" + String(repeating: "x", count: 100_000)
        let body = try WireJSON.encode(ProblemDetails(title: text, status: 503, detail: text))
        let answer = HTTPResponse(status: 503, headers: ["content-type": Wire.problemMediaType], body: body)
        var engine = sending()
        _ = engine.answered(.response(answer), to: single, at: .zero, wallSeconds: 0)
        let reason = try #require(engine.reason)
        #expect(reason.utf8.count < 1_100)
        #expect(!reason.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test("a poke ends a hold at once")
    func poke() {
        var engine = sending()
        _ = engine.answered(.response(HTTPResponse(status: 401)), to: single, at: .zero, wallSeconds: 0)
        #expect(engine.step(at: .seconds(1), rows: 1, bytes: 1) != .send(maximumEvents: 1000, maximumBytes: 2_000_000))
        engine.poke()
        #expect(engine.step(at: .seconds(1), rows: 1, bytes: 1) == .send(maximumEvents: 1000, maximumBytes: 2_000_000))
    }

    @Test("the jitter is full and after the cap: delays fill 0 to 60 s evenly however long the outage lasts")
    func jitter() {
        var random = SplitMix64(seed: 11)
        let delays = (0..<4000).map { _ in
            BackOff.standard.delay(failures: 30, retryAfter: nil, using: &random) / .seconds(1)
        }
        for tenth in 0..<10 {
            let share = delays.filter { $0 >= Double(tenth) * 6 && $0 < Double(tenth + 1) * 6 }.count
            #expect((320...480).contains(share))
        }
        let first = (0..<1000).map { _ in BackOff.standard.delay(failures: 1, retryAfter: nil, using: &random) }
        #expect(first.allSatisfy { $0 <= .seconds(1) })
        let third = (0..<1000).map { _ in BackOff.standard.delay(failures: 3, retryAfter: nil, using: &random) }
        #expect(third.allSatisfy { $0 <= .seconds(4) })
        #expect(third.contains { $0 > .seconds(3) })
    }

    @Test("Retry-After is obeyed, bounded, and spread")
    func retryAfter() {
        var random = SplitMix64(seed: 5)
        let delays = (0..<200).map { _ in
            BackOff.standard.delay(failures: 1, retryAfter: .seconds(120), using: &random)
        }
        #expect(delays.allSatisfy { $0 >= .seconds(120) && $0 <= .seconds(121) })
        #expect(Set(delays).count > 100)
        let absurd = BackOff.standard.delay(failures: 1, retryAfter: .seconds(1_000_000), using: &random)
        #expect(absurd <= .seconds(3601))
    }

    @Test("Retry-After is read as seconds and as a date in the three forms of RFC 9110, against the answer's own Date")
    func retryAfterForms() {
        func delay(_ text: String, date: String? = nil, wall: Int64 = 0) -> Duration? {
            var headers = ["retry-after": text]
            headers["date"] = date
            return RetryAfter.delay(headers: headers, wallSeconds: wall)
        }
        #expect(delay("120") == .seconds(120))
        #expect(delay(" 0 ") == .zero)
        #expect(delay("99999999999999999999") == .seconds(366 * 86_400))
        #expect(delay("soon") == nil)
        #expect(delay("-5") == nil)
        #expect(RetryAfter.delay(headers: [:], wallSeconds: 0) == nil)
        let now = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(RetryAfter.date(now) == 784_111_777)
        #expect(delay("Sun, 06 Nov 1994 08:50:07 GMT", date: now) == .seconds(30))
        #expect(delay("Sunday, 06-Nov-94 08:50:07 GMT", date: now) == .seconds(30))
        #expect(delay("Sun Nov  6 08:50:07 1994", date: now) == .seconds(30))
        #expect(delay("Sun, 06 Nov 1994 08:50:07 GMT", wall: 784_111_777) == .seconds(30))
        #expect(delay("Sun, 06 Nov 1994 08:00:00 GMT", date: now) == .zero)
    }
}
