import Foundation
import PlatformAPI

/// The part of JSON Schema 2020-12 that docs/api uses. A keyword that is not known here is a fault of the schema, so
/// that nothing in it goes unchecked.
struct SchemaLibrary: Sendable {
    /// The schemas by file name.
    let files: [String: JSONValue]

    init(directory: URL) throws {
        var files: [String: JSONValue] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
        where file.pathExtension == "json" {
            files[file.lastPathComponent] = try WireJSON.decode(JSONValue.self, from: Data(contentsOf: file))
        }
        self.files = files
    }

    init(files: [String: JSONValue]) { self.files = files }

    /// What is wrong with a value, as `path: reason`; empty when it fits.
    func faults(_ value: JSONValue, schema file: String) -> [String] {
        guard let schema = files[file] else { return ["there is no schema \(file)"] }
        return check(value, schema, file, "$")
    }

    func faults(_ bytes: [UInt8], schema file: String) -> [String] {
        guard let value = try? WireJSON.decode(JSONValue.self, from: bytes) else { return ["is not JSON"] }
        return faults(value, schema: file)
    }

    private static let annotations: Set<String> = ["$schema", "$defs", "title", "description", "format"]

    private func check(_ value: JSONValue, _ schema: JSONValue, _ file: String, _ path: String) -> [String] {
        if case .bool(let allowed) = schema { return allowed ? [] : ["\(path): is not allowed"] }
        guard case .object(let keywords) = schema else { return ["\(path): the schema is no object"] }
        var faults: [String] = []
        for (keyword, argument) in keywords.sorted(by: { $0.key < $1.key }) where !Self.annotations.contains(keyword) {
            faults += check(value, keyword, argument, keywords, file, path)
        }
        return faults
    }

    private func check(
        _ value: JSONValue, _ keyword: String, _ argument: JSONValue, _ schema: [String: JSONValue], _ file: String,
        _ path: String
    ) -> [String] {
        func fault(_ reason: String) -> [String] { ["\(path): \(reason)"] }
        switch (keyword, argument) {
        case ("type", .string(let name)): return value.isOf(name) ? [] : fault("is not of type \(name)")
        case ("type", .array(let names)):
            return names.contains { $0.string.map(value.isOf) == true } ? [] : fault("has none of the types")
        case ("enum", .array(let choices)): return choices.contains(value) ? [] : fault("is not in the list")
        case ("const", let constant): return value == constant ? [] : fault("is not \(constant)")
        case ("pattern", .string(let pattern)):
            guard let text = value.string else { return [] }
            guard let regex = try? Regex(pattern) else { return fault("the pattern \(pattern) cannot be read") }
            return text.firstMatch(of: regex) == nil ? fault("does not match \(pattern)") : []
        case ("minLength", .integer(let least)):
            return value.string.map { $0.unicodeScalars.count < least } == true ? fault("is too short") : []
        case ("maxLength", .integer(let most)):
            return value.string.map { $0.unicodeScalars.count > most } == true ? fault("is too long") : []
        case ("minimum", let least): return value.isBelow(least) ? fault("is below the minimum") : []
        case ("maximum", let most): return most.isBelow(value) ? fault("is above the maximum") : []
        case ("minItems", .integer(let least)):
            if case .array(let items) = value, items.count < least { return fault("has too few items") }
            return []
        case ("items", let items):
            guard case .array(let elements) = value else { return [] }
            return elements.enumerated().flatMap { check($1, items, file, "\(path)[\($0)]") }
        case ("required", .array(let names)):
            guard case .object(let members) = value else { return [] }
            return names.compactMap(\.string).filter { members[$0] == nil }.map { "\(path): \($0) is missing" }
        case ("properties", .object(let properties)):
            guard case .object(let members) = value else { return [] }
            return members.flatMap { name, member in
                properties[name].map { check(member, $0, file, "\(path).\(name)") } ?? []
            }
        case ("additionalProperties", let others):
            guard case .object(let members) = value else { return [] }
            let known: [String: JSONValue] =
                if case .object(let properties) = schema["properties"] { properties } else { [:] }
            return members.filter { known[$0.key] == nil }.flatMap { check($1, others, file, "\(path).\($0)") }
        case ("$ref", .string(let reference)):
            guard let (target, targetFile) = resolve(reference, file) else { return fault("no schema \(reference)") }
            return check(value, target, targetFile, path)
        case ("allOf", .array(let schemas)): return schemas.flatMap { check(value, $0, file, path) }
        case ("anyOf", .array(let schemas)):
            let outcomes = schemas.map { check(value, $0, file, path) }
            return outcomes.contains { $0.isEmpty } ? [] : outcomes.min { $0.count < $1.count } ?? fault("fits none")
        case ("oneOf", .array(let schemas)):
            let outcomes = schemas.map { check(value, $0, file, path) }
            let fitting = outcomes.filter(\.isEmpty).count
            if fitting == 1 { return [] }
            return fitting > 1 ? fault("fits \(fitting) of oneOf") : outcomes.min { $0.count < $1.count } ?? []
        default: return fault("the schema uses \(keyword), which this test cannot check")
        }
    }

    private func resolve(_ reference: String, _ file: String) -> (JSONValue, String)? {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let target = parts[0].isEmpty ? file : String(parts[0])
        guard var schema = files[target] else { return nil }
        if parts.count == 2 {
            for name in parts[1].split(separator: "/") {
                guard let member = schema[String(name)] else { return nil }
                schema = member
            }
        }
        return (schema, target)
    }
}

extension JSONValue {
    fileprivate func isOf(_ type: String) -> Bool {
        switch (type, self) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        default: false
        }
    }

    fileprivate func isBelow(_ other: JSONValue) -> Bool {
        guard let mine = double, let others = other.double else { return false }
        return mine < others
    }

    private var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
