import Subjects

/// Plans a simulated day: who comes when, walks where, queues at which till and buys what. Everything that frames and printer
/// bytes are later made of, a few hundred bytes a person.
struct StoreDay {
    private(set) var people: [Person] = []
    private(set) var documents: [TillDocument] = []
    private(set) var truth: SimulationTruth

    private let options: SimulationOptions
    private let subjects: [SimulatedSubject]
    private let clock: LocalClock
    private let tillCount: Int
    private var generator: SeededGenerator
    private var basket: BasketGenerator
    private var waiting: [Int]
    private var nextNumber: [Int]
    private var freeAt: [Double]

    private struct Party {
        var number: Int
        var arrival: Double
        /// Devices of the members and the subject behind each.
        var members: [Person.Device]
        var buys: Bool
        var route: Route
        var entered: Double
    }

    init(options: SimulationOptions, plan: StorePlan, subjects: [SimulatedSubject], clock: LocalClock) {
        self.options = options
        self.subjects = subjects
        self.clock = clock
        tillCount = plan.tills.count
        generator = SeededGenerator(seed: options.seed, stream: 1)
        basket = BasketGenerator(generator: SeededGenerator(seed: options.seed, stream: 2))
        let start = options.start.seconds
        truth = SimulationTruth(seed: options.seed, start: start, end: start + options.duration)
        freeAt = Array(repeating: 0, count: tillCount)
        nextNumber = (0..<tillCount).map { 10_000 * ($0 + 1) + 217 }
        waiting = subjects.indices.filter { subjects[$0].kind == .person }
        // A seeded shuffle (Fisher-Yates): the feed's order says nothing about who comes.
        for index in waiting.indices.reversed() where index > 0 { waiting.swapAt(index, generator.below(index + 1)) }

        addFixtures()
        addPassers()
        serve(planParties())
        addReports()
        documents.sort { ($0.time, $0.till) < ($1.time, $1.till) }
        people.sort { $0.route.start < $1.route.start }
        truth.receipts.sort { ($0.printed, $0.till) < ($1.printed, $1.till) }
    }

    // MARK: who comes

    private mutating func planParties() -> [Party] {
        let span = options.lastArrival - 20
        let count = Int((options.groupsPerHour * span / 3600).rounded())
        let arrivals = (0..<count).map { _ in 20 + span * generator.unit() }.sorted()
        return arrivals.enumerated().map { number, arrival in
            let size = generator.unit()
            let members = (0..<(size < 0.70 ? 1 : size < 0.92 ? 2 : 3)).map { _ in device() }
            let bounce = generator.chance(0.12)
            let browse =
                bounce ? generator.uniform(25...90) : min(1500, max(100, generator.logNormal(median: 480, spread: 0.5)))
            let buys = !bounce && generator.chance(0.55)
            return walkIn(number: number, arrival: arrival, members: members, browse: browse, buys: buys)
        }
    }

    private mutating func device() -> Person.Device {
        truth.shoppers += 1
        guard generator.chance(options.optInShare), let subject = waiting.popLast() else {
            return .stranger(generator.pick(StrangerDevice.allCases, or: .appleNearby))
        }
        guard generator.chance(0.08) else { return .subject(subject) }
        truth.asleep += 1
        return .asleep
    }

    /// The way from the street to the last shelf.
    private mutating func walkIn(
        number: Int, arrival: Double, members: [Person.Device], browse: Double, buys: Bool
    ) -> Party {
        let side = generator.chance(0.5) ? -14.0 : 14.0
        let doorstep = FloorPoint(x: StorePlan.door.x, y: -2)
        let street = FloorPoint(x: StorePlan.door.x + side, y: -3)
        let walk = street.distance(to: doorstep) / Route.pace
        var route = Route(start: arrival - walk - 2 / Route.pace, place: street)
        route.walk(to: doorstep)
        route.walk(to: StorePlan.door)
        let entered = route.end
        route.walk(to: FloorPoint(x: 12, y: 3))
        let inside = min(options.lastArrival + 500, entered + browse)
        while route.end < inside {
            let shelf = FloorPoint(x: generator.uniform(2...19), y: generator.uniform(5...15))
            route.walk(to: shelf, pace: 0.7)
            route.stay(for: min(generator.uniform(15...160), max(0, inside - route.end)))
        }
        return Party(number: number, arrival: arrival, members: members, buys: buys, route: route, entered: entered)
    }

