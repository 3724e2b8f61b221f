/// The platform's pseudonymous identifier of a subject; never a name, an address or a number of the person.
///
/// Its descriptions hide the value, so that it can't slip into a log; `rawValue` and `Codable` carry it where it
/// belongs.
package struct SubjectID: Hashable, Comparable, Sendable, Codable {
    package let rawValue: String

    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    package static func < (left: SubjectID, right: SubjectID) -> Bool { left.rawValue < right.rawValue }

    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension SubjectID: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) {
        self.init(value)
    }
}

extension SubjectID: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "subject(redacted)" }
    package var debugDescription: String { description }
    /// Empty, so that `dump` shows no more than `description`.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
