import Advertising
import Subjects
import Testing

@testable import Simulation

struct SimulatedSubjectTests {
    @Test("every scheme advertises what the decoder finds and the feed's keys resolve, at any time of the day")
    func resolvable() {
        let options = SimulationOptions(seed: 5, hours: 1)
        let simulation = StoreSimulation(options)
        var registry = SubjectRegistry()
        for entry in simulation.entries { _ = registry.apply(entry) }
        var kinds: Set<AdvertisedIdentifier.Kind> = []
        for minutes in [0, 23, 61] {
            let time = options.start + .seconds(Int64(minutes) * 60)
            var builder = ResolverTableBuilder()
            let table = builder.build(registry: registry, at: time, resolved: ResolvedTokens())
            for subject in simulation.subjects {
                let app = subject.advertisement(at: time.wholeSeconds)
                var found: [AdvertisedIdentifier] = []
                AdvertisedIdentifier.forEach(in: app.data.span, isLegacy: app.pdu != .extendedNonConnectable) {
                    found.append($0)
                }
                guard let identifier = found.first else {
                    Issue.record("an advertisement without an identifier")
                    continue
                }
                kinds.insert(identifier.kind)
                let resolution = table.resolve(identifier, at: time)
                if subject.mayBeSeen {
                    #expect(resolution == .subject(subject.id, subject.kind))
                } else {
                    #expect(resolution == .stranger || resolution == .expired)
                }
            }
        }
        #expect(kinds == [.eddystoneEID, .eddystoneUID, .rolling16, .rolling128Legacy, .rolling128, .iBeacon])
    }

    @Test("a token changes when it says it does and not before")
    func rotation() {
        let options = SimulationOptions(seed: 6, hours: 1)
        for subject in StoreSimulation(options).subjects where subject.kind == .person {
            let now = options.start.wholeSeconds
            let app = subject.advertisement(at: now)
            #expect(app.validUntil > now && app.validUntil <= now + 1024)
            #expect(subject.advertisement(at: app.validUntil - 1).data == app.data)
            #expect(subject.advertisement(at: app.validUntil).data != app.data)
        }
    }

    @Test("a stranger's advertisement is well formed and resolves to nobody")
    func strangers() {
        var generator = SeededGenerator(seed: 9)
        for device in StrangerDevice.allCases {
            let stranger = StrangerAdvertisement(device: device, generator: &generator)
            #expect(stranger.data.count <= 31 && stranger.telling.upperBound <= stranger.data.count)
            var index = 0
            while index < stranger.data.count {
                index += 1 + Int(stranger.data[index])
            }
            #expect(index == stranger.data.count)
            #expect(stranger.address >> 46 == 1)
        }
    }
}