    // MARK: tills

    /// Those who buy come to the tills in the order in which they have finished browsing; all leave by the door.
    private mutating func serve(_ parties: [Party]) {
        for var party in parties.sorted(by: { ($0.route.end, $0.number) < ($1.route.end, $1.number) }) {
            var sale: (till: Int, time: Double)?
            if party.buys {
                sale = queue(&party)
            }
            party.route.walk(to: FloorPoint(x: 12, y: 3))
            party.route.walk(to: StorePlan.door)
            let exited = party.route.end
            party.route.walk(to: FloorPoint(x: 12, y: -2))
            party.route.walk(to: FloorPoint(x: generator.chance(0.5) ? -4 : 28, y: -3))
            let visits = admit(party, exited: exited)
            if let sale { printSale(of: party, visits: visits, till: sale.till, time: sale.time) }
        }
    }

    private mutating func queue(_ party: inout Party) -> (till: Int, time: Double) {
        let ready = party.route.end + 12
        var till = generator.below(tillCount)
        for candidate in 0..<tillCount where max(freeAt[candidate], ready) < max(freeAt[till], ready) {
            till = candidate
        }
        let start = max(ready, freeAt[till])
        if start > ready + 2 {
            party.route.walk(to: StorePlan.queue(till, position: start - ready > 60 ? 2 : 1))
            party.route.stay(until: start - 1.2)
        }
        party.route.walk(to: StorePlan.queue(till, position: 0))
        let service = min(150, max(25, generator.logNormal(median: 50, spread: 0.35)))
        var printed = max(start, party.route.end) + service
        if let quiet = options.quiet, quiet.contains(printed) || quiet.contains(printed + 15) {
            printed = quiet.upperBound + 2 + 6 * generator.unit()
        }
        party.route.stay(until: printed + generator.uniform(6...16))
        freeAt[till] = printed + 22
        return (till, printed)
    }

    private mutating func admit(_ party: Party, exited: Double) -> [Int?] {
        let start = options.start.seconds
        var visits: [Int?] = []
        for (index, device) in party.members.enumerated() {
            var person = Person(
                device: device, route: party.route, offset: FloorPoint(x: 0.5 * Double(index), y: -0.4 * Double(index)),
                interval: generator.chance(0.3) ? 1 : generator.uniform(1...10))
            if case .subject(let subject) = device {
                person.visit = truth.visits.count
                truth.visits.append(
                    SimulationTruth.Visit(
                        subject: subjects[subject].id.rawValue, entered: start + party.entered, exited: start + exited,
                        permitted: subjects[subject].mayBeSeen, party: party.number, interval: person.interval))
            }
            visits.append(person.visit)
            people.append(person)
        }
        return visits
    }

    private mutating func printSale(of party: Party, visits: [Int?], till: Int, time: Double) {
        let payer = generator.below(party.members.count)
        var document = TillDocument(
            kind: generator.chance(0.05) ? .refund : .sale, till: till, number: number(till), time: time)
        document.cashier = 101 + till
        document.items = basket.items()
        document.card = generator.chance(0.72) ? basket.card() : nil
        var payingSubject: SimulatedSubject?
        if case .subject(let index) = party.members[payer] { payingSubject = subjects[index] }
        var key: String?
        if let payingSubject {
            if generator.chance(0.45) {
                document.loyalty = payingSubject.loyalty
                key = "loyalty"
            } else if generator.chance(0.2) {
                document.coupon = payingSubject.coupon
                key = "coupon"
            }
        } else if generator.chance(0.3) {
            document.loyalty = basket.loyaltyOfNobody()
        }
        append(document, visit: visits[payer], party: party.number, key: key, subject: payingSubject)
        followUp(document)
    }

    /// What a cashier does now and then right after a sale.
    private mutating func followUp(_ sale: TillDocument) {
        var next = sale
        next.time = sale.time + 9
        switch generator.unit() {
        case ..<0.05: next.kind = .reprint
        case ..<0.08:
            next.kind = .void
            next.number = number(sale.till)
            next.items = basket.items()
            next.card = nil
            next.loyalty = nil
            next.coupon = nil
        case ..<0.11:
            next = TillDocument(kind: .noSale, till: sale.till, number: 0, time: next.time)
        case ..<0.15:
            next = TillDocument(kind: .kitchen, till: sale.till, number: sale.number % 100, time: next.time)
            next.items = [TillDocument.Item(text: "Flat white", quantity: 1 + generator.below(2), price: 0)]
        default: return
        }
        append(next, visit: nil, party: nil, key: nil, subject: nil)
    }

