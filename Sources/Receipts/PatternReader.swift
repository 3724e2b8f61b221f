/// Reads a regular expression (ICU syntax) for what it needs. It knows what receipts' patterns use; where it meets anything
/// else it gives up, and the expression is tried on every line.
struct PatternReader {
    private let scalars: [Unicode.Scalar]
    private var at = 0
    private var depth = 0
    private var gaveUp = false

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    mutating func read() -> PatternFacts? {
        let facts = alternatives()
        return gaveUp || at < scalars.count ? nil : facts
    }

    private var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

    private mutating func take(_ text: String) -> Bool {
        let expected = Array(text.unicodeScalars)
        guard scalars[at...].starts(with: expected) else { return false }
        at += expected.count
        return true
    }

    private mutating func giveUp() -> PatternFacts {
        gaveUp = true
        at = scalars.count
        return .unknown
    }

    private mutating func alternatives() -> PatternFacts {
        depth += 1
        defer { depth -= 1 }
        guard depth < 32 else { return giveUp() }
        var branches: [PatternFacts] = []
        repeat {
            var parts: [PatternFacts] = []
            while let next, next != "|", next != ")" { parts.append(repetition()) }
            branches.append(.inOrder(parts))
        } while take("|")
        return .either(branches)
    }

    private mutating func repetition() -> PatternFacts {
        var facts = atom()
        while let next {
            var bounds: (minimum: Int, maximum: Int?)
            switch next {
            case "*": bounds = (0, nil)
            case "+": bounds = (1, nil)
            case "?": bounds = (0, 1)
            case "{":
                guard let found = counts() else { return giveUp() }
                bounds = found
                at -= 1
            default: return facts
            }
            at += 1
            _ = take("?") || take("+")
            if facts.isZeroWidth { facts = .empty } else { facts = facts.repeated(bounds.minimum, bounds.maximum) }
        }
        return facts
    }

    /// `{2}`, `{2,}` or `{2,4}`.
    private mutating func counts() -> (minimum: Int, maximum: Int?)? {
        guard let end = scalars[at...].firstIndex(of: "}") else { return nil }
        let text = String(String.UnicodeScalarView(scalars[(at + 1)..<end]))
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard let minimum = parts.first.flatMap({ Int($0) }), parts.count <= 2 else { return nil }
        at = end + 1
        guard parts.count == 2 else { return (minimum, minimum) }
        if parts[1].isEmpty { return (minimum, nil) }
        return Int(parts[1]).map { (minimum, $0) }
    }

    private mutating func atom() -> PatternFacts {
        guard let scalar = next else { return giveUp() }
        at += 1
        switch scalar {
        case "(": return group()
        case "[":
            guard let set = PatternSet.read(scalars, &at) else { return giveUp() }
            return set.facts
        case ".": return .unknown
        case "^", "$": return .empty
        case "\\": return escape()
        case "*", "+", "?", "{": return giveUp()
        default: return PatternReader.literal(scalar)
        }
    }

    private mutating func group() -> PatternFacts {
        var isZeroWidth = false
        var isDenied = false
        if take("?") {
            switch true {
            case take(":"), take(">"): break
            case take("="), take("<="): isZeroWidth = true
            case take("!"), take("<!"): isDenied = true
            case take("i:"): break
            case take("<"):
                guard let end = scalars[at...].firstIndex(of: ">") else { return giveUp() }
                at = end + 1
            default: return giveUp()
            }
        }
        var facts = alternatives()
        guard take(")") else { return giveUp() }
        if isDenied { return .empty }
        facts.isZeroWidth = isZeroWidth
        return facts
    }

    private mutating func escape() -> PatternFacts {
        guard let scalar = next else { return giveUp() }
        at += 1
        switch scalar {
        case "b": return PatternFacts(exact: [.init(elements: [PatternFacts.boundary])])
        case "B", "A", "z", "Z": return .empty
        case "d": return PatternFacts(exact: nil, digits: 1)
        case "s", "S", "w", "W", "D", "h", "v", "R", "X": return .unknown
        case "p", "P":
            guard take("{"), let end = scalars[at...].firstIndex(of: "}") else { return giveUp() }
            at = end + 1
            return .unknown
        case "u":
            guard let scalar = PatternSet.hexadecimal(scalars, &at) else { return giveUp() }
            return PatternReader.literal(scalar)
        case "1"..."9": return .unknown
        case "t", "n", "r", "f": return .unknown
        default:
            // Other letters mean something that is not known here.
            guard !scalar.properties.isAlphabetic, scalar.value < 0x80, !("0"..."9").contains(scalar) else {
                return giveUp()
            }
            return PatternReader.literal(scalar)
        }
    }

    static func literal(_ scalar: Unicode.Scalar) -> PatternFacts {
        var facts = PatternFacts(exact: [.init(elements: elements(scalar))])
        if ("0"..."9").contains(scalar) { facts.digits = 1 }
        return facts
    }

    /// The bytes of a character as `LineSignature` sees them; a gap for letters beyond ASCII, which have two cases.
    static func elements(_ scalar: Unicode.Scalar) -> [UInt16] {
        if scalar.value < 0x80 { return [UInt16(LineSignature.folded(UInt8(scalar.value)))] }
        if scalar.properties.isCased || scalar.properties.changesWhenCaseFolded
            || scalar.properties.changesWhenCaseMapped
        {
            return [PatternFacts.gap]
        }
        return (UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter).map { UInt16($0) }
    }
}
