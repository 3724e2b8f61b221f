import Glibc

/// The text of a configuration file, checked before any YAML is read: size, encoding, control characters.
struct ConfigurationSource {
    /// A configuration of a thousand tills is smaller than this; anything larger is the wrong file.
    static let maximumBytes = 1 << 20

    /// The file as the operator named it.
    let file: String
    /// The text without a byte order mark.
    let text: String
    /// The number of Unicode scalars of each line, without its line break.
    let lineLengths: [Int]

    /// Checks the bytes of a file. Throws a mistake for each thing that makes the text unreadable.
    init(file: String, bytes: [UInt8]) throws(ConfigurationErrors) {
        func unreadable(_ problem: String, _ remedy: String, at position: SourcePosition = .start)
            -> ConfigurationErrors
        {
            let mistake = ConfigurationMistake(
                file: file, position: position, path: "(file)", problem: problem, remedy: remedy)
            return ConfigurationErrors(mistakes: [mistake])
        }
        guard bytes.count <= Self.maximumBytes else {
            throw unreadable("the file is larger than 1 MiB", "give the path of a configuration file")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw unreadable("the file is UTF-16", "save it as UTF-8")
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else {
            let place = Self.position(after: String(decoding: Self.validPrefix(of: body), as: UTF8.self))
            throw unreadable("a byte here is not UTF-8", "save the file as UTF-8", at: place)
        }
        self.file = file
        self.text = text

        var lengths: [Int] = []
        var length = 0
        var mistakes: [ConfigurationMistake] = []
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if Self.isLineBreak(scalar) {
                // CR LF is one break.
                if !(scalar == "\n" && previous == "\r") { lengths.append(length) }
                length = 0
            } else {
                length += 1
                if Self.isForbidden(scalar), mistakes.count < 10 {
                    mistakes +=
                        unreadable(
                            "a control character (U+\(Self.hexadecimal(scalar))) stands here",
                            "delete it; it does not show in most editors",
                            at: SourcePosition(line: lengths.count + 1, column: length)
                        ).mistakes
                }
            }
            previous = scalar
        }
        lengths.append(length)
        lineLengths = lengths
        guard mistakes.isEmpty else { throw ConfigurationErrors(mistakes: mistakes) }
    }

    /// Reads the file. A pipe is read to its end as well, so `--config <(…)` works.
    static func read(path: String) throws(ConfigurationErrors) -> ConfigurationSource {
        func unreadable(_ problem: String, _ remedy: String) -> ConfigurationErrors {
            let mistake = ConfigurationMistake(
                file: path, position: .start, path: "(file)", problem: problem, remedy: remedy)
            return ConfigurationErrors(mistakes: [mistake])
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT: throw unreadable("there is no such file", "check the path given to --config")
            case EACCES: throw unreadable("the file may not be read", "run as the service's user or change its mode")
            case let number:
                throw unreadable("the file can't be opened (\(String(cString: strerror(number))))", "check it")
            }
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= maximumBytes {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            if count > 0 {
                bytes += chunk[..<count]
            } else if errno == EISDIR {
                throw unreadable("this is a directory", "give the path of the configuration file in it")
            } else if errno != EINTR {
                throw unreadable("the file can't be read (\(String(cString: strerror(errno))))", "check the disk")
            }
        }
        return try ConfigurationSource(file: path, bytes: bytes)
    }

    /// The position itself, or the nearest one inside the file: YAML marks the end of an unclosed text one line after
    /// the last, where no editor goes.
    func clamped(_ position: SourcePosition) -> SourcePosition {
        guard position.line >= 1 else { return .start }
        guard position.line <= lineLengths.count else {
            return SourcePosition(line: lineLengths.count, column: (lineLengths.last ?? 0) + 1)
        }
        return SourcePosition(
            line: position.line, column: min(max(1, position.column), lineLengths[position.line - 1] + 1))
    }

    /// The scalar that stands at a position, or nil at the end of a line.
    func scalar(at position: SourcePosition) -> Unicode.Scalar? {
        guard let index = index(of: position), index < text.endIndex else { return nil }
        let scalar = text.unicodeScalars[index]
        return Self.isLineBreak(scalar) ? nil : scalar
    }

    /// The index of a position in `text`, or nil outside it.
    func index(of position: SourcePosition) -> String.Index? {
        var line = 1
        var column = 1
        var previous: Unicode.Scalar = " "
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let scalar = scalars[index]
            let secondHalf = scalar == "\n" && previous == "\r"
            if line == position.line, column == position.column, !secondHalf { return index }
            if Self.isLineBreak(scalar) {
                if !secondHalf { line += 1 }
                column = 1
                if line > position.line, !secondHalf { return nil }
            } else {
                column += 1
            }
            previous = scalar
            index = scalars.index(after: index)
        }
        return line == position.line && column == position.column ? index : nil
    }

    /// The line breaks that libyaml counts (YAML 1.1, 4.1.4).
    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    /// The characters that YAML 1.1, 4.1.1 leaves out (c-printable). A byte order mark in the middle is one too: it is
    /// left behind when files are joined, and is invisible.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: false
        default: true
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func validPrefix(of bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var decoder = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var length = 0
        while case .valid(let encoded) = decoder.parseScalar(from: &iterator) { length += encoded.count }
        return bytes.prefix(length)
    }

    private static func position(after prefix: String) -> SourcePosition {
        var line = 1
        var column = 1
        var previous: Unicode.Scalar = " "
        for scalar in prefix.unicodeScalars {
            if isLineBreak(scalar) {
                if !(scalar == "\n" && previous == "\r") { line += 1 }
                column = 1
            } else {
                column += 1
            }
            previous = scalar
        }
        return SourcePosition(line: line, column: column)
    }
}