    private mutating func addReports() {
        for till in 0..<tillCount {
            var report = TillDocument(
                kind: .report, till: till, number: 0,
                time: max(freeAt[till] + 5, options.lastArrival + 780 + 20 * Double(till)))
            report.items = documents.filter { $0.till == till && $0.kind == .sale }.flatMap(\.items)
            append(report, visit: nil, party: nil, key: nil, subject: nil)
        }
    }

    private mutating func append(
        _ document: TillDocument, visit: Int?, party: Int?, key: String?, subject: SimulatedSubject?
    ) {
        documents.append(document)
        let numbered = [.sale, .refund, .void, .reprint].contains(document.kind)
        let mayLink = document.kind == .sale || document.kind == .refund
        truth.receipts.append(
            SimulationTruth.Receipt(
                till: StorePlan.tillName(document.till), number: numbered ? "\(document.number)" : nil,
                kind: document.kind.rawValue, issued: clock.issued(document.time),
                total: numbered ? document.total : nil,
                currency: SimulationOptions.currency, printed: options.start.seconds + document.time, visit: visit,
                party: party, key: key, linkable: mayLink && visit != nil && subject?.mayBeLinked == true))
    }

    private mutating func number(_ till: Int) -> Int {
        nextNumber[till] += 1
        return nextNumber[till]
    }

    // MARK: everybody else

    private mutating func addPassers() {
        let count = Int((options.passersPerHour * options.duration / 3600).rounded())
        truth.passers = count
        for _ in 0..<count {
            let side = generator.chance(0.5) ? -14.0 : 14.0
            let y = -3 - 2 * generator.unit()
            var route = Route(
                start: generator.uniform(0...(options.duration - 30)),
                place: FloorPoint(x: StorePlan.door.x + side, y: y))
            route.walk(to: FloorPoint(x: StorePlan.door.x - side, y: y), pace: generator.uniform(1...1.6))
            people.append(
                Person(
                    device: .stranger(generator.pick(StrangerDevice.allCases, or: .appleNearby)), route: route,
                    offset: FloorPoint(x: 0, y: 0), interval: generator.uniform(1...6)))
        }
    }

    /// Staff badges, the store's own beacon, and the beacons of the neighbours.
    private mutating func addFixtures() {
        for index in subjects.indices where subjects[index].kind != .person {
            var route: Route
            if subjects[index].kind == .fixture {
                // Well within one radio's reach, so that no chance decides when it is noticed.
                route = Route(start: 0, place: FloorPoint(x: 6.5, y: 9.5))
                // Switched off with the lights.
                route.stay(until: options.lastArrival + 700)
            } else {
                route = Route(start: 2 + 3 * generator.unit(), place: FloorPoint(x: 12, y: -3))
                route.walk(to: FloorPoint(x: 12, y: 3))
                // The day begins in front of a radio, for the same reason.
                route.walk(to: FloorPoint(x: 6, y: 9.5))
                route.stay(for: 20)
                while route.end < options.lastArrival + 700 {
                    route.walk(to: FloorPoint(x: generator.uniform(2...19), y: generator.uniform(4...15)))
                    route.stay(for: generator.uniform(30...300))
                }
                route.walk(to: FloorPoint(x: 12, y: 3))
                route.walk(to: FloorPoint(x: 12, y: -3))
                route.walk(to: FloorPoint(x: 28, y: -3))
            }
            people.append(
                Person(
                    device: .subject(index), route: route, offset: FloorPoint(x: 0, y: 0),
                    interval: subjects[index].kind == .fixture ? 5 : 2))
        }
        for _ in 0..<6 {
            let place = FloorPoint(x: generator.uniform(-6...30), y: generator.chance(0.5) ? -8 : 18)
            var route = Route(start: generator.unit(), place: place)
            route.stay(until: options.duration)
            people.append(
                Person(
                    device: .stranger(generator.chance(0.5) ? .foreignBeacon : .manufacturerData), route: route,
                    offset: FloorPoint(x: 0, y: 0), interval: generator.uniform(1...3)))
        }
    }
}
