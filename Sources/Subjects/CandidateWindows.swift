/// The stretch of wall time for which a table is built, and the quanta of a scheme that may be heard in it.
///
/// A token of quantum q may be heard during q and one quantum before and after it (clocks that differ, late rotation):
/// seen from a time in quantum q, the previous, the current and the next quantum count.
struct CandidateWindows {
    /// Unix seconds.
    let first: Int64
    let last: Int64

    init(at time: UnixTime, horizon: Duration) {
        first = time.wholeSeconds
        last = (time + horizon).wholeSeconds
    }

    /// The quanta of `length` seconds, counted from `origin` (unix seconds), among `available`; nil when there is none.
    func quanta(
        length: Int64, origin: Int64, available: ClosedRange<Int64>
    ) -> ClosedRange<Int64>? {
        let (start, overflow) = first.subtractingReportingOverflow(origin)
        let (end, overflowed) = last.subtractingReportingOverflow(origin)
        // No key is good for 2^40 s; beyond, the sums below could overflow.
        guard !overflow, !overflowed, start.magnitude < 1 << 40, end.magnitude < 1 << 40 else { return nil }
        let low = max(start.flooredQuotient(length) - 1, available.lowerBound)
        let high = min(end.flooredQuotient(length) + 1, available.upperBound)
        return low <= high ? low...high : nil
    }

    /// When the token of this quantum resolves: unix seconds, the first included, the last not.
    static func validity(quantum: Int64, length: Int64, origin: Int64) -> (from: UInt32, until: UInt32) {
        let start = origin + quantum * length
        return (UInt32(clamping: start - length), UInt32(clamping: start + 2 * length))
    }
}
