import Foundation
import Receipts

extension ConfigurationValue where Value == String {
    /// The name of a template or of a field: it stands in events.
    static var templateName: Self {
        ConfigurationValue { text throws(WrongValue) in
            guard text.wholeMatch(of: /[a-z][a-z0-9_\-]{0,63}/) != nil else {
                throw WrongValue(
                    "can't be a name here", "use small letters, digits, hyphens and underscores, a letter first")
            }
            return text
        }
    }

    /// An expression of a template, searched in one line: at most one group that is not named.
    static var linePattern: Self {
        ConfigurationValue { text throws(WrongValue) in
            _ = try expression(text)
            return text
        }
    }

    /// An expression with named groups.
    static func linePattern(named: Set<String>, required: Set<String>) -> Self {
        ConfigurationValue { text throws(WrongValue) in
            _ = try expression(text)
            let names = Set(text.matches(of: /\(\?<([A-Za-z]\w*)>/).map { String($0.1) })
            if let unknown = names.subtracting(named).sorted().first {
                throw WrongValue(
                    "has a group \(unknown)", "the groups here are \(named.sorted().joined(separator: ", "))")
            }
            if let missing = required.subtracting(names).sorted().first {
                throw WrongValue("has no group (?<\(missing)>…)", "put it around the \(missing)")
            }
            return text
        }
    }

    private static func expression(_ text: String) throws(WrongValue) -> NSRegularExpression {
        guard text.utf8.count <= 2_000, let expression = try? NSRegularExpression(pattern: text) else {
            throw WrongValue("is no regular expression", "check its brackets, and write \\. for a plain point")
        }
        return expression
    }

    static var timeFormat: Self {
        ConfigurationValue { text throws(WrongValue) in
            guard PrintedTimeFormat(text) != nil else {
                throw WrongValue("is no form of a date or time", "write such as dd.MM.yyyy HH:mm, or hh:mm a")
            }
            return text
        }
    }

    static var tenderType: Self {
        ConfigurationValue { text throws(WrongValue) in
            let types = ReceiptTemplate.tenderTypes
            if types.contains(text) { return text }
            let near = NearestName.of(text, among: types).map { "did you mean \($0)?" }
            throw WrongValue("is no kind of payment", near ?? "write one of \(types.joined(separator: ", "))")
        }
    }

    static var dialectName: Self {
        ConfigurationValue { text throws(WrongValue) in
            if Dialect(rawValue: text) != nil { return text }
            throw WrongValue(
                "is no dialect known here", "write one of \(Dialect.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }
}
