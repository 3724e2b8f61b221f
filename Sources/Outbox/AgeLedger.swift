/// How old events are for certain, whatever the wall clock did meanwhile.
///
/// A mark says which sequences existed at a moment, on both clocks. Between two marks of one boot the monotonic clock
/// tells the time that passed; between boots the wall clock does, when it was synchronised at both. Where neither can be
/// believed nothing is counted, so the age is a lower bound: an event is never evicted too early, and as soon as a later
/// event is certainly too old, so is every one before it.
struct AgeLedger: Sendable {
    struct Mark: Hashable, Sendable {
        /// Everything up to here had been accepted.
        var sequence: UInt64
        var bootID: String
        var monotonicNanoseconds: Int64
        var wallNanoseconds: Int64
        var isSynchronised: Bool
    }

    /// One mark an hour: the age is exact to the hour, and 62 days take 1,500 rows.
    static let spacing: Int64 = 3_600 * 1_000_000_000

    /// By rising sequence.
    private(set) var marks: [Mark] = []

    /// The mark that is due when `sequence` is accepted; nil while the last one is fresh.
    func due(_ sequence: UInt64, at stamp: EventStamp) -> Mark? {
        let mark = Mark(sequence: sequence, stamp)
        guard let last = marks.last else { return mark }
        let isDue =
            last.bootID != mark.bootID || last.isSynchronised != mark.isSynchronised
            || Self.passed(from: last, to: mark) >= Self.spacing
        return isDue ? mark : nil
    }

    mutating func add(_ mark: Mark) { marks.append(mark) }

    /// The first mark that is still of use when everything through `sequence` is gone: the last one before what is left
    /// bounds how old that can be.
    func firstNeeded(after sequence: UInt64) -> UInt64 { marks.last { $0.sequence <= sequence }?.sequence ?? 0 }

    mutating func forget(before sequence: UInt64) { marks.removeAll { $0.sequence < sequence } }

    /// The last sequence that is certainly at least so old; 0 when none is.
    func lastSequence(olderThan nanoseconds: Int64, at stamp: EventStamp) -> UInt64 {
        ages(at: stamp).lastIndex { $0 > nanoseconds }.map { marks[$0].sequence } ?? 0
    }

    /// How old the event is at least, and at most where that can be told, in nanoseconds.
    func age(of sequence: UInt64, at stamp: EventStamp) -> (least: Int64, most: Int64?) {
        let ages = ages(at: stamp)
        let next = marks.firstIndex { $0.sequence >= sequence }
        let previous = (next ?? marks.endIndex) - 1
        var most: Int64?
        if marks.indices.contains(previous) {
            if isOneBoot(from: previous, at: stamp) { most = ages[previous] }
        } else if next == 0, isOneBoot(from: 0, at: stamp) {
            // Nothing is older than the first mark, which was made with the first event.
            most = ages[0]
        }
        return (next.map { ages[$0] } ?? 0, most)
    }

    private func isOneBoot(from index: Int, at stamp: EventStamp) -> Bool {
        marks[index...].allSatisfy { $0.bootID == stamp.bootID }
    }

    private func ages(at stamp: EventStamp) -> [Int64] {
        var ages = [Int64](repeating: 0, count: marks.count)
        var next = Mark(sequence: .max, stamp)
        var age: Int64 = 0
        for index in marks.indices.reversed() {
            let mark = marks[index]
            age = Self.sum(age, Self.passed(from: mark, to: next))
            if mark.isSynchronised, stamp.wallIsTrusted, mark.bootID != stamp.bootID {
                age = max(age, Self.difference(stamp.wallNanoseconds, mark.wallNanoseconds))
            }
            ages[index] = age
            next = mark
        }
        return ages
    }

    /// At least so long passed; never negative.
    private static func passed(from earlier: Mark, to later: Mark) -> Int64 {
        if earlier.bootID == later.bootID {
            return max(0, difference(later.monotonicNanoseconds, earlier.monotonicNanoseconds))
        }
        guard earlier.isSynchronised, later.isSynchronised else { return 0 }
        return max(0, difference(later.wallNanoseconds, earlier.wallNanoseconds))
    }

    private static func difference(_ later: Int64, _ earlier: Int64) -> Int64 {
        let (value, overflow) = later.subtractingReportingOverflow(earlier)
        return overflow ? 0 : value
    }

    private static func sum(_ one: Int64, _ other: Int64) -> Int64 {
        let (value, overflow) = one.addingReportingOverflow(other)
        return overflow ? .max : value
    }
}

extension AgeLedger.Mark {
    init(sequence: UInt64, _ stamp: EventStamp) {
        self.init(
            sequence: sequence, bootID: stamp.bootID, monotonicNanoseconds: stamp.monotonicNanoseconds,
            wallNanoseconds: stamp.wallNanoseconds, isSynchronised: stamp.wallIsTrusted)
    }
}
