import Subjects
import Testing

@testable import Visits

@Suite("Levels and deadlines")
struct LevelTests {
    @Test("an average of 2 s has gone 63 % of the way after 2 s, at any rate", arguments: [0.01, 0.1, 1, 2])
    func timeConstant(interval: Double) {
        let smoothing: Int64 = 2_000_000_000
        var level = ReceiverLevel()
        level.hear(-80, at: 0, smoothing: smoothing)
        #expect(level.level == -80)
        for step in 1...Int((2 / interval).rounded()) {
            level.hear(-60, at: Int64(Double(step) * interval * 1e9), smoothing: smoothing)
        }
        #expect(abs(level.level - -67.3576) < 0.001)
    }

    @Test("the interval is the median of what was heard, and one advertisement at several receivers counts once")
    func interval() {
        var window = IntervalWindow()
        let second: Int64 = 1_000_000_000
        for step in 0..<40 {
            // Every seventh advertisement is lost; three receivers report each within 2 ms.
            for delay in [0, 1_000_000, 2_000_000] as [Int64] where step % 7 != 3 {
                window.heard(at: Int64(step) * 5 * second + delay, limit: 900 * second)
            }
        }
        #expect(window.median == 5 * second)
        #expect(VisitLimits(.standard).gap(median: window.median) == 30 * second)
        #expect(VisitLimits(.standard).gap(median: 10 * second) == 60 * second)
        #expect(VisitLimits(.standard).gap(median: 600 * second) == 900 * second)
        #expect(VisitLimits(.standard).gap(median: 0) == 30 * second)
    }

    @Test("deadlines come out in their order, equal ones in the order of the subjects", arguments: 1...4)
    func heap(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var heap = DeadlineHeap()
        var expected: [(Int64, SubjectID)] = []
        for slot in 0..<300 {
            let entry = DeadlineHeap.Entry(
                deadline: Int64(random.next() % 50), subject: SubjectID("p\(random.next() % 1000)"), slot: slot)
            heap.push(entry)
            expected.append((entry.deadline, entry.subject))
        }
        expected.sort { $0 < $1 }
        for (deadline, subject) in expected {
            let entry = heap.popFirst()
            #expect(entry?.deadline == deadline && entry?.subject == subject)
        }
        #expect(heap.popFirst() == nil && heap.count == 0)
    }
}
