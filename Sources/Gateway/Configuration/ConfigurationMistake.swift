/// A place in the configuration file. Lines and columns start at 1; columns count Unicode scalars.
package struct SourcePosition: Hashable, Comparable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The first character of the file: where a mistake of the whole file is reported.
    package static let start = SourcePosition(line: 1, column: 1)

    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One mistake in the configuration, printed as the one line
/// `file:line:column: path: what is wrong, what would be right`.
package struct ConfigurationMistake: Hashable, Sendable, CustomStringConvertible {
    /// The file as the operator named it.
    package let file: String
    package let position: SourcePosition
    /// Where in the configuration, for example `tills[0].port.baud` (lists count from 0). `(file)` and `(syntax)` stand
    /// for the file as a whole and for text that is not YAML.
    package let path: String
    package let problem: String
    package let remedy: String

    package init(file: String, position: SourcePosition, path: String, problem: String, remedy: String) {
        self.file = file
        self.position = position
        self.path = path
        self.problem = problem
        self.remedy = remedy
    }

    package var description: String {
        "\(file):\(position.line):\(position.column): \(path): \(problem), \(remedy)"
    }
}

/// Everything that is wrong with a configuration, found in one pass. Never empty; in the order of the file.
/// The program ends with exit status 78 (EX_CONFIG of sysexits.h) when it meets one.
package struct ConfigurationErrors: Error, Hashable, Sendable, CustomStringConvertible {
    package let mistakes: [ConfigurationMistake]

    package init(mistakes: [ConfigurationMistake]) {
        self.mistakes = mistakes
    }

    /// One line for each mistake.
    package var description: String {
        mistakes.map(\.description).joined(separator: "\n")
    }
}
