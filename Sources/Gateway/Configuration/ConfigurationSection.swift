import Yams

/// One mapping of the file while it is decoded. Each question names a key and the kind of its value; a wrong answer is
/// reported with its position and counts as not given, so that the questions go on. `finish` reports the keys that
/// nobody asked for.
struct ConfigurationSection {
    let collector: ConfigurationCollector
    /// `tills[0].port`; empty for the top of the file.
    let path: String
    /// Where a missing key is reported.
    let position: SourcePosition
    private let entries: [String: Entry]
    private var asked: [String] = []

    private struct Entry {
        let node: Node
        let position: SourcePosition
    }

    /// The top of the file.
    init(tree: ConfigurationTree, collector: ConfigurationCollector) {
        self.init(node: tree.root, path: "", position: .start, tree.repeated, collector)
    }

    private let repeated: [String: String]

    private init(
        node: Node?, path: String, position: SourcePosition, _ repeated: [String: String],
        _ collector: ConfigurationCollector
    ) {
        self.collector = collector
        self.path = path
        self.position = position
        self.repeated = repeated
        var entries: [String: Entry] = [:]
        switch node {
        case .mapping(let mapping)?:
            for (key, value) in mapping {
                let place = Self.position(of: key) ?? position
                guard case .scalar(let scalar) = key else {
                    collector.wrong(path, at: place, "a key here is no word", "write `key: value`")
                    continue
                }
                let name = repeated[scalar.string] ?? scalar.string
                if let first = entries[name] {
                    // The first one counts: a section that was pasted in again is usually the shorter one.
                    collector.wrong(
                        Self.join(path, ConfigurationCollector.shownInPath(name)), at: place,
                        "the key stands here a second time (first in line \(first.position.line))", "keep one of them")
                } else {
                    entries[name] = Entry(node: value, position: place)
                    collector.record(Self.join(path, name), at: Self.position(of: value) ?? place)
                }
            }
            Self.refuseTag(mapping.tag, path, collector)
        case let other?:
            // A section whose lines are all commented out is an empty section.
            if !Self.isEmpty(other) {
                collector.wrong(
                    path, at: Self.position(of: other) ?? position, "keys are expected here, not \(Self.kind(other))",
                    "write `key: value` lines, indented below the section's name")
            }
        case nil: break
        }
        self.entries = entries
    }

    /// Whether the file gives the key, with or without a value.
    func gives(_ key: String) -> Bool {
        entries[key] != nil
    }

    func path(of key: String) -> String {
        Self.join(path, key)
    }

    // MARK: Values

    /// The value, or nil when the key is absent or its value is wrong (which is reported).
    mutating func value<Value>(_ key: String, _ kind: ConfigurationValue<Value>) -> Value? {
        ask(key)
        guard let entry = entries[key] else { return nil }
        return scalar(entry.node, kind, path(of: key), at: entry.position)
    }

    /// The value of a key that must be there.
    mutating func required<Value>(_ key: String, _ kind: ConfigurationValue<Value>, _ remedy: String) -> Value? {
        if !gives(key) { missing(key, remedy) }
        return value(key, kind)
    }

    /// Reports that a key is missing.
    mutating func missing(_ key: String, _ remedy: String) {
        ask(key)
        collector.wrong(path(of: key), at: position, "is missing", remedy)
    }

    /// A list of scalars. Wrong items are reported and left out; an absent or empty key is an empty list.
    mutating func values<Value>(_ key: String, _ kind: ConfigurationValue<Value>, maximum: Int = 1_000) -> [Value] {
        items(key, maximum: maximum).compactMap { item, path, position in
            scalar(item, kind, path, at: position)
        }
    }

