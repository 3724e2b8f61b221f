import Foundation

/// A regular expression with what a line must have for it to match, so that few lines meet the expression itself.
struct LinePattern: Sendable {
    let expression: NSRegularExpression
    private let needs: PatternNeeds

    /// Nil for what is no regular expression (ICU syntax). Letter case is ignored unless said otherwise.
    init?(_ pattern: String, caseSensitive: Bool = false) {
        guard
            let expression = try? NSRegularExpression(
                pattern: pattern, options: caseSensitive ? [] : [.caseInsensitive])
        else { return nil }
        self.expression = expression
        needs = PatternNeeds(pattern)
    }

    /// False only when the expression cannot match the line.
    func mayMatch(_ line: ReadLine) -> Bool {
        ReadingSteps.step()
        return needs.areMet(by: line.signature)
    }

    /// True when the expression is found anywhere in the line.
    func matches(_ line: ReadLine) -> Bool { mayMatch(line) && expression.matches(line.text) }

    /// The range of the first capture group of the first match, or of the match when there is no group.
    func value(in line: ReadLine) -> Range<String.Index>? { mayMatch(line) ? expression.value(in: line.text) : nil }
}
