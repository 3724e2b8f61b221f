/// Receipt numbers that are missing between two that were printed.
struct NumberGap: Sendable, Hashable {
    /// The last number before the gap, as printed.
    var after: String
    /// The first number behind it.
    var before: String
    var missing: Int
}

/// One counter of receipt numbers: what stands around the counting digits is always the same.
///
/// A number is believed when the next one confirms it: one that a damaged line made, or one that comes late, raises no alarm.
struct NumberTrack: Codable, Sendable, Hashable {
    struct Point: Codable, Sendable, Hashable {
        var value: UInt64
        /// As printed.
        var text: String
        /// Business date, `YYYY-MM-DD`.
        var date: String
    }

    /// The number with `#` for the counting digits.
    let key: String
    /// The number with `#` for every run of digits.
    let skeleton: String
    private(set) var last: Point
    /// Digits of the counter, and whether it is filled up with zeros.
    private var width: Int
    private var padded: Bool
    /// Steps of one, and others: a counter that the whole store shares never becomes reliable.
    var ones: Int
    var others: Int
    /// Receipts whose number could not be read since ``last``: they may be the missing ones.
    private var strays = 0
    /// Numbers in order since the last of them.
    private var calm = 0
    private var candidate: Point?
    /// When it was last used, in receipts of the till.
    var touched = 0
    /// The number from which this track jumped away, while it is open whether that was a gap or another counter.
    var origin: Point?
    private var sinceOrigin = 0

    /// More than this between two numbers is a new numbering, no gap: a till prints at most about so many a day.
    static let largestGap: UInt64 = 999
    /// A jump this small is judged as soon as the next number confirms it; a larger one may be another counter.
    private static let smallJump: UInt64 = 20
    /// Receipts after which a large jump counts as a gap, when the old counter has not gone on.
    private static let patience = 10
    /// Steps of one before a gap is believed.
    private static let learned = 5

    init(key: String, skeleton: String, first: Point, digits: String, ones: Int = 0, others: Int = 0) {
        self.key = key
        self.skeleton = skeleton
        last = first
        width = digits.utf8.count
        padded = digits.hasPrefix("0")
        self.ones = ones
        self.others = others
    }

    /// The result of one more number.
    enum Step: Sendable, Hashable {
        case none
        case gap(NumberGap)
        /// The numbers go on from here on a track of their own.
        case jump(from: Point, to: Point)
    }

    private var limit: UInt64 { (0..<min(width, 18)).reduce(1) { value, _ in value * 10 } - 1 }

    /// Whether `value` is the next number, or the last one again.
    func continues(with value: UInt64) -> Bool {
        value == last.value || value == last.value &+ 1 || (padded && last.value == limit && value <= 1)
    }

    mutating func accept(_ point: Point, digits: String) -> Step {
        if point.value == last.value { return .none }
        if continues(with: point.value) {
            advance(to: point, digits: digits)
            count(one: true)
            settle()
            settleCandidate()
            return ripen()
        }
        guard let earlier = candidate, earlier.value != point.value else {
            candidate = point
            return .none
        }
        guard follows(earlier, point) else {
            // What was seen before belongs nowhere: it was misread, so that it may be one of the missing.
            noteUnread()
            candidate = point
            return .none
        }
        candidate = nil
        let forward = earlier.value > last.value
        if forward, earlier.value - last.value > Self.smallJump { return .jump(from: last, to: earlier) }
        let gap = gap(to: earlier)
        if forward {
            count(one: false)
            strays = max(0, strays - Int(earlier.value - last.value - 1))
        }
        advance(to: earlier, digits: String(earlier.value))
        let next = accept(point, digits: digits)
        return gap.map { .gap($0) } ?? next
    }

    /// A receipt came whose number could not be read.
    mutating func noteUnread() {
        strays += 1
        calm = 0
    }

    /// What could not be read explains a gap only near to it: numbers may come in another order, but not for long.
    private mutating func settle() {
        calm += 1
        if calm >= 3 { strays = 0 }
    }

    /// What is missing between the last number and `point`; nil when that is nothing, or nothing sure.
    func gap(to point: Point) -> NumberGap? { Self.isReliable(ones, others) ? gap(from: last, to: point) : nil }

    /// The gap of a jump that has become sure.
    private mutating func ripen() -> Step {
        guard let origin else { return .none }
        sinceOrigin += 1
        guard sinceOrigin >= Self.patience else { return .none }
        self.origin = nil
        guard Self.isReliable(ones, others), let before = firstAfterJump else { return .none }
        return gap(from: origin, to: before).map { .gap($0) } ?? .none
    }

    private var firstAfterJump: Point?

    /// The track that begins where this one jumped to.
    func jumped(to point: Point) -> NumberTrack {
        var track = self
        track.origin = last
        track.firstAfterJump = point
        track.sinceOrigin = 0
        track.advance(to: point, digits: String(point.value))
        track.candidate = nil
        return track
    }

    private func gap(from: Point, to point: Point) -> NumberGap? {
        let missing: UInt64
        if point.value > from.value {
            missing = point.value - from.value - 1
            // A new day whose numbers begin with the day: the leading digits rose, the count fell.
            let newDay = point.date != from.date && point.value / 1000 != from.value / 1000
            if newDay, point.value % 1000 <= from.value % 1000 { return nil }
        } else {
            // The counter went around; anything else is a reset, and says nothing about what was not printed.
            guard padded, width >= 3, point.date == from.date, limit - from.value <= 50, point.value <= 50 else {
                return nil
            }
            missing = limit - from.value + (point.value == 0 ? 0 : point.value - 1)
        }
        guard missing > UInt64(strays), missing <= Self.largestGap else { return nil }
        return NumberGap(after: from.text, before: point.text, missing: Int(missing) - strays)
    }

    private func follows(_ earlier: Point, _ later: Point) -> Bool {
        // A late number does not make a new beginning when the numbers then go on.
        if earlier.value < last.value, later.value > last.value { return false }
        return later.value > earlier.value && later.value - earlier.value <= Self.smallJump
    }

    private mutating func advance(to point: Point, digits: String) {
        last = point
        padded = padded || digits.hasPrefix("0")
        width = padded ? max(width, digits.utf8.count) : digits.utf8.count
    }

    /// What came early may now be next.
    private mutating func settleCandidate() {
        guard let waiting = candidate else { return }
        if waiting.value == last.value &+ 1 {
            last = waiting
            count(one: true)
            candidate = nil
        } else if waiting.value <= last.value || waiting.value - last.value > Self.smallJump {
            noteUnread()
            candidate = nil
        }
    }

    private mutating func count(one: Bool) {
        if one { ones += 1 } else { others += 1 }
        if ones + others > 200 { (ones, others) = (ones / 2, others / 2) }
    }

    private static func isReliable(_ ones: Int, _ others: Int) -> Bool { ones >= learned && ones >= 4 * others }
}
