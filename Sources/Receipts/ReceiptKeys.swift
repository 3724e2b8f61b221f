import Foundation
import Subjects

/// Finds loyalty, coupon, order and survey codes and the cashier, and takes them out of the lines when they are hashed.
struct ReceiptKeys: Sendable {
    static let limit = 8
    let patterns: CompiledPatterns
    let hasher: KeyedHasher?

    struct Found: Sendable {
        var loyalty: [Document.Key] = []
        var coupons: [Document.Key] = []
        var orders: [Document.Key] = []
        var surveys: [Document.Key] = []
        var cashier: KeyedHash?
        /// Kinds of which a code failed its check digit.
        var misread: [CodePattern.Kind] = []
    }

    /// A pattern of one kind of code, ready for use.
    struct Code: Sendable {
        let kind: CodePattern.Kind
        let expression: LinePattern
        let check: CheckDigit
    }

    static func compile(_ codes: [CodePattern]) throws(PatternError) -> [Code] {
        var compiled: [Code] = []
        for (index, code) in codes.enumerated() {
            guard let expression = LinePattern(code.pattern) else {
                throw PatternError(field: "codes", position: index + 1, pattern: code.pattern)
            }
            compiled.append(Code(kind: code.kind, expression: expression, check: code.check))
        }
        return compiled
    }

    /// `lines` have no card data any more; codes that are hashed, and every cashier, are replaced in them. `codes` take the
    /// place of the standard patterns of their kinds.
    func take(from lines: inout [ReadLine], symbols: [String], codes: [Code], counts: inout Redactions) -> Found {
        var found = Found()
        for kind in CodePattern.Kind.allCases {
            var rules = codes.filter { $0.kind == kind }
            if rules.isEmpty { rules = standard(kind).map { Code(kind: kind, expression: $0, check: .none) } }
            guard !rules.isEmpty else { continue }
            let keys = keys(kind, rules, &lines, symbols, &found, &counts)
            switch kind {
            case .loyalty: found.loyalty = keys
            case .coupon: found.coupons = keys
            case .order: found.orders = keys
            case .survey: found.surveys = keys
            }
        }
        for index in lines.indices {
            for expression in patterns.cashier {
                guard let range = expression.value(in: lines[index]) else { continue }
                let name = String(lines[index].text[range])
                if found.cashier == nil { found.cashier = hasher?.hash(.cashier, name) }
                lines[index] = lines[index].replacing(range, with: "[cashier]")
                counts.name += 1
                break
            }
        }
        return found
    }

    /// A code that came as data.
    func key(_ kind: HashKind, _ code: String) -> Document.Key {
        hasher.map { Document.Key.hashed($0.hash(kind, code)) } ?? .plain(code)
    }

    private func standard(_ kind: CodePattern.Kind) -> [LinePattern] {
        switch kind {
        case .loyalty: patterns.loyalty
        case .coupon: patterns.coupon
        case .order: patterns.order
        case .survey: []
        }
    }

    private func keys(
        _ kind: CodePattern.Kind, _ rules: [Code], _ lines: inout [ReadLine], _ symbols: [String], _ found: inout Found,
        _ counts: inout Redactions
    ) -> [Document.Key] {
        var keys: [Document.Key] = []
        func add(_ code: String) {
            let key = key(kind.hashKind, code)
            if !keys.contains(key), keys.count < ReceiptKeys.limit { keys.append(key) }
        }
        for index in lines.indices {
            for rule in rules {
                guard let range = rule.expression.value(in: lines[index]) else { continue }
                let code = String(lines[index].text[range])
                if rule.check.accepts(code) {
                    add(code)
                } else if !found.misread.contains(kind) {
                    found.misread.append(kind)
                }
                // Also a misread code is a person's: all but a digit of it is right.
                if hasher != nil {
                    lines[index] = lines[index].replacing(range, with: "[\(kind.rawValue)]")
                    counts.key += 1
                }
                break
            }
        }
        for symbol in symbols {
            let line = ReadLine("symbol: \(symbol)")
            for rule in rules {
                guard let range = rule.expression.value(in: line) else { continue }
                let code = String(line.text[range])
                if rule.check.accepts(code) { add(code) }
                break
            }
        }
        return keys
    }
}

extension CodePattern.Kind {
    fileprivate var hashKind: HashKind {
        switch self {
        case .loyalty: .loyalty
        case .coupon: .coupon
        case .order: .order
        case .survey: .survey
        }
    }
}
