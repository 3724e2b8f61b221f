/// Something that happens so many times a second.
struct Pulse {
    let rate: Double
    let start: Double
    private var count = 0.0

    init(rate: Double, start: Double) {
        self.rate = rate
        self.start = start
    }

    var nextDue: Double { start + count / rate }

    /// Takes how often it is due now: 64 times at most, the rest is left out.
    mutating func due(at now: Double) -> Int {
        let next = ((now - start) * rate).rounded(.down)
        guard next > count else { return 0 }
        let times = min(64, Int(next - count))
        count = next
        return times
    }
}
