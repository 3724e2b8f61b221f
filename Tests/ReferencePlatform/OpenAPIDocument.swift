import Foundation
import PlatformAPI

/// docs/api/openapi.yaml as far as a test asks it: what an operation may answer, and with which schema.
struct OpenAPIDocument: Sendable {
    struct Content: Hashable, Sendable {
        let media: String
        /// File name in docs/api/schemas.
        let schema: String
    }

    enum Expectation: Hashable, Sendable {
        case undeclared
        case noBody
        case body(Content)
    }

    let root: JSONValue

    init(_ url: URL) throws { root = try YAMLSubset.parse(String(contentsOf: url, encoding: .utf8)) }

    /// What the document says of an answer; `default` does not count: each answer that is seen must be named.
    func expectation(method: String, path: String, status: Int) -> Expectation {
        guard var response = root["paths"]?[path]?[method.lowercased()]?["responses"]?["\(status)"] else {
            return .undeclared
        }
        if let reference = response["$ref"]?.string {
            guard let target = resolve(reference) else { return .undeclared }
            response = target
        }
        return content(of: response).map(Expectation.body) ?? .noBody
    }

    /// The body that an operation takes.
    func request(method: String, path: String) -> Content? {
        root["paths"]?[path]?[method.lowercased()]?["requestBody"].flatMap(content)
    }

    /// Each example of a body in the document, with the schema of the body.
    func bodyExamples() -> [(schema: String, value: JSONValue)] {
        var found: [(schema: String, value: JSONValue)] = []
        func walk(_ value: JSONValue) {
            switch value {
            case .object(let members):
                if let schema = members["schema"]?["$ref"]?.string, case .object(let examples)? = members["examples"] {
                    for example in examples.values {
                        found.append((String(schema.dropFirst("schemas/".count)), example["value"] ?? .null))
                    }
                }
                for member in members.values { walk(member) }
            case .array(let items): for item in items { walk(item) }
            default: break
            }
        }
        walk(root)
        return found
    }

    /// Each parameter and header of the document: its name, its schema, its example.
    func fields() -> [(name: String, schema: JSONValue, example: JSONValue?)] {
        var found: [(name: String, schema: JSONValue, example: JSONValue?)] = []
        func walk(_ value: JSONValue, _ name: String) {
            switch value {
            case .object(let members):
                if let schema = members["schema"], schema["$ref"] == nil {
                    found.append((members["name"]?.string ?? name, schema, members["example"]))
                }
                for (key, member) in members { walk(member, key) }
            case .array(let items): for item in items { walk(item, name) }
            default: break
            }
        }
        walk(root, "")
        return found
    }

    private func content(of carrier: JSONValue) -> Content? {
        guard case .object(let media)? = carrier["content"], let (name, value) = media.first,
            let schema = value["schema"]?["$ref"]?.string, schema.hasPrefix("schemas/")
        else { return nil }
        return Content(media: name, schema: String(schema.dropFirst("schemas/".count)))
    }

    private func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(root as JSONValue?) { $0?[String($1)] }
    }
}

/// The YAML that openapi.yaml is written in: block mappings and sequences, plain and double-quoted scalars, `[]`, `{}`.
enum YAMLSubset {
    struct Failure: Error { let line: String }

    static func parse(_ text: String) throws -> JSONValue {
        var lines = text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }[...]
        let value = try block(&lines, indent: 0)
        if let line = lines.first { throw Failure(line: String(line)) }
        return value
    }

    private static func indent(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }

    private static func block(_ lines: inout ArraySlice<Substring>, indent level: Int) throws -> JSONValue {
        guard let first = lines.first else { return .null }
        if first.dropFirst(level).hasPrefix("- ") {
            var items: [JSONValue] = []
            while let line = lines.first, indent(line) == level, line.dropFirst(level).hasPrefix("- ") {
                // The dash is white space to what follows it.
                lines[lines.startIndex] = Substring(
                    String(repeating: " ", count: level + 2) + line.dropFirst(level + 2))
                let rest = line.dropFirst(level + 2)
                if separator(rest) == nil {
                    lines.removeFirst()
                    items.append(try scalar(rest))
                } else {
                    items.append(try block(&lines, indent: level + 2))
                }
            }
            return .array(items)
        }
        var members: [String: JSONValue] = [:]
        while let line = lines.first, indent(line) == level, !line.dropFirst(level).hasPrefix("- ") {
            let content = line.dropFirst(level)
            guard let colon = separator(content) else { throw Failure(line: String(line)) }
            lines.removeFirst()
            guard case .string(let key) = try scalar(content[..<colon]), members[key] == nil else {
                throw Failure(line: String(line))
            }
            let rest = content[content.index(after: colon)...].drop { $0 == " " }
            if rest.isEmpty {
                guard let next = lines.first, indent(next) > level else { throw Failure(line: String(line)) }
                members[key] = try block(&lines, indent: indent(next))
            } else {
                members[key] = try scalar(rest)
            }
        }
        return .object(members)
    }

    /// The colon after a key: outside quotes, at the end or before a space.
    private static func separator(_ text: Substring) -> Substring.Index? {
        var quoted = false
        var escaped = false
        for index in text.indices {
            let character = text[index]
            if escaped {
                escaped = false
            } else if quoted, character == "\\" {
                escaped = true
            } else if character == "\"" {
                quoted.toggle()
            } else if character == ":", !quoted {
                let next = text.index(after: index)
                if next == text.endIndex || text[next] == " " { return index }
            }
        }
        return nil
    }

    private static func scalar(_ text: Substring) throws -> JSONValue {
        if text.hasPrefix("\"") { return try WireJSON.decode(JSONValue.self, from: text.utf8) }
        return switch text {
        case "true": .bool(true)
        case "false": .bool(false)
        case "[]": .array([])
        case "{}": .object([:])
        default:
            if let number = Int64(text) {
                .integer(number)
            } else if let number = Double(text) {
                .number(number)
            } else {
                .string(String(text))
            }
        }
    }
}
