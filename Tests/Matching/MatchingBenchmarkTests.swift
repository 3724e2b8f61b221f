import Subjects
import Testing

@testable import Matching
@testable import Visits

/// A simulated store with its own truth. A link is right when the visit is of the party that paid.
@Suite("Place and time")
struct MatchingBenchmarkTests {
    struct Score: CustomStringConvertible {
        var right = 0
        var wrong = 0
        var possible = 0
        var precision: Double { Double(right) / Double(max(1, right + wrong)) }
        var recall: Double { Double(right) / Double(max(1, possible)) }
        var description: String { "precision \(precision), recall \(recall), \(right + wrong) links" }
    }

    static func score(_ world: TillWorld, _ outputs: [MatchOutput], keyed: Bool) -> Score {
        let codes = Set(
            world.events.compactMap { item -> ReceiptKey? in
                guard case .receipt(let receipt) = item.event, !receipt.keyed.isEmpty else { return nil }
                return receipt.key
            })
        var score = Score()
        score.possible = keyed ? codes.count : world.linkable.subtracting(codes).count
        for case .linked(let link) in outputs where (link.method != .placeAndTime) == keyed {
            if world.party[link.receipt, default: []].contains(link.visit) {
                score.right += 1
            } else {
                score.wrong += 1
            }
        }
        return score
    }

    @Test("a zone per till and 15 % opt-in: at least nine links in ten are right", arguments: [1, 2])
    func precision(seed: UInt64) {
        let world = TillWorld(.init(seed: seed))
        var matcher = Matcher(zones: world.zones)
        let outputs = world.play(&matcher)
        let score = Self.score(world, outputs, keyed: false)
        let codes = Self.score(world, outputs, keyed: true)
        print("Matching, seed \(seed): \(score); by code: \(codes)")
        #expect(score.precision >= 0.9)
        #expect(score.recall >= 0.4)
        #expect(codes.precision >= 0.99 && codes.recall >= 0.99)
        // One answer to each receipt.
        var answers: [ReceiptKey: Int] = [:]
        for output in outputs {
            switch output {
            case .linked(let link): answers[link.receipt, default: 0] += 1
            case .cantTell(let receipt, _, _, _, _): answers[receipt, default: 0] += 1
            case .retracted: break
            }
        }
        #expect(answers.count == world.party.count && answers.values.allSatisfy { $0 == 1 })
    }

