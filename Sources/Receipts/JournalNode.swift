/// A part of a journal record, whether it was written as XML or as JSON: a name, its text, its attributes and what is in
/// it. Names are folded (`JournalNode.folded`), because tills write `ReceiptNumber`, `receipt_number` and `receiptNumber`.
struct JournalNode: Sendable, Hashable {
    /// Parts of one record that are kept; what has more is no receipt.
    static let limit = 20_000
    /// How deep parts may lie in each other. POSLog needs twelve levels.
    static let depthLimit = 40

    var name: String
    var text = ""
    var attributes: [String: String] = [:]
    var children: [JournalNode] = []

    init(_ name: String) { self.name = JournalNode.folded(name) }

    /// A name without its namespace prefix, blanks, `_`, `-` and capitals.
    static func folded(_ name: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            switch scalar {
            case ":": scalars.removeAll()
            case "_", "-", "@", " ": continue
            default: scalars.append(scalar)
            }
        }
        return String(scalars).lowercased()
    }

    /// All children of one of these names.
    func all(_ names: String...) -> [JournalNode] { children.filter { names.contains($0.name) } }

    /// The first child of the first of these names that there is.
    func first(_ names: String...) -> JournalNode? {
        for name in names {
            if let child = children.first(where: { $0.name == name }) { return child }
        }
        return nil
    }

    /// The text of the first child of these names that has any.
    func value(_ names: String...) -> String? {
        for name in names {
            for child in children where child.name == name {
                if let text = child.plain { return text }
            }
        }
        return nil
    }

    /// Its own text without surrounding blanks, at most 200 characters; nil when there is none.
    var plain: String? {
        let trimmed = text.drop(while: \.isWhitespace)
        guard !trimmed.isEmpty else { return nil }
        var result = String(trimmed.prefix(200))
        while result.last?.isWhitespace == true { result.removeLast() }
        return result
    }

    /// An attribute, or in JSON the child that stands for it.
    func attribute(_ name: String) -> String? { attributes[name] ?? value(name) }

    /// True when an attribute says `true` or `1`.
    func flag(_ name: String) -> Bool {
        let value = attribute(name)?.lowercased()
        return value == "true" || value == "1" || value == "yes"
    }
}
