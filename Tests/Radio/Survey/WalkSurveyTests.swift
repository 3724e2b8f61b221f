import Subjects
import Testing

@testable import Radio

@Suite struct WalkSurveyTests {
    private static let street = WalkSurvey.Zone(name: "street", isOutside: true, receivers: ["door-out"])
    private static let hall = WalkSurvey.Zone(name: "hall", isOutside: false, receivers: ["hall"])
    private static let tills = WalkSurvey.Zone(name: "tills", isOutside: false, receivers: ["tills"])

    /// Stands in a zone for a minute; every receiver hears each half second, with a fading of +-`swing`.
    private func stand(
        _ walk: inout WalkSurvey, _ zone: ZoneID, _ levels: [ReceiverID: Int8], swing: Int8 = 2, from start: Int
    ) {
        walk.begin(zone, at: .seconds(start))
        for step in 0..<120 {
            let at = Duration.seconds(start) + .milliseconds(step * 500)
            for (number, receiver) in levels.keys.sorted(by: { $0.rawValue < $1.rawValue }).enumerated() {
                guard let level = levels[receiver] else { continue }
                let fading: Int8 = (step / (number + 1)) % 2 == 0 ? swing : -swing
                walk.hear(receiver, level + fading, at: at + .milliseconds(number))
            }
        }
    }

    @Test(
        "zones that are heard well get an enter level below what is measured inside, a leave level 10 dB below, no complaint"
    )
    func clear() throws {
        var walk = WalkSurvey(zones: [Self.street, Self.hall, Self.tills], smoothing: .seconds(2))
        stand(&walk, "street", ["door-out": -60, "hall": -90], from: 0)
        stand(&walk, "hall", ["door-out": -85, "hall": -60, "tills": -80], from: 100)
        stand(&walk, "tills", ["hall": -78, "tills": -58], from: 200)
        let proposal = WalkProposal(walk, zoneHysteresis: 3)
        #expect(proposal.findings.isEmpty, "\(proposal.findings)")
        #expect(proposal.thresholds.map(\.zone) == ["hall", "tills"])
        let hall = try #require(proposal.thresholds.first)
        #expect((-63 ... -59).contains(hall.inside))
        #expect(hall.outside.map { (-92 ... -88).contains($0) } == true)
        #expect(hall.enter < hall.inside && hall.enter > -80)
        #expect(hall.leave < hall.enter && hall.leave > -89)
        #expect((hall.margin ?? 0) > 10)
        let tills = try #require(proposal.thresholds.last)
        #expect(tills.outside == nil && tills.enter == tills.inside - 5 && tills.leave == tills.enter - 10)
    }

    @Test("a hall that the street reaches as loud as the hall itself is told, with the gap")
    func window() {
        var walk = WalkSurvey(zones: [Self.street, Self.hall], smoothing: .seconds(2))
        stand(&walk, "street", ["hall": -64, "door-out": -50], from: 0)
        stand(&walk, "hall", ["hall": -62, "door-out": -80], from: 100)
        let proposal = WalkProposal(walk, zoneHysteresis: 3)
        #expect(proposal.findings.contains { if case .likeOutside("hall", _) = $0 { true } else { false } })
        #expect(proposal.findings.first { "\($0)".contains("street would count") } != nil)
        // Still a valid pair of levels for the configuration.
        #expect(proposal.thresholds.allSatisfy { $0.leave < $0.enter })
    }

    @Test("two zones that are equally loud in one of them cannot be told apart, and it is said in which")
    func alike() {
        var walk = WalkSurvey(zones: [Self.hall, Self.tills], smoothing: .seconds(2))
        stand(&walk, "hall", ["hall": -60, "tills": -61], from: 0)
        stand(&walk, "tills", ["hall": -80, "tills": -55], from: 100)
        let findings = WalkProposal(walk, zoneHysteresis: 3).findings
        #expect(findings.contains { if case .alike("hall", than: "tills", _) = $0 { true } else { false } })
        #expect(!findings.contains { if case .alike("tills", than: "hall", _) = $0 { true } else { false } })
    }

    @Test("zones with the same radios, zones not walked and zones that heard nothing are told")
    func missing() {
        let twin = WalkSurvey.Zone(name: "twin", isOutside: false, receivers: ["hall"])
        var walk = WalkSurvey(zones: [Self.hall, twin, Self.tills, Self.street], smoothing: .seconds(2))
        stand(&walk, "hall", ["hall": -60], from: 0)
        stand(&walk, "twin", ["hall": -60], from: 100)
        stand(&walk, "tills", ["hall": -70], from: 200)
        let proposal = WalkProposal(walk, zoneHysteresis: 3)
        #expect(proposal.findings.contains(.sameReceivers("hall", "twin")))
        #expect(proposal.findings.contains(.skipped("street")))
        #expect(proposal.findings.contains(.unheard("tills", reports: 120)))
        #expect(proposal.thresholds.map(\.zone) == ["hall", "twin"])
        #expect(proposal.findings.allSatisfy { !"\($0)".contains("\n") && "\($0)".count > 20 })
    }

    @Test(
        "a station that is walked again replaces what was measured there, and levels of the last station do not leak in"
    )
    func again() throws {
        var walk = WalkSurvey(zones: [Self.hall, Self.tills], smoothing: .seconds(2))
        stand(&walk, "hall", ["hall": -90], from: 0)
        stand(&walk, "hall", ["hall": -60], swing: 0, from: 100)
        #expect(walk.stations.count == 1)
        let levels = try #require(walk.stations.first?.receivers["hall"])
        #expect(levels.quantile(0) == -60 && levels.quantile(1) == -60)
        walk.hear("hall", nil, at: .seconds(170))
        #expect(walk.stations.first?.reports == 121)
    }

    @Test("quantiles are those of the samples, and a walk of any length has one size")
    func quantiles() {
        var levels = LevelDistribution()
        #expect(levels.median == nil)
        for level in -99...0 { levels.add(Double(level)) }
        #expect(levels.quantile(0.1) == -90 && levels.median == -50 && levels.quantile(1) == 0)
        levels.add(-.infinity)
        levels.add(400)
        #expect(levels.quantile(0) == -150 && levels.quantile(1) == 150 && levels.count == 102)
    }
}
