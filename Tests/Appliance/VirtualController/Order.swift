/// A line on standard input.
enum Order: Equatable {
    /// `play DEVICES RATE [COUNT]`: advertisements from when the host first listens.
    case play(devices: UInt32, rate: Double, count: UInt32?)
    /// `silence`: no more advertisements.
    case silence
    /// `malformed RATE`: so many events a second that break off; 0 = none.
    case malformed(rate: Double)
    /// `empty RATE`: so many advertisements a second without any data, as some controllers give that have hung; 0 = none.
    case empty(rate: Double)
    /// `mute` and `unmute`: answers no command and reports nothing.
    case mute(Bool)
    /// `hardware-error CODE`
    case hardwareError(code: UInt8)
    /// `unplug` and `plug`: the adapter leaves the kernel, and comes back reset.
    case plugged(Bool)
    /// `status`: only the answer.
    case status

    /// Nil for anything else.
    init?(_ line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard let name = words.first else { return nil }
        let numbers = words.dropFirst().map { Double($0) }
        guard numbers.allSatisfy({ $0.map { $0 >= 0 && $0 <= 10_000_000 } ?? false }) else { return nil }
        let values = numbers.compactMap { $0 }
        switch (name, values.count) {
        case ("play", 2...3) where values[0] >= 1 && values[1] > 0:
            self = .play(
                devices: UInt32(values[0]), rate: values[1], count: values.count > 2 ? UInt32(values[2]) : nil)
        case ("silence", 0): self = .silence
        case ("malformed", 1): self = .malformed(rate: values[0])
        case ("empty", 1): self = .empty(rate: values[0])
        case ("mute", 0): self = .mute(true)
        case ("unmute", 0): self = .mute(false)
        case ("hardware-error", 1) where values[0] <= 255: self = .hardwareError(code: UInt8(values[0]))
        case ("unplug", 0): self = .plugged(false)
        case ("plug", 0): self = .plugged(true)
        case ("status", 0): self = .status
        default: return nil
        }
    }
}
