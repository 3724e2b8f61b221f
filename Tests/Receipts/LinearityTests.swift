import Testing

@testable import Receipts

#if DEBUG
    @Suite("reading a document costs what it is long")
    struct LinearityTests {
        /// Steps to read what was printed, and the documents that it made.
        private static func read(_ bytes: [UInt8]) throws -> (steps: Int, documents: [Document]) {
            let steps = ReadingSteps()
            let documents = try ReadingSteps.$counted.withValue(steps) {
                try ReceiptDecoder.documents(inCapture: bytes, configuration: Print.configuration())
            }
            return (steps.value, documents)
        }

        /// Every kind of line that a reader looks for, with numbers of cards and columns of digits among them.
        private static func lines(_ count: Int) -> String {
            let kinds = [
                "4006381333931 2 x 3,50        7,00 A", "Subtotal                      7,00",
                "TOTAL                         7,00", "VISA 4111 1111 1111 1112", "21.11.2026 14:32  Bon 00123",
                "12345678901234567890", "1234 5678 9012 3456 7890 1234 5678 9012", "Card 12345678  41",
                "6335001234567890",
                "Coupon ABC-123  -1,00", "Tel. 030 1234567", "MwSt 19 %   1,12",
                "7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7",
            ]
            return (0..<count).map { kinds[$0 % kinds.count] }.joined(separator: "\n")
        }

        @Test("twice the lines take at most twice the steps")
        func lines() throws {
            let once = try Self.read(Print.receipt(Self.lines(520)))
            let twice = try Self.read(Print.receipt(Self.lines(1040)))
            #expect(once.documents.count == 1 && twice.documents.count == 1)
            #expect(once.documents.first?.lines.count == 520 && twice.documents.first?.lines.count == 1040)
            print("FIGURE steps for 520 and 1040 lines: \(once.steps), \(twice.steps)")
            #expect(once.steps > 520)
            #expect(Double(twice.steps) < 2.1 * Double(once.steps))
        }

        @Test(
            "twice as long a line without an end takes at most twice the steps",
            arguments: ["4", "4111 ", "12 1234567 x ", "TOTAL 3,50 VISA ", "a@", "Tel 030 ", "*"])
        func line(unit: String) throws {
            func line(_ bytes: Int) -> [UInt8] {
                Print.receipt(String(repeating: unit, count: bytes / unit.utf8.count))
            }
            let once = try Self.read(line(40_000))
            let twice = try Self.read(line(80_000))
            // It is broken where no paper is as wide; a masked address may be longer than it was.
            let limit = 4 * LineAssembler.lineLimit
            #expect(twice.documents.flatMap(\.lines).allSatisfy { $0.utf8.count <= limit })
            print("FIGURE steps for a line of 40 and 80 kB of \(unit): \(once.steps), \(twice.steps)")
            #expect(once.steps > 0)
            #expect(Double(twice.steps) < 2.1 * Double(once.steps))
        }
    }
#endif
