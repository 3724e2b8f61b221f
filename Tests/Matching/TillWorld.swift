import Subjects

@testable import Matching
@testable import Visits

/// A store seen from its tills, written without any knowledge of how the matcher thinks.
///
/// Groups of 1, 2 or 3 come in, look about (12 min), and 55 % queue and pay (60 s of service); half of the others walk
/// past the tills. Only some have the app. Their phones advertise every 1 to 10 s, so that zones begin and end late;
/// 8 % of the stays at a till are missed, some are heard in the zone of another till, and there are short bursts in
/// zones where nobody is. A quarter of the receipts of people with the app carry a code.
struct TillWorld {
    struct Options {
        var seed: UInt64 = 1
        var hours = 100.0
        var tills = 3
        var optIn = 0.15
        var groupsAnHour = 100.0
        var confusion = 0.15
        var sharedZone = false
        var codeShare = 0.25
    }

    enum Event {
        case visit(VisitOutput)
        case receipt(MatchableReceipt)
    }

    private(set) var events: [(at: Double, order: Int, event: Event)] = []
    /// Visits of the party that paid: who may rightly be linked.
    private(set) var party: [ReceiptKey: Set<VisitKey>] = [:]
    /// Receipts whose party was heard in the zone of its till.
    private(set) var linkable: Set<ReceiptKey> = []
    let zones: [Zone]

    private let options: Options
    private var random: SeededGenerator
    private var people = 0

    static func moment(_ seconds: Double) -> Moment {
        let offset = Duration.milliseconds(Int64(seconds * 1000))
        return Moment(monotonic: offset, wall: UnixTime(seconds: Int64(1_795_251_600)) + offset)
    }

    init(_ options: Options) {
        self.options = options
        random = SeededGenerator(seed: options.seed)
        let floor = Zone(id: "floor", kind: .floor, receivers: ["floor"])
        if options.sharedZone {
            let tills = (0..<options.tills).map { TillID("\($0)") }
            zones = [floor, Zone(id: "tills", kind: .till, receivers: ["tills"], tills: tills)]
        } else {
            zones =
                [floor]
                + (0..<options.tills).map {
                    Zone(
                        id: ZoneID("till-\($0)"), kind: .till, receivers: [ReceiverID("t\($0)")],
                        tills: [TillID("\($0)")])
                }
        }
        var free = Array(repeating: 0.0, count: options.tills)
        var at = 0.0
        while at < options.hours * 3600 {
            at += random.exponential(mean: 3600 / options.groupsAnHour)
            group(at: at, free: &free)
        }
        events.sort { ($0.at, $0.order) < ($1.at, $1.order) }
    }

    private mutating func add(_ event: Event, at time: Double) { events.append((time, events.count, event)) }

    private func zone(of till: Int) -> ZoneID { options.sharedZone ? "tills" : ZoneID("till-\(till)") }

    private mutating func group(at entered: Double, free: inout [Double]) {
        let dice = random.unit()
        let size = dice < 0.7 ? 1 : dice < 0.92 ? 2 : 3
        let done = entered + max(60, random.logNormal(median: 720, sigma: 0.6))
        var till: Int?
        var stay = (from: done, to: done)
        var receipt: MatchableReceipt?
        var left = done + random.between(15, 60)
        if random.happens(0.55) {
            let queue = free.indices.min { max(free[$0], done) < max(free[$1], done) } ?? 0
            let begins = max(done, free[queue])
            let paid = begins + max(15, random.logNormal(median: 60, sigma: 0.4))
            free[queue] = paid + random.between(2, 8)
            till = queue
            stay = (max(done, begins - 120), paid + random.logNormal(median: 14, sigma: 0.6))
            left = stay.to + random.between(15, 60)
            let first = Self.moment(paid)
            receipt = MatchableReceipt(
                key: ReceiptKey(till: TillID("\(queue)"), number: nil, issued: nil, firstByte: first.wall),
                firstByte: first, lastByte: Self.moment(paid + random.between(1, 3)), kind: "sale")
        } else if random.happens(0.5) {
            till = Int(random.next() % UInt64(options.tills))
            stay = (done, done + random.between(8, 40))
            left = stay.to + random.between(15, 60)
        }
        var members: Set<VisitKey> = []
        for member in 0..<size where random.happens(options.optIn) {
            // Some of those who came along wait elsewhere.
            let comes = member == 0 || random.happens(0.8)
            let seen = person(from: entered, to: left, till: comes ? till : nil, stay: stay)
            members.insert(seen.key)
            guard let printed = receipt else { continue }
            if seen.atTill { linkable.insert(printed.key) }
            if member == 0, random.happens(options.codeShare) {
                receipt?.keyed = [.init(subject: seen.key.subject, method: .loyalty)]
            }
        }
        if let receipt {
            party[receipt.key] = members
            add(.receipt(receipt), at: receipt.lastByte.monotonic / .seconds(1))
        }
    }