    private func scalar<Value>(
        _ node: Node, _ kind: ConfigurationValue<Value>, _ path: String, at place: SourcePosition
    ) -> Value? {
        guard case .scalar(let scalar) = node else {
            collector.wrong(
                path, at: Self.position(of: node) ?? place, "one value is expected here, not \(Self.kind(node))",
                "write `\(Self.lastName(path)): value`")
            return nil
        }
        if Self.isEmpty(node) {
            collector.wrong(path, at: place, "has no value", "give one, or delete the line for the default")
            return nil
        }
        if Self.isNull(scalar) {
            collector.wrong(
                path, at: Self.position(of: node) ?? place, "is \(scalar.string), which is no value",
                "delete the line for the default")
            return nil
        }
        Self.refuseTag(scalar.tag, path, collector)
        do {
            return try kind.parse(scalar.string)
        } catch {
            let shown =
                kind.isSecret || Self.looksSecret(scalar.string)
                ? "the value (not shown)" : ConfigurationCollector.shown(scalar.string)
            collector.wrong(path, at: Self.position(of: node) ?? place, "\(shown) \(error.problem)", error.remedy)
            return nil
        }
    }

    // MARK: Sections and lists

    /// The section below a key; an empty one when the file does not give it.
    mutating func section(_ key: String) -> ConfigurationSection {
        ask(key)
        let entry = entries[key]
        return ConfigurationSection(
            node: entry?.node, path: path(of: key), position: entry?.position ?? position, repeated, collector)
    }

    /// The sections of a list.
    mutating func sections(_ key: String, maximum: Int = 1_000) -> [ConfigurationSection] {
        items(key, maximum: maximum).map { item, path, position in
            ConfigurationSection(node: item, path: path, position: position, repeated, collector)
        }
    }

    private mutating func items(_ key: String, maximum: Int) -> [(node: Node, path: String, position: SourcePosition)] {
        ask(key)
        guard let entry = entries[key], !Self.isEmpty(entry.node) else { return [] }
        let path = path(of: key)
        guard case .sequence(let sequence) = entry.node else {
            collector.wrong(
                path, at: Self.position(of: entry.node) ?? entry.position,
                "a list is expected here, not \(Self.kind(entry.node))", "begin each item with `- `, or write [a, b]")
            return []
        }
        Self.refuseTag(sequence.tag, path, collector)
        if sequence.count > maximum {
            collector.wrong(path, "has \(sequence.count) items", "give at most \(maximum)")
        }
        return sequence.prefix(maximum).enumerated().map { index, node in
            let place = Self.position(of: node) ?? entry.position
            collector.record("\(path)[\(index)]", at: place)
            return (node, "\(path)[\(index)]", place)
        }
    }

    // MARK: The rest

    /// Refuses keys that exist, but not beside what this section says.
    mutating func refuse(_ keys: [String], _ problem: String, _ remedy: String) {
        for key in keys {
            ask(key)
            if let entry = entries[key] { collector.wrong(path(of: key), at: entry.position, problem, remedy) }
        }
    }

    /// Marks keys as known although nobody wants their values here.
    mutating func ask(_ keys: [String]) {
        for key in keys { ask(key) }
    }

    /// Reports every key that was not asked for.
    func finish() {
        for (key, entry) in entries where !asked.contains(key) {
            collector.unknown(key, in: path, siblings: asked, at: entry.position)
        }
    }

    private mutating func ask(_ key: String) {
        if !asked.contains(key) { asked.append(key) }
        collector.know(path(of: key))
    }

    private static func join(_ path: String, _ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    private static func lastName(_ path: String) -> String {
        let name = path.split(separator: ".").last.map(String.init) ?? path
        return String(name.prefix { $0 != "[" })
    }

    private static func position(of node: Node) -> SourcePosition? {
        node.mark.map { SourcePosition(line: $0.line, column: $0.column) }
    }

    private static func kind(_ node: Node) -> String {
        switch node {
        case .scalar: "a single value"
        case .mapping: "a section"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// A private key pasted where its path belongs, or an address with a password in it.
    private static func looksSecret(_ text: String) -> Bool {
        text.contains("-----BEGIN") || (text.contains("://") && text.contains("@"))
    }

    /// A key without a value: `radios:`.
    private static func isEmpty(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.string.isEmpty
    }

    private static func isNull(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["null", "Null", "NULL", "~"].contains(scalar.string)
    }

    /// Types come from the schema: a tag can only contradict it. (Yams gives quoted text the tag `str` by itself.)
    private static func refuseTag(_ tag: Tag, _ path: String, _ collector: ConfigurationCollector) {
        let harmless = ["", "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"]
        if !harmless.contains(tag.rawValue) {
            collector.wrong(path, "carries a YAML tag (!…)", "delete the tag")
        }
    }
}
