import Yams

/// The composed YAML of a file: positions kept, nothing typed yet.
struct ConfigurationTree {
    /// The top of the document, or nil when the file holds nothing but white space and comments.
    let root: Node?
    let source: ConfigurationSource
    /// Keys that stand in a section again, by the text that stands in place of the earlier one: see `compose`.
    let repeated: [String: String]

    /// So many repeated keys are named one by one; with more, the file is beyond a list of mistakes.
    private static let maximumRepetitions = 20

    /// Composes the file to nodes. Nothing is typed: with the basic resolver every scalar is text.
    ///
    /// Yams gives up at the first key that stands twice. To go on looking, the first of the two is renamed in a copy of
    /// the text to as many private-use characters, so that every position stays what it was, and the text is composed
    /// again; the renamed key is found in the tree and reported like any other mistake.
    static func compose(_ source: ConfigurationSource) throws(ConfigurationErrors) -> ConfigurationTree {
        var copy = source.text
        var repeated: [String: String] = [:]
        while true {
            do {
                let parser = try Parser(yaml: copy, resolver: .basic, constructor: .default, encoding: .utf8)
                return ConfigurationTree(root: try parser.singleRoot(), source: source, repeated: repeated)
            } catch {
                guard repeated.count < maximumRepetitions,
                    case YamlError.duplicatedKeysInMapping(let names, let context) = error, let name = names.first,
                    let renamed = rename(name, at: context.mark, in: copy, source: source, number: repeated.count)
                else { throw ConfigurationErrors(mistakes: [ConfigurationSyntax.mistake(error, in: source)]) }
                copy = renamed.text
                repeated[renamed.placeholder] = name
            }
        }
    }

    /// The text with the key at `mark` replaced, or nil when the key is not written there letter for letter (escapes,
    /// several lines, an alias).
    private static func rename(_ name: String, at mark: Mark, in text: String, source: ConfigurationSource, number: Int)
        -> (text: String, placeholder: String)?
    {
        let position = SourcePosition(line: mark.line, column: mark.column)
        // Positions are counted in scalars, and a replaced scalar stays one scalar: the source's index is the copy's.
        guard let index = source.index(of: position) else { return nil }
        var scalars = Array(text.unicodeScalars)
        var start = source.text.unicodeScalars.distance(from: source.text.startIndex, to: index)
        guard start < scalars.count else { return nil }
        if scalars[start] == "\"" || scalars[start] == "'" { start += 1 }
        let letters = Array(name.unicodeScalars)
        guard !letters.isEmpty, start + letters.count <= scalars.count,
            Array(scalars[start..<start + letters.count]) == letters,
            let mark = Unicode.Scalar(0xF0000 + UInt32(number))
        else { return nil }
        var placeholder = String.UnicodeScalarView()
        for offset in letters.indices {
            scalars[start + offset] = mark
            placeholder.append(mark)
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return (String(view), String(placeholder))
    }
}
