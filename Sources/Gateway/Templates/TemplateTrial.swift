import Foundation
import PlatformAPI
package import Receipts

/// A template tried on its captures.
package struct TemplateTrial: Sendable {
    /// One capture.
    package struct Case: Sendable, Hashable {
        /// The capture's file, as found from the template's folder.
        package let capture: String
        package let documents: Int
        /// One line for each thing that is not as expected: `document 1, total: 5.00 expected, 4.00 found`.
        package let differences: [String]
    }

    package let template: ReceiptTemplate
    package let path: String
    package private(set) var cases: [Case] = []
    /// Why the trial says nothing: no captures, a file that cannot be read.
    package private(set) var problems: [String] = []

    package var passes: Bool { problems.isEmpty && !cases.isEmpty && cases.allSatisfy(\.differences.isEmpty) }

    /// The first thing that is wrong, nil when all is right.
    package var firstFault: String? {
        problems.first
            ?? cases.lazy.compactMap { test in test.differences.first.map { "\(test.capture): \($0)" } }.first
    }

    /// A capture larger than this holds no few receipts.
    private static let limit = 4 << 20

    package init(_ file: TemplateFile) {
        template = file.template
        path = file.path
        let folder = file.folder + "captures"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? [])
            .sorted()
        let captures = names.filter {
            $0.hasSuffix(".bin") && ($0.hasPrefix(template.name + ".") || $0 == template.name + ".bin")
        }
        if captures.isEmpty {
            problems.append(
                "it has no captures: put printer bytes in captures/\(template.name).CASE.bin and what they say in captures/\(template.name).CASE.json"
            )
        }
        for capture in captures {
            run("\(folder)/\(capture)", name: "captures/\(capture)")
        }
    }

    private mutating func run(_ path: String, name: String) {
        let expectation = path.dropLast(4) + ".json"
        guard let bytes = read(path), let json = read(String(expectation)) else {
            problems.append("\(name): the capture or its .json can't be read")
            return
        }
        let expected: [JSONValue]
        switch try? JSONDecoder().decode(JSONValue.self, from: Data(json)) {
        case .array(let list)?: expected = list
        case .object(let members)?: expected = [.object(members)]
        default:
            problems.append("\(name): its .json is neither an object nor a list of objects")
            return
        }
        do {
            let documents = try TemplateTrial.documents(bytes, template)
            cases.append(Case(capture: name, documents: documents.count, differences: compare(documents, expected)))
        } catch {
            problems.append("\(name): \(error)")
        }
    }

    private func read(_ path: String) -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: path), data.count <= TemplateTrial.limit else {
            return nil
        }
        return Array(data)
    }

    /// The documents of a capture, read by that template under the settings that its captures were printed with.
    package static func documents(_ bytes: [UInt8], _ template: ReceiptTemplate) throws -> [Document] {
        var configuration = try ReceiptDecoderConfiguration(
            dialectName: template.captures.dialect, codePagesName: template.captures.codePages,
            currency: template.captures.currency ?? template.currency, dayFirst: template.captures.dayFirst)
        configuration.decimals = template.captures.decimals
        configuration.templates = [template]
        return try ReceiptDecoder.documents(inCapture: bytes, configuration: configuration)
    }

    // MARK: Comparison

    private func compare(_ documents: [Document], _ expected: [JSONValue]) -> [String] {
        var differences: [String] = []
        if documents.count != expected.count {
            differences.append("\(expected.count) documents expected, \(documents.count) found")
        }
        for (index, (document, expectation)) in zip(documents, expected).enumerated() {
            let place = expected.count > 1 ? "document \(index + 1), " : ""
            guard case .object(let members) = expectation, let line = try? document.jsonLine(),
                let found = try? JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
            else {
                differences.append("\(place)the expectation is no object")
                continue
            }
            if members["template"] == nil, document.template != "\(template.name)@\(template.version)" {
                differences.append("\(place)template: its keywords do not fit, or an exclude does")
            }
            differences += unnamed(members).map { "\(place)\($0): the expectation does not name it" }
            for (name, value) in members.sorted(by: { $0.key < $1.key }) where name != "comment" {
                let actual = found[name] ?? .null
                if !TemplateTrial.equal(actual, value) {
                    differences.append(
                        "\(place)\(name): \(TemplateTrial.text(value)) expected, \(TemplateTrial.text(actual)) found")
                }
            }
        }
        return differences
    }

    /// Members that the template requires and the expectation is silent about: such a test can't fail.
    private func unnamed(_ members: [String: JSONValue]) -> [String] {
        var names = template.required.map { name in
            switch name {
            case "date", "time": "issued_at"
            case "items", "tenders", "number", "original_number", "issued_at", "total", "till": name
            case "subtotal", "tax", "rounding", "change": "total"
            default: "extras"
            }
        }
        if names.isEmpty { names = ["number", "issued_at", "total"] }
        return Set(names).subtracting(members.keys).sorted()
    }

    /// Numbers are equal whether they are written `2` or `2.0`; members that the expectation does not name are free.
    private static func equal(_ found: JSONValue, _ expected: JSONValue) -> Bool {
        switch (found, expected) {
        case (.integer(let one), .number(let other)), (.number(let other), .integer(let one)): Double(one) == other
        case (.array(let one), .array(let other)):
            one.count == other.count && zip(one, other).allSatisfy { equal($0, $1) }
        case (.object(let one), .object(let other)): other.allSatisfy { equal(one[$0.key] ?? .null, $0.value) }
        default: found == expected
        }
    }

    private static func text(_ value: JSONValue) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "?"
        return text.count > 300 ? text.prefix(297) + "…" : text
    }
}

extension TemplateTrial {
    /// Every template of a folder, tried; and captures that belong to none of them.
    /// - Throws: ``ConfigurationErrors`` with the mistakes of all templates.
    package static func all(in folder: String) throws(ConfigurationErrors) -> (
        trials: [TemplateTrial], strays: [String]
    ) {
        func names(_ path: String) -> [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
        }
        let base = folder.hasSuffix("/") ? folder : folder + "/"
        let files = names(folder).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        guard !files.isEmpty else {
            throw ConfigurationErrors(mistakes: [
                ConfigurationMistake(
                    file: folder, position: .start, path: "(file)", problem: "there is no template (.yaml) here",
                    remedy: "give the folder that the templates stand in")
            ])
        }
        var trials: [TemplateTrial] = []
        var mistakes: [ConfigurationMistake] = []
        for file in files {
            do {
                trials.append(TemplateTrial(try TemplateFile.load(base + file)))
            } catch {
                mistakes += error.mistakes
            }
        }
        guard mistakes.isEmpty else { throw ConfigurationErrors(mistakes: mistakes) }
        let strays = names(base + "captures").filter { name in
            (name.hasSuffix(".bin") || name.hasSuffix(".json"))
                && !trials.contains {
                    name.hasPrefix($0.template.name + ".")
                }
        }
        return (trials, strays)
    }
}
