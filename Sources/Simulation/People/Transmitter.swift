/// One phone on the air: when it sends, from where, under which address and with which content.
struct Transmitter {
    private let device: Person.Device
    private let route: Route
    private let offset: FloorPoint
    private let interval: Double
    private var generator: SeededGenerator
    private var identities: SeededGenerator
    private var channel: RadioChannel
    private var cursor = 0
    private var packet: AdvertisingPacket?
    private var validUntil: Double

    /// Seconds since the simulation began.
    private(set) var next: Double

    /// What the phone shows of itself until it changes its address.
    struct Appearance {
        var address: UInt64
        /// The bytes that tell it from others and must stay unknown; empty for what the box may know.
        var secret: ArraySlice<UInt8>
    }

    /// Set when the appearance has just changed; the reader takes it.
    private var changed: Appearance?

    /// A phone keeps its random address for about this long (Core Vol 3 Part C, 10.7.1.4.4: 15 minutes).
    private static let addressSeconds = 600.0...900.0
    /// The store app's bit in Apple's overflow area.
    static let overflowBit = 83

    init(person: Person, index: Int, seed: UInt64, receivers: Int) {
        device = person.device
        route = person.route
        offset = person.offset
        interval = person.interval
        generator = SeededGenerator(seed: seed, stream: 1000 + 2 * UInt64(index))
        identities = SeededGenerator(seed: seed, stream: 1001 + 2 * UInt64(index))
        channel = RadioChannel(receivers: receivers, generator: &generator)
        validUntil = -.infinity
        next = person.route.start + person.interval * generator.unit()
    }

    var isOver: Bool { next > route.end }

    /// The new appearance, once after each change.
    mutating func takeAppearance() -> Appearance? {
        defer { changed = nil }
        return changed
    }

    /// Sends once and moves on to the next time; `heard` is called for each receiver that hears it.
    mutating func send(
        plan: StorePlan, subjects: [SimulatedSubject], start: Double, heard: (Int, [UInt8]) -> Void
    ) {
        let time = next
        // advDelay of Core Vol 6 Part B, 4.4.2.2.1: 0 to 10 ms on top of the interval, and what the phone's scheduler adds.
        next = time + interval + 0.01 * generator.unit() + 0.02 * interval * generator.unit()
        if time >= validUntil { rotate(at: time, subjects: subjects, start: start) }
        guard let packet else { return }
        var place = route.place(at: time, cursor: &cursor)
        place.x += offset.x
        place.y += offset.y
        channel.send(from: place, at: time, plan: plan, generator: &generator) { receiver, level, _ in
            if let bytes = packet.heard(level: level, legacyOnly: plan.receivers[receiver].legacyOnly) {
                heard(receiver, bytes)
            }
        }
    }

    private mutating func rotate(at time: Double, subjects: [SimulatedSubject], start: Double) {
        switch device {
        case .subject(let index):
            let app = subjects[index].advertisement(at: Int64((start + time).rounded(.down)))
            validUntil = app.validUntil == .max ? .infinity : Double(app.validUntil) - start
            let subject = subjects[index]
            show(app, secret: subject.mayBeSeen ? [] : app.data[app.token])
        case .asleep:
            validUntil = time + identities.uniform(Self.addressSeconds)
            show(AppAdvertisement.overflow(bit: Self.overflowBit), secret: [])
        case .stranger(let kind):
            validUntil = time + identities.uniform(Self.addressSeconds)
            let stranger = StrangerAdvertisement(device: kind, generator: &identities)
            packet = AdvertisingPacket(pdu: stranger.pdu, address: stranger.address, data: stranger.data)
            changed = Appearance(address: stranger.address, secret: stranger.data[stranger.telling])
        }
    }

    private mutating func show(_ app: AppAdvertisement, secret: ArraySlice<UInt8>) {
        let address = Self.address(&identities)
        packet = AdvertisingPacket(pdu: app.pdu, address: address, data: app.data)
        changed = Appearance(address: address, secret: secret)
    }

    /// A resolvable private address: random, with 01 in its two most significant bits (Core Vol 6 Part B, 1.3.2.2).
    static func address(_ generator: inout SeededGenerator) -> UInt64 {
        (generator.next() & 0x3FFF_FFFF_FFFF) | 0x4000_0000_0000
    }
}
