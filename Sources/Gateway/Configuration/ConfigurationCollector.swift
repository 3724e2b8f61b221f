/// Gathers what the decoding of one file finds, so that one wrong value does not hide the next.
final class ConfigurationCollector {
    let source: ConfigurationSource
    private(set) var mistakes: [ConfigurationMistake] = []
    private(set) var warnings: [ConfigurationMistake] = []
    /// Where each value that the file gives stands, by path.
    private(set) var positions: [String: SourcePosition] = [:]
    /// Every path that the schema knows and was asked for, with `[]` for any list index.
    private(set) var knownPaths: Set<String> = []
    private var unknownKeys: [(key: String, path: String, siblings: [String], position: SourcePosition)] = []

    /// A file with more mistakes than this is not the right file.
    static let maximumMistakes = 100

    init(source: ConfigurationSource) {
        self.source = source
    }

    func record(_ path: String, at position: SourcePosition) {
        positions[path] = source.clamped(position)
    }

    func know(_ path: String) {
        knownPaths.insert(Self.generic(path))
    }

    /// Where a value stands, or the section around it when the file does not give it.
    func position(of path: String) -> SourcePosition {
        Self.position(of: path, in: positions)
    }

    static func position(of path: String, in positions: [String: SourcePosition]) -> SourcePosition {
        var path = path[...]
        while !path.isEmpty {
            if let position = positions[String(path)] { return position }
            path = path.lastIndex { $0 == "." || $0 == "[" }.map { path[..<$0] } ?? ""
        }
        return .start
    }

    func wrong(_ path: String, at position: SourcePosition? = nil, _ problem: String, _ remedy: String) {
        mistakes.append(mistake(path, position, problem, remedy))
    }

    /// Mistakes that were found in files which this one names.
    func adopt(_ found: [ConfigurationMistake]) {
        mistakes += found
    }

    func warn(_ path: String, _ problem: String, _ remedy: String) {
        warnings.append(mistake(path, nil, problem, remedy))
    }

    private func mistake(_ path: String, _ position: SourcePosition?, _ problem: String, _ remedy: String)
        -> ConfigurationMistake
    {
        ConfigurationMistake(
            file: source.file, position: source.clamped(position ?? self.position(of: path)),
            path: path.isEmpty ? "(file)" : path,
            problem: problem, remedy: remedy)
    }

    /// A key that the section does not have. Its message is written at the end, when every known path is known.
    func unknown(_ key: String, in path: String, siblings: [String], at position: SourcePosition) {
        unknownKeys.append((key, path, siblings, position))
    }

    private func reportUnknownKeys() {
        for (index, unknown) in unknownKeys.sorted(by: { $0.position < $1.position }).enumerated() {
            guard index <= Self.maximumMistakes else {
                // Never printed, only counted: no need to search a name for it.
                wrong(unknown.path, at: unknown.position, "there is an unknown key here", "delete it")
                continue
            }
            let shown = Self.shown(unknown.key)
            let path =
                unknown.path.isEmpty
                ? Self.shownInPath(unknown.key) : "\(unknown.path).\(Self.shownInPath(unknown.key))"
            let places = knownPaths.filter { $0.hasSuffix(".\(unknown.key)") }.sorted()
            // Rather below this section than in another one.
            let elsewhere = places.first { $0.hasPrefix(Self.generic(unknown.path)) } ?? places.first
            let remedy =
                if unknown.key == "<<" {
                    "merge keys are not supported: write the keys out"
                } else if let near = NearestName.of(unknown.key, among: unknown.siblings) {
                    "did you mean \"\(near)\"?"
                } else if let elsewhere {
                    "it belongs to \(elsewhere.dropLast(unknown.key.count + 1))"
                } else {
                    "the keys here are \(unknown.siblings.joined(separator: ", "))"
                }
            wrong(path, at: unknown.position, "there is no key \(shown) here", remedy)
        }
        unknownKeys = []
    }

    /// All mistakes in the order of the file, each once, and no more of them than anybody reads.
    func finish() -> [ConfigurationMistake] {
        reportUnknownKeys()
        var seen: Set<ConfigurationMistake> = []
        var sorted = mistakes.filter { seen.insert($0).inserted }
            .enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
            .map(\.element)
        if sorted.count > Self.maximumMistakes {
            let rest = sorted.count - Self.maximumMistakes
            let next = sorted[Self.maximumMistakes].position
            sorted.removeSubrange(Self.maximumMistakes...)
            sorted.append(
                ConfigurationMistake(
                    file: source.file, position: next, path: "(file)", problem: "\(rest) more mistakes follow",
                    remedy: "compare the file with config/footbridge.example.yaml"))
        }
        return sorted
    }

    /// `tills[3].port` -> `tills[].port`.
    private static func generic(_ path: String) -> String {
        var generic = ""
        var inside = false
        for character in path {
            if character == "]" { inside = false }
            if !inside { generic.append(character) }
            if character == "[" { inside = true }
        }
        return generic
    }

    /// Text from the file as a message shows it: short, on one line, in quotes.
    static func shown(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(40) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return "\"\(shown)\(text.unicodeScalars.count > 40 ? "…" : "")\""
    }

    /// A key as a part of a path: without the quotes.
    static func shownInPath(_ key: String) -> String {
        String(shown(key).dropFirst().dropLast())
    }
}
