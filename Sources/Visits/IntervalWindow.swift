/// The last 15 times between advertisements of one phone, and their median.
///
/// The median, because lost packets and short absences make a few intervals long. Several receivers that hear one
/// advertisement within 50 ms count as one.
struct IntervalWindow: Hashable, Codable, Sendable {
    private static let capacity = 15
    /// Nanoseconds within which receivers report one advertisement.
    static let burst: Int64 = 50_000_000

    private var values: [Int64] = []
    private var next = 0
    private var burstAt: Int64?
    private var burstBefore: Int64?
    /// Nanoseconds; 0 = unknown.
    private(set) var median: Int64 = 0

    private enum CodingKeys: String, CodingKey {
        case values = "v"
        case next = "n"
        case burstAt = "b"
        case burstBefore = "p"
        case median = "m"
    }

    /// - Parameter limit: a longer silence is an absence and says nothing of the phone's interval.
    mutating func heard(at now: Int64, limit: Int64) {
        guard let last = burstAt else {
            burstAt = now
            return
        }
        let interval = now - last
        guard interval >= Self.burst else { return }
        burstBefore = last
        burstAt = now
        guard interval <= limit else { return }
        if values.count < Self.capacity {
            values.append(interval)
        } else {
            // A restored window may hold anything: stay inside it.
            next = (next < 0 || next >= values.count) ? 0 : next
            values[next] = interval
            next = (next + 1) % Self.capacity
        }
        median = Self.median(of: values)
    }

    /// Nanoseconds from the advertisement before the newest one to `now`; nil = there was none.
    func unseen(before now: Int64) -> Int64? { burstBefore.map { now - $0 } }

    mutating func shift(by nanoseconds: Int64, notAfter limit: Int64) {
        burstAt = burstAt.map { min(limit, $0.saturatingAdd(nanoseconds)) }
        burstBefore = burstBefore.map { min(limit, $0.saturatingAdd(nanoseconds)) }
        if values.count > Self.capacity { values.removeSubrange(Self.capacity...) }
    }

    /// The lower median, without allocating: it runs for every advertisement.
    private static func median(of values: [Int64]) -> Int64 {
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: capacity) { sorted in
            var count = 0
            for value in values {
                var place = count
                while place > 0, sorted[place - 1] > value {
                    sorted[place] = sorted[place - 1]
                    place -= 1
                }
                sorted[place] = value
                count += 1
            }
            return count == 0 ? 0 : sorted[(count - 1) / 2]
        }
    }
}