    @Test(
        "a confidence is no boast: what is called 0.7 is right at least about seven times in ten",
        arguments: [0.05, 0.15, 0.4])
    func calibration(optIn: Double) {
        var bins = Array(repeating: (count: 0, sum: 0.0, right: 0), count: 5)
        for seed in 11...12 as ClosedRange<UInt64> {
            let world = TillWorld(.init(seed: seed, optIn: optIn))
            var policy = MatchingPolicy.standard
            policy.threshold = 0.01
            // A party has 1.38 people on average, each of whom may have the app.
            policy.optInShare = 1.38 * optIn
            var matcher = Matcher(zones: world.zones, policy: policy)
            for case .linked(let link) in world.play(&matcher) where link.method == .placeAndTime {
                // People of one party share their probability on purpose; here the question is the null hypothesis.
                guard (link.runnerUp ?? 0) < 0.1 else { continue }
                let bin = min(4, Int(link.confidence * 5))
                bins[bin].count += 1
                bins[bin].sum += link.confidence
                bins[bin].right += world.party[link.receipt, default: []].contains(link.visit) ? 1 : 0
            }
        }
        for bin in bins where bin.count >= 100 {
            let said = bin.sum / Double(bin.count)
            let was = Double(bin.right) / Double(bin.count)
            print("Calibration at opt-in \(optIn): said \(said), was \(was), of \(bin.count)")
            // Where a threshold may lie, over-confidence is the worse fault.
            if said >= 0.5 { #expect(said - was <= 0.05 && was - said <= 0.15) }
            if said < 0.2 { #expect(was < 0.1) }
        }
    }

    @Test("a box that never saw a code is right just as often")
    func untaught() {
        let world = TillWorld(.init(seed: 7, hours: 50, codeShare: 0))
        var matcher = Matcher(zones: world.zones)
        let score = Self.score(world, world.play(&matcher), keyed: false)
        print("Matching, untaught: \(score)")
        #expect(score.precision >= 0.9 && score.recall >= 0.4)
    }

    @Test("one zone for all tills gives fewer links, not wrong ones")
    func sharedZone() {
        let world = TillWorld(.init(seed: 5, sharedZone: true))
        var matcher = Matcher(zones: world.zones)
        let score = Self.score(world, world.play(&matcher), keyed: false)
        print("Matching, one zone for three tills: \(score)")
        #expect(score.precision >= 0.8 || score.right + score.wrong < 20)
    }

    @Test("a crowded store with 40 % opt-in keeps its precision")
    func crowded() {
        let world = TillWorld(.init(seed: 6, hours: 60, tills: 5, optIn: 0.4, groupsAnHour: 180))
        var policy = MatchingPolicy.standard
        policy.optInShare = 0.4
        var matcher = Matcher(zones: world.zones, policy: policy)
        let score = Self.score(world, world.play(&matcher), keyed: false)
        print("Matching, crowded: \(score)")
        #expect(score.precision >= 0.88)
    }

    @Test("the same world gives the same answers, also through checkpoints on other monotonic bases")
    func deterministic() throws {
        let world = TillWorld(.init(seed: 9, hours: 10))
        var matcher = Matcher(zones: world.zones)
        let expected = world.play(&matcher)
        var again = Matcher(zones: world.zones)
        #expect(world.play(&again) == expected)
        var outputs: [MatchOutput] = []
        var restarted = Matcher(zones: world.zones)
        for (number, item) in world.events.enumerated() {
            let now = TillWorld.moment(item.at)
            outputs += restarted.advance(to: now) { _ in true }
            switch item.event {
            case .visit(let output): restarted.observe(output)
            case .receipt(let receipt): outputs += restarted.receive(receipt) { _ in true }
            }
            guard number % 97 == 0 else { continue }
            let there = try restarted.checkpoint.throughJSON()
            let other = Matcher(zones: world.zones, checkpoint: there, shift: .seconds(5000))
            restarted = Matcher(
                zones: world.zones, checkpoint: try other.checkpoint.throughJSON(), shift: .seconds(-5000))
        }
        outputs += restarted.advance(to: TillWorld.moment(2_000_000)) { _ in true }
        #expect(outputs == expected)
    }

    @Test("the time that a till prints changes no answer: only the box's stamps count")
    func printedTime() {
        let world = TillWorld(.init(seed: 10, hours: 10))
        /// The answers when every till prints that time.
        func answers(_ issued: String?) -> [MatchOutput] {
            var matcher = Matcher(zones: world.zones)
            var outputs: [MatchOutput] = []
            for item in world.events {
                outputs += matcher.advance(to: TillWorld.moment(item.at)) { _ in true }
                switch item.event {
                case .visit(let output): matcher.observe(output)
                case .receipt(var receipt):
                    receipt.key.issued = issued
                    outputs += matcher.receive(receipt) { _ in true }
                }
            }
            return (outputs + matcher.advance(to: TillWorld.moment(2_000_000)) { _ in true }).map { $0.withoutTime }
        }
        let expected = answers(nil)
        #expect(expected.count > 100)
        #expect(answers("2001-01-01T00:00:00") == expected)
    }
}

extension MatchOutput {
    /// The answer with the printed time left out of its receipt's name.
    fileprivate var withoutTime: MatchOutput {
        func plain(_ key: ReceiptKey) -> ReceiptKey {
            var key = key
            key.issued = nil
            return key
        }
        switch self {
        case .linked(var link):
            link.receipt = plain(link.receipt)
            return .linked(link)
        case .cantTell(let receipt, let reason, let best, let null, let candidates):
            return .cantTell(plain(receipt), reason: reason, best: best, null: null, candidates: candidates)
        case .retracted(let receipt, let visit, let reason, let revision):
            return .retracted(receipt: plain(receipt), visit: visit, reason: reason, revision: revision)
        }
    }
}
