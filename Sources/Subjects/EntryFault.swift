/// A value in the feed, its place, and what it should be. Values are not shown: they may be keys.
struct EntryFault: Error, CustomStringConvertible {
    let path: String
    let reason: String

    init(_ path: [any CodingKey], _ reason: String) {
        self.path = EntryFault.text(path)
        self.reason = reason
    }

    /// The place and reason of any error that decoding threw.
    init(_ error: any Error) {
        switch error {
        case let fault as EntryFault:
            self = fault
        case DecodingError.keyNotFound(let key, let context):
            self.init(context.codingPath + [key], "missing")
        case DecodingError.valueNotFound(let type, let context):
            self.init(context.codingPath, "null, where a value of type \(type) belongs")
        case DecodingError.typeMismatch(let type, let context):
            self.init(context.codingPath, "not a value of type \(type)")
        case DecodingError.dataCorrupted(let context):
            // Foundation gives no place for a number that does not fit its type.
            let isPlaced = !context.codingPath.isEmpty
            self.init(context.codingPath, isPlaced ? "not valid here" : "not JSON, or a number out of range")
        default:
            self.init([], "not JSON")
        }
    }

    var description: String { path.isEmpty ? reason : "\(path): \(reason)" }

    private static func text(_ path: [any CodingKey]) -> String {
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return text
    }
}

extension KeyedDecodingContainer {
    /// A list that may be missing, of at most `maximum` elements; the bound keeps one entry from filling the memory.
    func list<Element: Decodable>(_ type: Element.Type, _ key: Key, maximum: Int) throws -> [Element] {
        let list = try decodeIfPresent([Element].self, forKey: key) ?? []
        guard list.count <= maximum else {
            throw EntryFault(codingPath + [key], "\(list.count) elements, at most \(maximum) are taken")
        }
        return list
    }

    /// A time as RFC 3339 text or as a number of unix seconds.
    func time(_ key: Key) throws -> UnixTime {
        if let seconds = try? decode(Double.self, forKey: key) {
            return UnixTime(seconds: seconds)
        }
        guard let time = UnixTime(rfc3339: try decode(String.self, forKey: key)) else {
            throw EntryFault(codingPath + [key], "a time is RFC 3339 text or unix seconds")
        }
        return time
    }
}
