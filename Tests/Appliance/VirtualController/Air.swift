/// What is on the air: a number of advertisements a second from a number of devices. Time is an argument, seconds from
/// any origin.
struct Air {
    /// Sent to the host, or not because it did not listen or wants no duplicates; numbers from 0.
    private(set) var count: UInt32 = 0
    /// The numbers that the host was told, as first and last of each unbroken run.
    private(set) var told: [ClosedRange<UInt32>] = []
    private(set) var untold = 0
    let devices: UInt32
    let rate: Double
    /// How many there are in all; nil = no end.
    let limit: UInt32?
    /// When the first was sent.
    private var start: Double?
    /// How many are sent at once at most when the clock has run ahead: more would be a burst that no air holds.
    private static let burst = 64

    init(devices: UInt32, rate: Double, limit: UInt32?) {
        self.devices = devices
        self.rate = rate
        self.limit = limit
    }

    var isOver: Bool { limit.map { count >= $0 } ?? false }

    /// Takes the advertisements that are due. The first is due when the host listens.
    mutating func due(at now: Double, hostListens: Bool) -> [Advertisement] {
        if start == nil, hostListens { start = now }
        guard let start, !isOver else { return [] }
        var next = (now - start) * rate
        // A machine that stood still does not make the rest come faster.
        if next - Double(count) > Double(Self.burst) {
            next = Double(count) + Double(Self.burst)
            self.start = now - next / rate
        }
        let end = min(UInt32(next) &+ 1, limit ?? .max)
        guard count < end else { return [] }
        return (count..<end).map { Advertisement(number: $0, devices: devices) }
    }

    /// What became of the next advertisement.
    mutating func sent(wasTold: Bool) {
        if !wasTold {
            untold += 1
        } else if let last = told.last, last.upperBound &+ 1 == count {
            told[told.count - 1] = last.lowerBound...count
        } else {
            told.append(count...count)
        }
        count += 1
    }

    /// When the next is due; nil when nothing is to come, or nobody has listened yet.
    var nextDue: Double? {
        guard let start, !isOver else { return nil }
        return start + Double(count) / rate
    }
}
