import Glibc

/// What a piece of work took of this process.
struct Cost {
    /// Seconds.
    var wall: Double
    var processor: Double
    /// Bytes that were sent to the disk (`write_bytes` of proc(5)).
    var written: Int64

    static func of(_ work: () throws -> Void) rethrows -> Cost {
        let start = (ContinuousClock.now, processorSeconds(), writtenBytes())
        try work()
        return Cost(
            wall: (ContinuousClock.now - start.0) / .seconds(1), processor: processorSeconds() - start.1,
            written: writtenBytes() - start.2)
    }

    private static func processorSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        return Double(seconds) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1_000_000
    }

    private static func writtenBytes() -> Int64 {
        guard let file = fopen("/proc/self/io", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if text.hasPrefix("write_bytes: ") {
                return Int64(text.dropFirst(13).prefix { $0.isNumber }) ?? 0
            }
        }
        return 0
    }
}
