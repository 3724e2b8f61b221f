/// Sequences travel as 20 decimal digits, so that they also sort as text (CloudEvents sequence extension).
package enum SequenceText {
    /// 20 digits, zero filled; 20 digits hold every `UInt64`.
    package static func text(_ sequence: UInt64) -> String {
        let digits = String(sequence)
        return String(repeating: "0", count: 20 - digits.utf8.count) + digits
    }

    /// The number in exactly 20 digits, or nil.
    package static func number(_ text: some StringProtocol) -> UInt64? {
        guard text.utf8.count == 20, isDigits(text) else { return nil }
        return UInt64(text)
    }

    /// The number in 1 to 20 digits, or nil. `UInt64.init` alone would take a sign.
    package static func lenientNumber(_ text: some StringProtocol) -> UInt64? {
        guard (1...20).contains(text.utf8.count), isDigits(text) else { return nil }
        return UInt64(text)
    }

    private static func isDigits(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
