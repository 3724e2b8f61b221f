/// A kind of scalar: how its text becomes a value. Nothing is guessed from the text's looks, as YAML would: the schema
/// says what a value is, so `010` is ten where a number is due and `no` is a word where a word is due.
struct ConfigurationValue<Value> {
    /// True when the text must never be shown, not even in a message about it.
    var isSecret = false
    let parse: (String) throws(WrongValue) -> Value
}

/// Why a text is no value of a kind. `problem` goes on from the quoted text: "is no number".
struct WrongValue: Error {
    let problem: String
    let remedy: String

    init(_ problem: String, _ remedy: String) {
        self.problem = problem
        self.remedy = remedy
    }
}

extension ConfigurationValue where Value == Int {
    /// A whole number in decimal digits. Leading zeros mean nothing.
    static func integer(_ range: ClosedRange<Int>, unit: String = "") -> Self {
        let due = "give a whole number from \(range.lowerBound) to \(range.upperBound)\(unit.isEmpty ? "" : " \(unit)")"
        return ConfigurationValue { text throws(WrongValue) in
            guard let number = wholeNumber(text) else { throw WrongValue("is no whole number", due) }
            guard range.contains(number) else { throw WrongValue("is out of range", due) }
            return number
        }
    }

    /// One of a few numbers.
    static func choice(_ numbers: [Int]) -> Self {
        ConfigurationValue { text throws(WrongValue) in
            guard let number = wholeNumber(text), numbers.contains(number) else {
                throw WrongValue(
                    "is none of the known values", "give one of \(numbers.map(String.init).joined(separator: ", "))")
            }
            return number
        }
    }

    /// An amount of bytes: `500000`, `64KiB`, `10MB`, `2GiB`.
    static func size(_ range: ClosedRange<Int>) -> Self {
        let due = "give a size from \(SizeText.text(range.lowerBound)) to \(SizeText.text(range.upperBound))"
        return ConfigurationValue { text throws(WrongValue) in
            guard let size = SizeText.bytes(text) else { throw WrongValue("is no size", "\(due), such as 512MiB") }
            guard range.contains(size) else { throw WrongValue("is out of range", due) }
            return size
        }
    }

    private static func wholeNumber(_ text: String) -> Int? {
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}

extension ConfigurationValue where Value == Double {
    /// A decimal number with a point. No exponents, no hexadecimal, no infinity.
    static func decimal(_ range: ClosedRange<Double>, unit: String = "") -> Self {
        let due =
            "give a number from \(DecimalText.text(range.lowerBound)) to \(DecimalText.text(range.upperBound))"
            + (unit.isEmpty ? "" : " \(unit)")
        return ConfigurationValue { text throws(WrongValue) in
            guard let number = DecimalText.number(text) else {
                let comma = text.contains(",")
                throw WrongValue("is no number", comma ? "write a point instead of the comma" : due)
            }
            guard range.contains(number) else { throw WrongValue("is out of range", due) }
            return number
        }
    }
}

extension ConfigurationValue where Value == Bool {
    /// `true` or `false`, and nothing else: `no` is a word.
    static var truth: Self {
        ConfigurationValue { text throws(WrongValue) in
            switch text {
            case "true": return true
            case "false": return false
            default: throw WrongValue("is neither true nor false", "write true or false")
            }
        }
    }
}

extension ConfigurationValue where Value == Duration {
    /// A span of time with its unit: `250ms`, `2s`, `15min`, `4h`, `62d`.
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        let due = "give \(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))"
        return ConfigurationValue { text throws(WrongValue) in
            guard let duration = DurationText.duration(text) else {
                let remedy =
                    switch text.last {
                    case let last? where last.isNumber:
                        "add a unit: \(text.prefix(12))ms, \(text.prefix(12))s or \(text.prefix(12))min"
                    case "m"?: "write min for minutes, ms for milliseconds"
                    default: "give a number and one of ms, s, min, h, d, such as 30s"
                    }
                throw WrongValue("is no duration", remedy)
            }
            guard range.contains(duration) else { throw WrongValue("is out of range", due) }
            return duration
        }
    }
}

extension ConfigurationValue where Value == String {
    /// Free text of at most so many characters.
    static func text(maximum: Int = 200) -> Self {
        ConfigurationValue { text throws(WrongValue) in
            guard !text.contains(where: { $0.isNewline || $0 == "\t" || $0 == "\0" }), text.count <= maximum else {
                throw WrongValue("is not one line of at most \(maximum) characters", "shorten it")
            }
            return text
        }
    }

    /// The name of a radio, zone or till: it appears in events, metrics and on the command line.
    static var name: Self {
        ConfigurationValue { text throws(WrongValue) in
            let fits = text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
                    || $0.properties.generalCategory == .nonspacingMark
                    || " ._-".unicodeScalars.contains($0)
            }
            guard fits, text.count <= 64, text.first != " ", text.last != " " else {
                throw WrongValue(
                    "can't be a name", "use 1 to 64 letters, digits, spaces, points, hyphens and underscores")
            }
            return text
        }
    }

    /// The identity of the box: it stands in the certificate's URI and in every event, so it is plain ASCII.
    static var gatewayID: Self {
        ConfigurationValue { text throws(WrongValue) in
            let fits = text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
            guard fits, (1...64).contains(text.utf8.count) else {
                throw WrongValue("can't be a gateway's id", "use 1 to 64 of the characters A-Z a-z 0-9 . _ -")
            }
            return text
        }
    }

    /// A currency of ISO 4217.
    static var currency: Self {
        ConfigurationValue { text throws(WrongValue) in
            guard CurrencyCodes.all.contains(text) else {
                let capitals = text.uppercased()
                let remedy =
                    CurrencyCodes.all.contains(capitals)
                    ? "write \(capitals)" : "give the three capital letters of ISO 4217, such as EUR"
                throw WrongValue("is no currency", remedy)
            }
            return text
        }
    }

    /// A file, made absolute: relative paths count from the folder of the configuration file.
    static func path(_ base: String, isSecret: Bool = false) -> Self {
        ConfigurationValue(isSecret: isSecret) { text throws(WrongValue) in
            guard text.utf8.count <= 4_000, !text.contains(where: { $0.isNewline || $0 == "\0" || $0 == "\t" }) else {
                throw WrongValue("is no path", "give the path of a file")
            }
            guard !text.hasPrefix("~") else { throw WrongValue("begins with ~", "write the whole path, from / on") }
            return absolute(text, base: base)
        }
    }

    /// A unix socket: its path must fit into `sockaddr_un.sun_path` (108 bytes with the end).
    static func socket(_ base: String) -> Self {
        let path = path(base)
        return ConfigurationValue { text throws(WrongValue) in
            let socket = try path.parse(text)
            guard socket.utf8.count <= 107 else {
                throw WrongValue("is too long for a socket", "give a path of at most 107 bytes")
            }
            return socket
        }
    }

    static func absolute(_ path: String, base: String) -> String {
        if path.hasPrefix("/") { return path }
        let plain = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return base.hasSuffix("/") ? base + plain : "\(base)/\(plain)"
    }
}

extension ConfigurationValue where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One word of an enumeration.
    static var word: Self {
        ConfigurationValue { text throws(WrongValue) in
            if let value = Value(rawValue: text) { return value }
            let words = Value.allCases.map(\.rawValue)
            let near = NearestName.of(text, among: words).map { "did you mean \($0)?" }
            throw WrongValue("is not a word known here", near ?? "write one of \(words.joined(separator: ", "))")
        }
    }
}
