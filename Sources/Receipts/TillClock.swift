/// How far a till's printed time lies from the box's clock: the median over its last receipts.
///
/// Tills are set by hand and drift; the median forgets a receipt that waited in a queue, and follows a change of the clock
/// (summer time, a new till) within half its window.
package struct TillClock: Sendable, Hashable, Codable {
    /// Receipts that are remembered.
    package static let window = 50
    /// A printed time further away than this is another day's, or misread.
    package static let limit: Int64 = 14 * 3600

    /// Seconds, printed minus captured, oldest first.
    package private(set) var offsets: [Int64] = []

    package init() {}

    package init(from decoder: any Decoder) throws {
        offsets = Array(try decoder.singleValueContainer().decode([Int64].self).suffix(TillClock.window))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(offsets)
    }

    /// Takes one receipt: the printed time as an instant, and when its first byte came, both in seconds since 1970.
    /// False when they are too far apart to be of one receipt; then nothing is remembered.
    @discardableResult
    package mutating func observe(printed: Int64, captured: Int64) -> Bool {
        let (offset, overflow) = printed.subtractingReportingOverflow(captured)
        guard !overflow, offset.magnitude <= UInt64(TillClock.limit) else { return false }
        if offsets.count >= TillClock.window { offsets.removeFirst() }
        offsets.append(offset)
        return true
    }

    /// Takes one receipt by its printed local time `YYYY-MM-DDTHH:MM:SS`; `zoneOffset` is the store's offset from UTC in
    /// seconds when it was captured. False when the time cannot be read or is too far away.
    @discardableResult
    package mutating func observe(issuedAt: String, zoneOffset: Int, captured: Int64) -> Bool {
        guard let printed = PrintedTime(iso: issuedAt), printed.second != nil else { return false }
        return observe(printed: printed.secondsAsUTC - Int64(zoneOffset), captured: captured)
    }

    /// The median in seconds, positive when the till is ahead; nil before three receipts.
    package var offset: Int64? { median(offsets) }

    /// The median distance from the median in seconds: how sharp the offset is.
    package var spread: Int64? {
        guard let offset else { return nil }
        return median(offsets.map { abs($0 - offset) })
    }

    private func median(_ values: [Int64]) -> Int64? {
        guard values.count >= 3 else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
