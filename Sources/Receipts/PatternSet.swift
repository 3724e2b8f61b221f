/// A set of characters in brackets.
struct PatternSet {
    /// Each of them, when they are few and named.
    private var few: Set<[UInt16]>? = []
    private var isDigits = true
    private var isDenied = false

    var facts: PatternFacts {
        guard !isDenied else { return .unknown }
        let digits = isDigits ? 1 : 0
        guard let few, !few.isEmpty, few.count <= 8 else { return PatternFacts(exact: nil, digits: digits) }
        return PatternFacts(
            exact: few.map { .init(elements: $0) }.sorted { $0.elements.lexicographicallyPrecedes($1.elements) },
            digits: digits)
    }

    /// Reads up to the closing bracket; nil for what is not understood.
    static func read(_ scalars: [Unicode.Scalar], _ at: inout Int) -> PatternSet? {
        var set = PatternSet()
        if at < scalars.count, scalars[at] == "^" {
            set.isDenied = true
            at += 1
        }
        var isFirst = true
        while at < scalars.count {
            let scalar = scalars[at]
            at += 1
            switch scalar {
            case "]" where !isFirst: return set
            case "[", "&": return nil
            case "\\":
                guard set.escape(scalars, &at) else { return nil }
            default:
                if at + 1 < scalars.count, scalars[at] == "-", scalars[at + 1] != "]" {
                    guard scalars[at + 1] != "\\", scalars[at + 1] != "[" else { return nil }
                    set.few = nil
                    if !(("0"..."9").contains(scalar) && ("0"..."9").contains(scalars[at + 1])) { set.isDigits = false }
                    at += 2
                } else {
                    set.add(scalar)
                }
            }
            isFirst = false
        }
        return nil
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        few?.insert(PatternReader.elements(scalar))
        if !("0"..."9").contains(scalar) { isDigits = false }
    }

    private mutating func escape(_ scalars: [Unicode.Scalar], _ at: inout Int) -> Bool {
        guard at < scalars.count else { return false }
        let scalar = scalars[at]
        at += 1
        switch scalar {
        case "d": few = nil
        case "s", "w", "S", "W", "D", "t", "n", "r":
            few = nil
            isDigits = false
        case "p", "P":
            guard let end = scalars[at...].firstIndex(of: "}") else { return false }
            at = end + 1
            few = nil
            isDigits = false
        case "u":
            guard let scalar = PatternSet.hexadecimal(scalars, &at) else { return false }
            add(scalar)
        default:
            guard scalar.value < 0x80, !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) else {
                return false
            }
            add(scalar)
        }
        // A range that begins with an escape is not read.
        return !(at + 1 < scalars.count && scalars[at] == "-" && scalars[at + 1] != "]")
    }

    /// The four digits behind `\u`.
    static func hexadecimal(_ scalars: [Unicode.Scalar], _ at: inout Int) -> Unicode.Scalar? {
        guard at + 4 <= scalars.count,
            let value = UInt32(String(String.UnicodeScalarView(scalars[at..<(at + 4)])), radix: 16)
        else { return nil }
        at += 4
        return Unicode.Scalar(value)
    }
}
