import Yams

/// YAML's own complaints, said so that a technician knows what to change. None of them quotes the file's text, because
/// a line of a configuration may hold something that must not reach a log.
enum ConfigurationSyntax {
    /// The mistake behind an error that Yams threw while it composed `source`.
    static func mistake(_ error: any Error, in source: ConfigurationSource) -> ConfigurationMistake {
        func at(_ mark: Mark?, _ problem: String, _ remedy: String) -> ConfigurationMistake {
            let position = mark.map { SourcePosition(line: $0.line, column: $0.column) } ?? .start
            return ConfigurationMistake(
                file: source.file, position: source.clamped(position), path: "(syntax)", problem: problem,
                remedy: remedy)
        }
        guard let error = error as? YamlError else {
            return at(nil, "the file is not YAML", "compare it with config/footbridge.example.yaml")
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let position = SourcePosition(line: mark.line, column: mark.column)
            if problem == "found character that cannot start any token", source.scalar(at: position) == "\t" {
                return at(mark, "a tab indents this line", "indent with spaces")
            }
            let known = phrases[problem]
            let place = known?.atBeginning == true ? context?.mark ?? mark : mark
            return at(place, known?.problem ?? problem, known?.remedy ?? general)
        case .composer(_, let problem, let mark, _):
            if problem == "but found another document" {
                return at(mark, "a second document begins here", "keep one document: delete the line with ---")
            }
            let known = phrases[problem]
            return at(mark, known?.problem ?? problem, known?.remedy ?? general)
        case .duplicatedKeysInMapping(_, let context):
            return at(context.mark, "a key stands here twice in one section", "keep one of them")
        case .memory:
            return at(nil, "the sections are nested too deeply", "compare the file with config/footbridge.example.yaml")
        default:
            return at(nil, "the file is not YAML", general)
        }
    }

    private static let general = "compare the line with config/footbridge.example.yaml"

    /// What is wrong, what would be right, and whether it is better shown where the construct begins (an unclosed quote
    /// is noticed only at the end of the file).
    private struct Phrase {
        let problem: String
        let remedy: String
        var atBeginning = false
    }

    private static let quoteStar = "put text that begins with * or & in quotes"
    private static let align = "give all keys of one section the same indentation"

    /// The messages of libyaml (scanner.c, parser.c) that a slip of the keyboard can cause.
    private static let phrases: [String: Phrase] = [
        "mapping values are not allowed in this context": Phrase(
            problem: "a colon is not expected here",
            remedy: "check the indentation, and put text that contains \": \" in quotes"),
        "could not find expected ':'": Phrase(
            problem: "this line is no `key: value`", remedy: "write a colon and a space after the key",
            atBeginning: true),
        "did not find expected key": Phrase(problem: "this line is not indented like its neighbours", remedy: align),
        "did not find expected '-' indicator": Phrase(
            problem: "this line is neither a list item nor part of the one above", remedy: "begin each item with `- `"),
        "block sequence entries are not allowed in this context": Phrase(
            problem: "a list can't begin here", remedy: "put the list on its own lines below the key"),
        "mapping keys are not allowed in this context": Phrase(problem: "a key can't begin here", remedy: align),
        "found character that cannot start any token": Phrase(
            problem: "text can't begin with this character", remedy: "put the text in single quotes"),
        "found a tab character that violates indentation": Phrase(
            problem: "a tab indents this line", remedy: "indent with spaces"),
        "found a tab character where an indentation space is expected": Phrase(
            problem: "a tab indents this line", remedy: "indent with spaces"),
        "found unexpected end of stream": Phrase(
            problem: "the quote that opens here is never closed", remedy: "close it", atBeginning: true),
        "found unexpected document indicator": Phrase(
            problem: "the quote that opens here is never closed", remedy: "close it", atBeginning: true),
        "did not find expected ',' or ']'": Phrase(
            problem: "the list that opens here is not closed", remedy: "separate its items by commas and end it with ]",
            atBeginning: true),
        "did not find expected ',' or '}'": Phrase(
            problem: "the section that opens here is not closed",
            remedy: "separate its keys by commas and end it with }", atBeginning: true),
        "found unknown escape character": Phrase(
            problem: "\\ has a special meaning in double quotes", remedy: "put patterns in single quotes"),
        "did not find expected hexdecimal number": Phrase(
            problem: "\\ has a special meaning in double quotes", remedy: "put patterns in single quotes"),
        "found invalid Unicode character escape code": Phrase(
            problem: "\\ has a special meaning in double quotes", remedy: "put patterns in single quotes"),
        "did not find expected alphabetic or numeric character": Phrase(
            problem: "* and & have a special meaning at the start of a value", remedy: quoteStar),
        "found undefined alias": Phrase(
            problem: "* has a special meaning at the start of a value, and no anchor has this name", remedy: quoteStar),
        "did not find expected node content": Phrase(
            problem: "a value is missing here", remedy: "give a value or delete the key"),
        "found unexpected ':'": Phrase(problem: "a colon is not expected here", remedy: "put the text in quotes"),
        "did not find expected <document start>": Phrase(
            problem: "the document ends before this line", remedy: "delete the line with ... or -- above"),
    ]
}
