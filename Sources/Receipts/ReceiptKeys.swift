import Foundation
import Subjects

/// Finds loyalty, coupon and order codes and the cashier, and takes them out of the lines when they are hashed.
struct ReceiptKeys: Sendable {
    static let limit = 8
    let patterns: CompiledPatterns
    let hasher: KeyedHasher?

    struct Found: Sendable {
        var loyalty: [Document.Key] = []
        var coupons: [Document.Key] = []
        var orders: [Document.Key] = []
        var cashier: KeyedHash?
    }

    /// `lines` have no card data any more; codes that are hashed, and every cashier, are replaced in them.
    func take(from lines: inout [String], symbols: [String], counts: inout Redactions) -> Found {
        var found = Found()
        found.loyalty = keys(.loyalty, patterns.loyalty, &lines, symbols, &counts)
        found.coupons = keys(.coupon, patterns.coupon, &lines, symbols, &counts)
        found.orders = keys(.order, patterns.order, &lines, symbols, &counts)
        for index in lines.indices {
            for expression in patterns.cashier {
                guard let range = expression.value(in: lines[index]) else { continue }
                let name = String(lines[index][range])
                if found.cashier == nil { found.cashier = hasher?.hash(.cashier, name) }
                lines[index].replaceSubrange(range, with: "[cashier]")
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

    private func keys(
        _ kind: HashKind, _ expressions: [NSRegularExpression], _ lines: inout [String], _ symbols: [String],
        _ counts: inout Redactions
    ) -> [Document.Key] {
        var keys: [Document.Key] = []
        func add(_ code: String) {
            let key = key(kind, code)
            if !keys.contains(key), keys.count < ReceiptKeys.limit { keys.append(key) }
        }
        for index in lines.indices {
            for expression in expressions {
                guard let range = expression.value(in: lines[index]) else { continue }
                add(String(lines[index][range]))
                if hasher != nil {
                    lines[index].replaceSubrange(range, with: "[\(kind.rawValue)]")
                    counts.key += 1
                }
                break
            }
        }
        for symbol in symbols {
            let line = "symbol: \(symbol)"
            for expression in expressions {
                guard let range = expression.value(in: line) else { continue }
                add(String(line[range]))
                break
            }
        }
        return keys
    }
}
