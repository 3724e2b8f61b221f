import POSFeed

/// A serial wire in time, bit by bit: a sender with its setting and its clock's error puts levels on it, a receiver with
/// another setting samples them as a UART does.
struct SimulatedUART {
    /// Seconds at which the level changes; before the first it is high (idle).
    private(set) var edges: [Double] = []
    private(set) var end = 0.0

    /// Puts bytes on the wire, back to back, after `gap` seconds of idle line.
    mutating func send(_ bytes: [UInt8], _ settings: LineSettings, clockError: Double = 0, gap: Double) {
        let bit = (1 + clockError) / Double(settings.baud)
        var time = end + gap
        var level = true
        for byte in bytes {
            var bits = [false]
            for index in 0..<settings.dataBits { bits.append(byte >> UInt8(index) & 1 == 1) }
            let ones = bits.dropFirst().count { $0 }
            switch settings.parity {
            case .none: break
            case .even: bits.append(ones % 2 == 1)
            case .odd: bits.append(ones % 2 == 0)
            case .mark: bits.append(true)
            case .space: bits.append(false)
            }
            bits += [Bool](repeating: true, count: settings.stopBits)
            for value in bits {
                if value != level {
                    edges.append(time)
                    level = value
                }
                time += bit
            }
        }
        end = time
    }

    struct Received {
        var at: Double
        var byte: UInt8
        var framing: Bool
        var parity: Bool
    }

    /// A receiver at one setting from some time on.
    struct Receiver {
        let wire: SimulatedUART
        let settings: LineSettings
        /// After a missing stop bit the 16550 takes the low level for the next start bit; others wait for the line to rise.
        let restartsAtOnce: Bool
        /// Probability that a sampled bit is read wrong.
        let noise: Double
        private var time: Double
        private var index = 0
        private var startsHere = false

        init(_ wire: SimulatedUART, _ settings: LineSettings, from time: Double, restartsAtOnce: Bool, noise: Double) {
            self.wire = wire
            self.settings = settings
            self.restartsAtOnce = restartsAtOnce
            self.noise = noise
            self.time = time
        }

        /// The next byte, nil when the wire is silent for ever.
        mutating func next(_ random: inout SplitMix) -> Received? {
            let bit = 1 / Double(settings.baud)
            while true {
                var start = time
                if !startsHere {
                    // Falling edges have even indices.
                    while index < wire.edges.count, wire.edges[index] < time || index % 2 == 1 { index += 1 }
                    guard index < wire.edges.count else { return nil }
                    start = wire.edges[index]
                }
                startsHere = false
                guard !sample(start + 0.5 * bit, &random) else {
                    // A spike and no start bit.
                    time = start + 0.5 * bit
                    continue
                }
                var byte: UInt8 = 0
                var at = start + 1.5 * bit
                for number in 0..<settings.dataBits {
                    if sample(at, &random) { byte |= 1 << UInt8(number) }
                    at += bit
                }
                var parityError = false
                if settings.parity != .none {
                    let value = sample(at, &random)
                    let even = byte.nonzeroBitCount % 2 == 1
                    parityError = value != (settings.parity == .even ? even : !even)
                    at += bit
                }
                let stop = sample(at, &random)
                time = at
                if !stop, restartsAtOnce, byte != 0 {
                    time = at - 0.5 * bit
                    startsHere = true
                }
                return Received(at: at, byte: byte, framing: !stop, parity: parityError)
            }
        }

        private mutating func sample(_ at: Double, _ random: inout SplitMix) -> Bool {
            // Edges before `at` decide the level; the search begins near the last one.
            var low = 0
            var high = wire.edges.count
            while low < high {
                let middle = (low + high) / 2
                if wire.edges[middle] <= at { low = middle + 1 } else { high = middle }
            }
            let level = low % 2 == 0
            return noise > 0 && Double.random(in: 0..<1, using: &random) < noise ? !level : level
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): a seeded generator, so that a failing case can be run again.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