    /// What the visit tracker would say of one phone.
    private mutating func person(
        from entered: Double, to left: Double, till: Int?, stay: (from: Double, to: Double)
    ) -> (key: VisitKey, atTill: Bool) {
        people += 1
        let interval = [1.0, 2, 5, 10][Int(random.next() % 4)]
        let subject = SubjectID("p\(people)")
        let start = Self.moment(entered)
        let key = VisitKey(subject: subject, enteredAt: start.wall)
        var visit = Visit(
            key: key, kind: .person, entered: start, enterUncertainty: .seconds(2), exited: nil,
            exitUncertainty: .seconds(2), dwell: nil, classification: .visitor, zones: [], sightings: 1,
            medianGap: .seconds(interval), revision: 1, truncated: false, definitionVersion: "test")
        add(.visit(.opened(visit)), at: entered)
        func change(_ from: ZoneID?, _ to: ZoneID?, at time: Double) -> Event {
            .visit(
                .zoneChanged(subject: subject, visit: key, from: from, to: to, at: Self.moment(time), rssi: -60))
        }
        add(change(nil, "floor", at: entered), at: entered)
        // Bursts in zones of tills where the person is not.
        var burst = entered + random.exponential(mean: 900)
        while burst < stay.from - 60 {
            let wrong = zone(of: Int(random.next() % UInt64(options.tills)))
            let end = burst + random.between(5, 25)
            add(change("floor", wrong, at: burst), at: burst)
            add(change(wrong, "floor", at: end), at: end)
            burst = end + random.exponential(mean: 900)
        }
        var atTill = false
        if let till, !random.happens(0.08) {
            let confused = random.happens(options.confusion)
            let heard =
                confused ? (till + 1 + Int(random.next() % UInt64(max(1, options.tills - 1)))) % options.tills : till
            let place = zone(of: heard)
            atTill = place == zone(of: till)
            let from = stay.from + 2 + random.between(0, interval)
            let to = max(from + 1, stay.to + 1 + random.between(0, interval))
            add(change("floor", place, at: from), at: from)
            add(change(place, "floor", at: to), at: to)
        }
        let exit = max(left, stay.to + 14)
        add(change("floor", nil, at: exit), at: exit + 30)
        visit.exited = Self.moment(exit)
        visit.dwell = .seconds(exit - entered)
        add(.visit(.closed(visit)), at: exit + 900)
        return (key, atTill)
    }
}

extension TillWorld {
    /// Plays the world through a matcher.
    func play(_ matcher: inout Matcher) -> [MatchOutput] {
        var outputs: [MatchOutput] = []
        for (at, _, event) in events {
            let now = Self.moment(at)
            outputs += matcher.advance(to: now) { _ in true }
            switch event {
            case .visit(let output): matcher.observe(output)
            case .receipt(let receipt): outputs += matcher.receive(receipt) { _ in true }
            }
        }
        return outputs + matcher.advance(to: Self.moment(options.hours * 3600 + 1_000_000)) { _ in true }
    }
}
