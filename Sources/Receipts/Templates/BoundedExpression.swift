import Foundation

/// A regular expression of a template, searched with a bound: a pattern that backtracks without end on some line gives up
/// and has not matched.
struct BoundedExpression: Sendable {
    /// ICU reports progress every 10,000 steps of its matcher (`TIMER_INITIAL_VALUE` in rematch.cpp); a line of a receipt
    /// takes a few hundred.
    private static let reports = 20

    private let pattern: LinePattern

    init?(_ pattern: String) {
        guard let pattern = LinePattern(pattern) else { return nil }
        self.pattern = pattern
    }

    struct Match {
        fileprivate let line: String
        fileprivate let result: NSTextCheckingResult

        /// The named group; nil when the pattern has none of that name or it took no part.
        func group(_ name: String) -> String? {
            let range = result.range(withName: name)
            guard range.location != NSNotFound else { return nil }
            return Range(range, in: line).map { String(line[$0]) }
        }

        /// The first group that took part, nil for a pattern without groups.
        var firstGroup: String? {
            result.numberOfRanges > 1 ? Range(result.range(at: 1), in: line).map { String(line[$0]) } : nil
        }

        /// The first group, or the whole match of a pattern without groups.
        var value: String? {
            Range(result.range(at: result.numberOfRanges > 1 ? 1 : 0), in: line).map { String(line[$0]) }
        }
    }

    func match(_ line: ReadLine) -> Match? {
        guard pattern.mayMatch(line) else { return nil }
        let line = line.text
        var found: NSTextCheckingResult?
        var reports = 0
        pattern.expression.enumerateMatches(
            in: line, options: [.reportProgress], range: NSRange(location: 0, length: line.utf16.count)
        ) { result, flags, stop in
            if let result {
                found = result
                stop.pointee = true
            } else if flags.contains(.progress) {
                reports += 1
                if reports > BoundedExpression.reports { stop.pointee = true }
            }
        }
        return found.map { Match(line: line, result: $0) }
    }

    func matches(_ line: ReadLine) -> Bool { match(line) != nil }
}
