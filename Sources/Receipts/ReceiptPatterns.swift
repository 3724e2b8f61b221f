import Foundation

/// What to look for in the lines of a document: regular expressions (ICU syntax, letter case ignored), tried in order.
///
/// The value is the first capture group, or the whole match without one. Lists that a configuration gives are tried
/// before the standard ones (`over(_:)`); the standard lists cover English, German, French, Spanish, Italian, Dutch and
/// Portuguese.
package struct ReceiptPatterns: Sendable, Hashable, Codable {
    /// The receipt's own number.
    package var number: [String] = []
    /// The number of the receipt that a return, void or copy refers to.
    package var originalNumber: [String] = []
    /// The line that holds the total: strong words first, plain ones later.
    package var total: [String] = []
    /// Lines that look like the total and are not: subtotals, taxes, savings, change.
    package var notTotal: [String] = []
    /// The line that holds the date of issue, one capture group around date and time.
    package var date: [String] = []
    package var loyalty: [String] = []
    package var coupon: [String] = []
    /// Click-and-collect and other order codes.
    package var order: [String] = []
    package var cashier: [String] = []
    /// The till's number as printed.
    package var till: [String] = []
    /// The first line of a document: it ends the one before.
    package var begin: [String] = []
    /// The last line of a document.
    package var end: [String] = []
    /// Lines that say what a document is, by kind; tried before the standard words.
    package var kinds: [DocumentKind: [String]] = [:]

    package init() {}

    /// These lists, each followed by the one of `base`.
    package func over(_ base: ReceiptPatterns) -> ReceiptPatterns {
        var patterns = self
        patterns.number += base.number
        patterns.originalNumber += base.originalNumber
        patterns.total += base.total
        patterns.notTotal += base.notTotal
        patterns.date += base.date
        patterns.loyalty += base.loyalty
        patterns.coupon += base.coupon
        patterns.order += base.order
        patterns.cashier += base.cashier
        patterns.till += base.till
        patterns.begin += base.begin
        patterns.end += base.end
        patterns.kinds.merge(base.kinds) { $0 + $1 }
        return patterns
    }

    /// What is wrong with an expression, nil when it can be used: for configuration checks.
    package static func problem(in pattern: String) -> String? {
        do {
            _ = try NSRegularExpression(pattern: pattern, options: [.caseInsensitive])
            return nil
        } catch {
            return "not a regular expression: \(pattern)"
        }
    }
}

/// A configured expression that cannot be used.
package struct PatternError: Error, Hashable, CustomStringConvertible {
    /// The list it stands in, such as `loyalty`.
    package let field: String
    /// Its place in the list, from 1.
    package let position: Int
    package let pattern: String

    package var description: String {
        "patterns.\(field), number \(position): not a regular expression: \(pattern); check its brackets and escapes"
    }
}

/// The expressions of `ReceiptPatterns`, ready for use.
struct CompiledPatterns: Sendable {
    let number: [LinePattern]
    let originalNumber: [LinePattern]
    let total: [LinePattern]
    let notTotal: [LinePattern]
    let date: [LinePattern]
    let loyalty: [LinePattern]
    let coupon: [LinePattern]
    let order: [LinePattern]
    let cashier: [LinePattern]
    let till: [LinePattern]
    let begin: [LinePattern]
    let end: [LinePattern]
    let kinds: [(kind: DocumentKind, expression: LinePattern)]

    /// The standard lists, compiled once; a test holds that they compile.
    private static let standard = try? CompiledPatterns(compiling: .standard)

    init(_ patterns: ReceiptPatterns) throws(PatternError) {
        if patterns == .standard, let standard = CompiledPatterns.standard {
            self = standard
        } else {
            try self.init(compiling: patterns)
        }
    }

    private init(compiling patterns: ReceiptPatterns) throws(PatternError) {
        number = try CompiledPatterns.compile("number", patterns.number)
        originalNumber = try CompiledPatterns.compile("original_number", patterns.originalNumber)
        total = try CompiledPatterns.compile("total", patterns.total)
        notTotal = try CompiledPatterns.compile("not_total", patterns.notTotal)
        date = try CompiledPatterns.compile("date", patterns.date)
        loyalty = try CompiledPatterns.compile("loyalty", patterns.loyalty)
        coupon = try CompiledPatterns.compile("coupon", patterns.coupon)
        order = try CompiledPatterns.compile("order", patterns.order)
        cashier = try CompiledPatterns.compile("cashier", patterns.cashier)
        till = try CompiledPatterns.compile("till", patterns.till)
        begin = try CompiledPatterns.compile("begin", patterns.begin)
        end = try CompiledPatterns.compile("end", patterns.end)
        var kinds: [(DocumentKind, LinePattern)] = []
        for kind in DocumentKind.allCases {
            for expression in try CompiledPatterns.compile("kinds.\(kind.rawValue)", patterns.kinds[kind] ?? []) {
                kinds.append((kind, expression))
            }
        }
        self.kinds = kinds
    }

    private static func compile(_ field: String, _ patterns: [String]) throws(PatternError) -> [LinePattern] {
        var expressions: [LinePattern] = []
        for (index, pattern) in patterns.enumerated() {
            guard let expression = LinePattern(pattern) else {
                throw PatternError(field: field, position: index + 1, pattern: pattern)
            }
            expressions.append(expression)
        }
        return expressions
    }
}

extension NSRegularExpression {
    /// The range of the first capture group of the first match, or of the match when there is no group.
    func value(in text: String) -> Range<String.Index>? {
        guard let match = firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) else {
            return nil
        }
        return Range(match.range(at: match.numberOfRanges > 1 ? 1 : 0), in: text)
    }
}
