import Gateway
import Subjects
import Testing

@Suite struct CoverageHoursTests {
    private let morning = UnixTime(seconds: Int64(1_795_251_600))

    private func sighting(_ id: String, _ kind: SubjectKind = .person) -> Sighting {
        Sighting(
            subject: SubjectID(id), kind: kind, receiver: "door", rssi: -60,
            at: Moment(monotonic: .zero, wall: morning))
    }

    @Test("each opted-in person counts once an hour, staff does not, and overflow reports are those of the hour")
    func counts() {
        var coverage = CoverageHours()
        coverage.advance(to: morning, overflowSeen: 3)
        for id in ["anna", "bert", "anna"] { coverage.heard(sighting(id)) }
        coverage.heard(sighting("emil", .staff))
        coverage.advance(to: morning + .seconds(3_599), overflowSeen: 10)
        #expect(coverage.hours.map(\.people) == [2])
        #expect(coverage.hours.map(\.overflowSeen) == [10])
        coverage.advance(to: morning + .seconds(3_600), overflowSeen: 12)
        coverage.heard(sighting("anna"))
        coverage.advance(to: morning + .seconds(3_700), overflowSeen: 15)
        #expect(coverage.hours.map(\.people) == [2, 1])
        #expect(coverage.hours.map(\.overflowSeen) == [12, 3])
        #expect(coverage.hours.map(\.start) == [morning.rfc3339(), (morning + .seconds(3_600)).rfc3339()])
    }

    @Test("a day of hours is kept, and no more")
    func bounded() {
        var coverage = CoverageHours()
        for hour in 0..<100 { coverage.advance(to: morning + .seconds(3_600 * hour), overflowSeen: UInt64(hour)) }
        #expect(coverage.hours.count == CoverageHours.kept)
        #expect(coverage.hours.last?.start == (morning + .seconds(3_600 * 99)).rfc3339())
    }
}
