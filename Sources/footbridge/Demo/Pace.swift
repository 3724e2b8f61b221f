import Glibc

/// The simulated time of the demonstration: `start` + (wall clock - `real`) x `rate`, the same formula as the daemon's.
struct Pace {
    /// Unix seconds.
    let start: Double
    let real: Double
    let rate: Double

    /// The wall clock, Unix seconds.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Unix seconds of the simulated clock.
    func simulated(at now: Double = Pace.now()) -> Double { start + (now - real) * rate }

    /// Real seconds until the simulated clock shows `time`; negative when it has passed.
    func wait(until time: Double, now: Double = Pace.now()) -> Double { (time - simulated(at: now)) / rate }

    /// The value of `--clock-origin`.
    var origin: String { "\(Self.text(start))@\(Self.text(real))" }

    private static func text(_ seconds: Double) -> String {
        let micro = Int64((seconds * 1e6).rounded())
        return "\(micro / 1_000_000)." + String(String(1_000_000 + micro % 1_000_000).dropFirst())
    }
}
