/// An order of any size, portion by portion: between two of them the queue takes what the shop captures, and what was done
/// stays done when the next one fails.
///
/// Asks for nothing by itself: hand ``next`` to the queue, or to its daemon, and what comes back to ``add(_:)``.
package struct QuarantineRun: Sendable {
    /// Numbers in one portion.
    static let portion = 1_000
    /// So many of ``missing`` and ``unreadable`` are kept.
    private static let named = 20

    /// Numbers out of the ordinary: the first ones, and how many there are.
    package struct Numbers: Hashable, Sendable {
        package private(set) var first: [Int64] = []
        package private(set) var count = 0

        mutating func add(_ numbers: [Int64]) {
            count += numbers.count
            first += numbers.prefix(max(0, named - first.count))
        }
    }

    /// Events that were retried or dropped.
    package private(set) var done = 0
    /// The new sequence of the first event that was retried.
    package private(set) var firstSequence: UInt64?
    /// Not in quarantine.
    package private(set) var missing = Numbers()
    /// No events any more.
    package private(set) var unreadable = Numbers()
    /// The portion to carry out now; nil when all is done.
    package private(set) var next: QuarantineOrder?
    private var rest: ArraySlice<Int64>?

    /// Numbers that are given twice count once.
    package init(_ order: QuarantineOrder) {
        var seen: Set<Int64> = []
        rest = order.numbers?.filter { seen.insert($0).inserted }[...]
        next = order
        if let rest { next?.numbers = Array(rest.prefix(Self.portion)) }
        if rest?.isEmpty == true { next = nil }
    }

    package mutating func add(_ outcome: QuarantineOutcome) {
        done += outcome.done.count
        firstSequence = firstSequence ?? outcome.sequences.first
        missing.add(outcome.missing)
        unreadable.add(outcome.unreadable)
        guard let order = next, outcome.handled > 0 else {
            next = nil
            return
        }
        if let left = rest?.dropFirst(outcome.handled) {
            rest = left
            next?.numbers = Array(left.prefix(Self.portion))
            if left.isEmpty { next = nil }
        } else {
            // What is refused while it is carried out is not meant.
            let end = min(order.through, outcome.highest)
            next?.through = end
            next?.above = outcome.last
            if outcome.last >= end { next = nil }
        }
    }
}
