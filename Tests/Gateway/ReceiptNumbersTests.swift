import Foundation
import Testing

@testable import Gateway

@Suite("receipt numbers")
struct ReceiptNumbersTests {
    /// SplitMix64.
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// How a till writes the `count`-th receipt of a day.
    private static let forms: [(name: String, text: @Sendable (_ day: Int, _ count: Int, _ total: Int) -> String)] = [
        ("plain", { _, _, total in "\(1000 + total)" }),
        ("padded and wrapping", { _, _, total in padded((9950 + total) % 10_000, 4) }),
        ("a series and a number", { _, _, total in "T3/\(total + 1)" }),
        ("the year behind", { _, _, total in "\(total + 500)/2026" }),
        ("daily from 1", { _, count, _ in "\(count + 1)" }),
        ("daily from 1, padded", { _, count, _ in padded(count + 1, 3) }),
        ("the day before it", { day, count, _ in "202611\(padded(day + 1, 2))-\(padded(count + 1, 4))" }),
        ("the day in it", { day, count, _ in "11\(padded(day + 1, 2))\(padded(count + 1, 3))" }),
        ("a high base each day", { _, count, _ in "\(7000 + count)" }),
    ]

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    @Test(
        "a till that skips nothing raises no alarm, however it numbers and whenever it starts again", arguments: 0..<12)
    func noFalseAlarm(seed: UInt64) {
        var random = Random(state: seed)
        for form in Self.forms {
            var numbers = ReceiptNumbers()
            var total = 0
            for day in 0..<8 {
                // Also days with a single receipt, and days that sell more than the one before.
                let sales = [1, 3, 40, 120, 400].randomElement(using: &random) ?? 1
                for count in 0..<sales {
                    let number = form.text(day, count, total)
                    total += 1
                    var gaps = numbers.accept(number, date: "2026-11-0\(day + 1)")
                    if Int.random(in: 0..<20, using: &random) == 0 {
                        gaps += numbers.accept(number, date: "2026-11-0\(day + 1)")
                    }
                    #expect(gaps.isEmpty, "\(form.name), day \(day), \(number): \(gaps)")
                }
            }
        }
    }

    @Test("receipts that vanish are reported, as many as there were", arguments: 0..<12)
    func reported(seed: UInt64) {
        for form in Self.forms {
            var numbers = ReceiptNumbers()
            var lost = 0
            var found = 0
            var total = 0
            for day in 0..<4 {
                for count in 0..<120 {
                    total += 1
                    // Not right at a day's beginning or end: what a reset swallows nobody can know.
                    if (30..<110).contains(count), count % 20 < 3, seed % 3 == UInt64(count % 20) % 3 {
                        lost += 1
                        continue
                    }
                    let gaps = numbers.accept(form.text(day, count, total - 1), date: "2026-11-0\(day + 1)")
                    found += gaps.reduce(0) { $0 + $1.missing }
                }
            }
            #expect(lost > 0 && found == lost, "\(form.name): lost \(lost), found \(found)")
        }
    }

    @Test("numbers that a damaged line made, unread ones and late ones are no gaps", arguments: 0..<12)
    func damaged(seed: UInt64) {
        var random = Random(state: seed &+ 200)
        var numbers = ReceiptNumbers()
        var late: Int?
        for count in 0..<2000 {
            var gaps: [NumberGap] = []
            switch Int.random(in: 0..<60, using: &random) {
            case 0 where count > 20:
                gaps = numbers.accept("\(Int.random(in: 1...99_999, using: &random))", date: "2026-11-01")
            case 1 where count > 20: numbers.noteUnread()
            case 2 where late == nil && count > 20: late = count
            default: gaps = numbers.accept("\(10_000 + count)", date: "2026-11-01")
            }
            if let waiting = late, waiting < count {
                gaps += numbers.accept("\(10_000 + waiting)", date: "2026-11-01")
                late = nil
            }
            #expect(gaps.isEmpty, "\(count): \(gaps)")
        }
    }

    @Test("two counters on one till are two counters")
    func series() {
        var numbers = ReceiptNumbers()
        var gaps: [NumberGap] = []
        for count in 0..<200 {
            gaps += numbers.accept("\(100 + count)", date: "2026-11-01")
            if count % 7 < 3 { gaps += numbers.accept("\(600 + count / 7 * 3 + count % 7)", date: "2026-11-01") }
            if count % 5 == 0 { gaps += numbers.accept("R-\(count / 5)", date: "2026-11-01") }
        }
        #expect(gaps.isEmpty, "\(gaps)")
    }

    @Test("a number that all tills share never becomes an alarm")
    func shared() {
        var random = Random(state: 1)
        var numbers = ReceiptNumbers()
        var value = 1000
        for _ in 0..<500 {
            value += Int.random(in: 1...4, using: &random)
            #expect(numbers.accept("\(value)", date: "2026-11-01").isEmpty)
        }
    }

    @Test("a gap names the numbers around it; a counter that goes around is no reset")
    func gap() {
        var numbers = ReceiptNumbers()
        for value in 1...9 { #expect(numbers.accept("B-00\(value)", date: "2026-11-01").isEmpty) }
        #expect(numbers.accept("B-013", date: "2026-11-01").isEmpty)
        #expect(
            numbers.accept("B-014", date: "2026-11-01") == [NumberGap(after: "B-009", before: "B-013", missing: 3)])
        var wrapping = ReceiptNumbers()
        for value in 980...996 { _ = wrapping.accept("0\(value)".suffix(3).description, date: "2026-11-01") }
        _ = wrapping.accept("001", date: "2026-11-01")
        #expect(wrapping.accept("002", date: "2026-11-01").isEmpty, "never seen with zeros before: it may be a reset")
    }

    @Test("what was learned survives a restart")
    func stored() throws {
        var numbers = ReceiptNumbers()
        for value in 1...9 { _ = numbers.accept("\(value)", date: "2026-11-01") }
        var restored = try JSONDecoder().decode(ReceiptNumbers.self, from: JSONEncoder().encode(numbers))
        _ = restored.accept("12", date: "2026-11-01")
        #expect(restored.accept("13", date: "2026-11-01").first?.missing == 2)
    }
}
